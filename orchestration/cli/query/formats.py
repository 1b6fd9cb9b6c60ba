"""The rows of a query as CSV, TSV, JSON, Parquet or a workbook, written while they are read.

CSV files are for spreadsheets: they begin with a byte-order mark, without which Excel garbles
Chinese text, and codes in them stay text. CSV on standard output and TSV are for programs.
"""

import codecs
import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TextIO

from orchestration.cli.query.released import OpenRelease
from orchestration.cli.query.statements import reading_statement
from orchestration.cli.query.values import csv_cell, json_text, plain_cell, spreadsheet_cell
from orchestration.publication.cells import neutralised
from scrapers.errors import FilingsError

Writer = Callable[[OpenRelease, str, BinaryIO], int]
"""Writes the rows of a query on a release to a file and returns their number."""


@dataclass(frozen=True)
class Delimited:
    """A text format: its delimiter, how values and headings are written, and its first bytes."""

    delimiter: str
    to_cell: Callable[[object], str]
    to_heading: Callable[[str], str] = neutralised
    mark: bytes = b""

    def __call__(self, release: OpenRelease, sql: str, out: BinaryIO) -> int:
        answer = release.ask(sql)
        out.write(self.mark)
        count = 0
        with _text(out) as text:
            writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\n")
            writer.writerow(map(self.to_heading, answer.names))
            for row in answer.rows:
                writer.writerow(map(self.to_cell, row))
                count += 1
        return count


def _write_json(release: OpenRelease, sql: str, out: BinaryIO) -> int:
    """Write an array of objects, one object per line."""
    answer = release.ask(sql)
    _refuse_duplicates(answer.names)
    count = 0
    with _text(out) as text:
        for row in answer.rows:
            text.write(",\n" if count else "[\n")
            text.write(json_text(dict(zip(answer.names, row, strict=True))))
            count += 1
        text.write("\n]\n" if count else "[]\n")
    return count


def _write_workbook(release: OpenRelease, sql: str, out: BinaryIO) -> int:
    from orchestration.cli.query.workbook import write_workbook  # XlsxWriter is slow to import

    return write_workbook(release, sql, out)


def _write_parquet(release: OpenRelease, sql: str, out: BinaryIO) -> int:
    relation = release.connection.sql(reading_statement(release.connection, sql))
    # DuckDB reads the file again to count its rows, and ignores case in column names.
    _refuse_duplicates([name.lower() for name in relation.columns])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        relation.write_parquet(str(path))
        with path.open("rb") as file:
            shutil.copyfileobj(file, out)
        counted = release.connection.read_parquet(str(path)).count("*").fetchall()
    return int(counted[0][0])


WRITERS: dict[str, Writer] = {
    "csv": Delimited(",", csv_cell),
    "tsv": Delimited("\t", csv_cell),
    "json": _write_json,
    "parquet": _write_parquet,
    "xlsx": _write_workbook,
}
_FILE_WRITERS: dict[str, Writer] = {
    "csv": Delimited(",", spreadsheet_cell, mark=codecs.BOM_UTF8),
}
_PLAIN_WRITERS: dict[str, Writer] = {
    "csv": Delimited(",", plain_cell, str),
    "tsv": Delimited("\t", plain_cell, str),
}


def writer_of(format_: str, *, is_file: bool, is_plain: bool) -> Writer:
    """The writer of a format. Raises FilingsError if `is_plain` is set for a binary format."""
    if is_plain:
        if format_ not in _PLAIN_WRITERS:
            raise FilingsError(
                f"--plain is for CSV and TSV, not for {format_}", remedy="Leave it out"
            )
        return _PLAIN_WRITERS[format_]
    return (_FILE_WRITERS if is_file else {}).get(format_, WRITERS[format_])


@contextmanager
def _text(out: BinaryIO) -> Iterator[TextIO]:
    """A UTF-8 text stream over a binary file, which stays open afterwards."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


def _refuse_duplicates(names: Sequence[str]) -> None:
    duplicates = [name for name, count in Counter(names).items() if count > 1]
    if duplicates:
        raise FilingsError(
            f"several columns have the same name: {', '.join(duplicates)}",
            remedy="Rename them: select … as …",
        )
