"""Write the rows of a query to standard output, or to a file that is replaced atomically."""

import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from orchestration.cli.query.formats import WRITERS, writer_of
from orchestration.cli.query.released import OpenRelease
from orchestration.cli.query.statements import reading_statement
from orchestration.runtime.interrupts import at_end
from scrapers.errors import FilingsError
from scrapers.files import replacing

TABLE = "table"
FORMATS = (TABLE, *WRITERS)
_BINARY = {"parquet": "Parquet", "xlsx": "A workbook"}
CODE_ENDINGS = ("_number", "_id", "_code", "_month")


def format_of(output: Path | None, named: str | None) -> str:
    """The named format, else the one of the file's suffix, else a table for the screen.

    Raises FilingsError if the file's format is unknown.
    """
    if output is None:
        return named or TABLE
    format_ = named or output.suffix.lower().removeprefix(".")
    if format_ == TABLE:
        raise FilingsError(
            "a table cannot be written to a file", remedy=f"Use {', '.join(WRITERS)}"
        )
    if format_ not in WRITERS:
        raise FilingsError(
            f"cannot tell the format from the file name {output.name}",
            remedy=f"Use one of the suffixes .{', .'.join(WRITERS)}, or pass --format",
        )
    return format_


def to_stdout(release: OpenRelease, sql: str, format_: str, *, is_plain: bool = False) -> None:
    """Write only the rows to standard output."""
    if format_ in _BINARY and sys.stdout.isatty():
        raise FilingsError(
            f"{_BINARY[format_]} is binary and cannot be shown on a terminal",
            remedy="Write it to a file with --output FILE",
        )
    writer_of(format_, is_file=False, is_plain=is_plain)(release, sql, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def to_file(
    release: OpenRelease,
    sql: str,
    format_: str,
    output: Path,
    published: Path,
    *,
    is_plain: bool = False,
) -> int:
    """Write the rows to a file, replacing it if it exists, and return their number.

    Raises FilingsError if the file cannot be created, or lies in `published`, whose releases never
    change.
    """
    if output.resolve().is_relative_to(published.resolve()):
        raise FilingsError(
            f"{output} is inside the folder of published releases, which must not be changed",
            remedy="Choose another folder",
        )
    write = writer_of(format_, is_file=True, is_plain=is_plain)
    with _replaced(output) as file:
        return write(release, sql, file)


def codes_that_excel_rewrites(release: OpenRelease, sql: str, format_: str) -> list[str]:
    """The columns of a CSV or TSV file that Excel would read as numbers or dates, by their names.

    Excel keeps 15 digits of a number, drops leading zeros, and reads 2025-03 as a date.
    """
    if format_ not in ("csv", "tsv"):
        return []
    relation = release.connection.sql(reading_statement(release.connection, sql))
    return [name for name in relation.columns if name.endswith(CODE_ENDINGS)]


@contextmanager
def _replaced(output: Path) -> Iterator[BinaryIO]:
    """A temporary file that replaces `output` if the block succeeds."""
    path = output.resolve()
    if not path.parent.is_dir():
        raise FilingsError(f"the folder {output.parent} does not exist")
    # Renaming would replace a device or a pipe with a regular file.
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise FilingsError(f"{output} exists and is not a regular file")
    with (
        replacing(path) as part,
        at_end(partial(part.unlink, missing_ok=True)),
        part.open("wb") as file,
    ):
        yield file
