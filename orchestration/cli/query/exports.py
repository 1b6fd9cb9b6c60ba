"""Where the rows of a query go: standard output, or a file that is written whole or not at all."""

import codecs
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from orchestration.cli.query.formats import WRITERS
from orchestration.cli.query.released import OpenRelease
from orchestration.cli.query.statements import reading_statement
from scrapers.errors import FilingsError
from scrapers.files import replacing

TABLE = "table"
FORMATS = (TABLE, *WRITERS)
CODE_ENDINGS = ("_number", "_id", "_code", "_month")


def format_of(output: Path | None, named: str | None) -> str:
    """The format that was named, else that of the file's suffix, else a table to look at."""
    if output is None:
        return named or TABLE
    format_ = named or output.suffix.lower().removeprefix(".")
    if format_ == TABLE:
        raise FilingsError(
            "a table is made for the screen", remedy=f"A file can be {', '.join(WRITERS)}"
        )
    if format_ not in WRITERS:
        raise FilingsError(
            f"{output.name} does not say which format it is to have",
            remedy=f"Let its name end in .{', .'.join(WRITERS)}, or give --format",
        )
    return format_


def to_stdout(release: OpenRelease, sql: str, format_: str) -> None:
    """Write the rows, and nothing else, to standard output."""
    if format_ == "parquet" and sys.stdout.isatty():
        raise FilingsError("Parquet is nothing to look at", remedy="Give it a file: --output FILE")
    WRITERS[format_](release, sql, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def to_file(release: OpenRelease, sql: str, format_: str, output: Path, published: Path) -> int:
    """Write the rows to a file, in place of one that is there; how many they are.

    Raises FilingsError where no file can be, and in `published`, where nothing is ever changed.
    """
    if output.resolve().is_relative_to(published.resolve()):
        raise FilingsError(f"{output} would lie among the releases", remedy="Choose another folder")
    with _whole(output) as file:
        if format_ == "csv":
            file.write(codecs.BOM_UTF8)
        return WRITERS[format_](release, sql, file)


def codes_that_excel_rewrites(release: OpenRelease, sql: str, format_: str) -> list[str]:
    """The columns of a CSV or TSV file that a spreadsheet takes for numbers or dates.

    Excel keeps 15 digits of a number, drops leading zeros, and reads 2025-03 as a date.
    """
    if format_ not in ("csv", "tsv"):
        return []
    relation = release.connection.sql(reading_statement(release.connection, sql))
    return [name for name in relation.columns if name.endswith(CODE_ENDINGS)]


@contextmanager
def _whole(output: Path) -> Iterator[BinaryIO]:
    """A file under another name, which takes the place of `output` once all is well."""
    path = output.resolve()
    if not path.parent.is_dir():
        raise FilingsError(f"there is no folder {output.parent}")
    # A device, too, would be replaced by a file.
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise FilingsError(f"{output} is there already, and is no file")
    with replacing(path) as part, part.open("wb") as file:
        yield file
