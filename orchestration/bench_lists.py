"""Reading a folder of .docx lists, beside lxml's own parse and python-docx (`make bench LISTS=…`).

Two at a time are timed one after the other, several times over, in this process's own seconds. The
ratios are medians of these pairs, since machines differ and drift.
"""

import gc
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import process_time

from lxml import etree
from rich.console import Console
from rich.table import Table

from scrapers.documents.docx import docx_tables
from scrapers.documents.docx.package import DEFAULT_MAIN_PART
from scrapers.errors import FilingsError

ROUNDS = 5


Reader = Callable[[bytes], object]


def bench_lists(console: Console, folder: Path) -> None:
    """Print seconds and ratios. Raises FilingsError where the folder has no list."""
    contents = [path.read_bytes() for path in sorted(folder.glob("*.docx"))]
    if not contents:
        raise FilingsError(f"there is no .docx file in {folder}", remedy="Name a folder of lists")
    # In this order: what python-docx leaves in memory slows down whatever comes after it.
    by_lxml = _pairs(_parse, docx_tables, contents)
    by_python_docx = _pairs(_read_by_python_docx, docx_tables, contents)
    size = sum(len(_main_part(content)) for content in contents)
    rows = sum(len(table) for content in contents for table in docx_tables(content))
    table = Table(
        "reading", "seconds", title=f"{len(contents)} lists, {rows:,} rows, {size / 1e6:.1f} MB"
    )
    table.columns[1].justify = "right"
    for name, seconds in (
        ("parsed by lxml", [other for other, _ in by_lxml]),
        ("read into tables", [ours for _, ours in by_lxml]),
        ("read by python-docx", [other for other, _ in by_python_docx]),
    ):
        table.add_row(name, f"{median(seconds):.3f}")
    console.print(table)
    over_lxml = median(ours / other for other, ours in by_lxml)
    under_docx = median(other / ours for other, ours in by_python_docx)
    console.print(
        f"reading takes {over_lxml:.2f} times as long as lxml's own parse and is "
        f"{under_docx:.1f} times as fast as python-docx (medians of {ROUNDS} pairs)"
    )


def _pairs(other: Reader, ours: Reader, contents: Sequence[bytes]) -> list[tuple[float, float]]:
    """Seconds of two ways of reading everything, one after the other, several times."""
    return [(_timed(other, contents), _timed(ours, contents)) for _ in range(ROUNDS)]


def _timed(read: Reader, contents: Sequence[bytes]) -> float:
    gc.collect()
    gc.disable()
    started = process_time()
    for content in contents:
        read(content)
    seconds = process_time() - started
    gc.enable()
    return seconds


def _main_part(content: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(DEFAULT_MAIN_PART)


def _parse(content: bytes) -> object:
    # Without a table of ids, which no reader of lists needs and which costs half as much again.
    return etree.fromstring(_main_part(content), etree.XMLParser(collect_ids=False))


def _read_by_python_docx(content: bytes) -> list[list[str]]:
    from docx import Document

    return [
        [cell.text for cell in row.cells]
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
    ]
