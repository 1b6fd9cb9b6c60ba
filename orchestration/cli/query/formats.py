"""The rows of a query as CSV, TSV, JSON or Parquet, in UTF-8.

CSV files begin with a byte-order mark, without which Excel garbles Chinese text. CSV on standard
output and TSV have none, since programs read them.
"""

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TextIO

from orchestration.cli.query.released import OpenRelease
from orchestration.cli.query.statements import reading_statement
from orchestration.cli.query.values import csv_cell, json_text
from orchestration.publication.cells import neutralised
from scrapers.errors import FilingsError

Writer = Callable[[OpenRelease, str, BinaryIO], int]
"""Writes the rows of a query on a release to a file and returns their number."""


def _write_delimited(release: OpenRelease, sql: str, out: BinaryIO, *, delimiter: str) -> int:
    answer = release.ask(sql)
    count = 0
    with _text(out) as text:
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        writer.writerow(map(neutralised, answer.names))
        for row in answer.rows:
            writer.writerow(map(csv_cell, row))
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
    "csv": partial(_write_delimited, delimiter=","),
    "tsv": partial(_write_delimited, delimiter="\t"),
    "json": _write_json,
    "parquet": _write_parquet,
}


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
