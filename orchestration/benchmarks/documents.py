"""Reading a folder of .docx lists, compared with lxml's own parse and with python-docx.

`make bench LISTS=folder` prints it. The three ways of reading are timed in turn, several times, in
CPU seconds, each in a process of its own: what one leaves in memory slows down the next. The ratios
are medians, because machines differ and drift.
"""

import gc
import io
import zipfile
from collections.abc import Callable, Sequence
from multiprocessing import get_context
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
    readers = {
        "parsed by lxml": _parse,
        "read into tables": docx_tables,
        "read by python-docx": read_by_python_docx,
    }
    rounds = [
        {name: _in_own_process(reader, contents) for name, reader in readers.items()}
        for _ in range(ROUNDS)
    ]
    size = sum(len(_main_part(content)) for content in contents)
    rows = sum(len(table) for content in contents for table in docx_tables(content))
    table = Table(
        "reading", "seconds", title=f"{len(contents)} lists, {rows:,} rows, {size / 1e6:.1f} MB"
    )
    table.columns[1].justify = "right"
    for name in readers:
        table.add_row(name, f"{median(seconds[name] for seconds in rounds):.3f}")
    console.print(table)
    by_lxml, ours, by_python_docx = zip(*(each.values() for each in rounds), strict=True)
    over_lxml = median(our / lxml for our, lxml in zip(ours, by_lxml, strict=True))
    under_docx = median(docx / our for docx, our in zip(by_python_docx, ours, strict=True))
    console.print(
        f"reading takes {over_lxml:.2f} times as long as lxml's own parse and is "
        f"{under_docx:.1f} times as fast as python-docx (medians of {ROUNDS} rounds)"
    )


def _in_own_process(read: Reader, contents: Sequence[bytes]) -> float:
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_cpu_seconds, (read, contents))


def _cpu_seconds(read: Reader, contents: Sequence[bytes]) -> float:
    read(contents[0])  # what it imports and compiles is not counted
    gc.collect()
    gc.disable()
    started = process_time()
    for content in contents:
        read(content)
    return process_time() - started


def _main_part(content: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(DEFAULT_MAIN_PART)


def _parse(content: bytes) -> object:
    # Without a table of ids, which no reader of lists needs and which costs half as much again.
    return etree.fromstring(_main_part(content), etree.XMLParser(collect_ids=False))


def read_by_python_docx(content: bytes) -> list[list[str]]:
    from docx import Document

    return [
        [cell.text for cell in row.cells]
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
    ]
