"""Stages of a publication, each of which a benchmark can time in a process of its own.

The stages use the built warehouse of a data directory and a folder of their own in it. They must
run in the order of `STAGES`: each reads the files of those before it.
"""

import shutil
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import duckdb

from orchestration.cli.query.formats import writer_of
from orchestration.cli.query.released import OpenRelease
from orchestration.publication.changes import CHANGE_TYPES, CHANGES
from orchestration.publication.changes_page import to_markdown
from orchestration.publication.comparison import compare
from orchestration.publication.context import ReleaseContext
from orchestration.publication.datapackage import data_package
from orchestration.publication.documents import (
    write_croissant,
    write_dictionary,
    write_feed,
    write_report,
    write_workbook,
)
from orchestration.publication.hashes import content_sha256
from orchestration.publication.latest import DESCRIPTOR
from orchestration.runtime.data_dir import DataDir
from orchestration.warehouse.manifest import marts
from orchestration.warehouse.marts import DATABASE, export_marts, export_rows
from scrapers.files import write_json, write_text

# A question about few rows, and one about all of them.
QUERIES = (
    "select * from registrations where number = (select max(number) from registrations)",
    "select province_name, sector, count(*) as n from registrations group by all order by n desc",
)
SOURCE = "replica"


def tables(data: DataDir) -> None:
    """Write the tables of a release, and hash them."""
    shutil.rmtree(_folder(data).parent, ignore_errors=True)
    export_marts(data.warehouse, marts(), _folder(data))
    write_text(_content_path(data), content_sha256(_folder(data)))
    # Copies, not links: a comparison does not read a file that both releases share.
    shutil.copytree(_folder(data) / "parquet", _before(data) / "parquet")


def changes(data: DataDir) -> None:
    """Compare the tables with a copy of themselves as the previous release."""
    folder = _folder(data)
    found = compare(folder, _before(data), marts())
    export_rows(CHANGES, CHANGE_TYPES, found.rows(), folder)
    write_text(folder / "CHANGES.md", to_markdown(found, "latest"))


def feed(data: DataDir) -> None:
    """Write the feed and the data dictionary."""
    write_dictionary(_context(data))
    write_feed(_context(data))


def report(data: DataDir) -> None:
    """Write the report."""
    write_report(_context(data))


def workbook(data: DataDir) -> None:
    """Write the workbook."""
    write_workbook(_context(data))


def descriptors(data: DataDir) -> None:
    """Describe and hash the files."""
    context = _context(data)
    write_croissant(context)
    found = compare(context.folder, None, marts())
    write_json(context.folder / DESCRIPTOR, data_package(context, "latest", found, {}))


def query(data: DataDir) -> None:
    """Query the tables as `filings query` does, with the rows as CSV."""
    write = writer_of("csv", is_file=True, is_plain=False)
    with duckdb.connect(str(_folder(data) / DATABASE), read_only=True) as connection:
        for sql in QUERIES:
            write(OpenRelease("latest", connection), sql, BytesIO())


STAGES: Mapping[str, Callable[[DataDir], None]] = {
    "tables": tables,
    "changes": changes,
    "feed": feed,
    "report": report,
    "workbook": workbook,
    "descriptors": descriptors,
    "query": query,
}


def _folder(data: DataDir) -> Path:
    return data.root / "stages" / "release"


def _before(data: DataDir) -> Path:
    return data.root / "stages" / "before"


def _content_path(data: DataDir) -> Path:
    return data.root / "stages" / "content_sha256"


def _context(data: DataDir) -> ReleaseContext:
    """The context of the documents, from the tables in the folder."""
    with duckdb.connect(str(_folder(data) / DATABASE), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        rows = {
            name: connection.execute(f'select count(*) from "{name}"').fetchall()[0][0]
            for (name,) in names
        }
    content = _content_path(data).read_text()
    return ReleaseContext(_folder(data), [*marts(), CHANGES], rows, content, "1.0.0", SOURCE)
