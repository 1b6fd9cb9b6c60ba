"""Benchmark of parsing .docx lists, compared with plain lxml and with python-docx.

Run by `make bench LISTS=folder`. The three parsers take turns for several rounds, each in a
separate process, because memory left behind by one would slow down the next. Times are CPU
seconds; ratios are medians over the rounds, because the speed of a machine drifts.
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
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS

ROUNDS = 5

Reader = Callable[[bytes], object]


def bench_lists(console: Console, folder: Path) -> None:
    """Print times and ratios. Raises FilingsError if the folder has no .docx file."""
    contents = [path.read_bytes() for path in sorted(folder.glob("*.docx"))]
    if not contents:
        raise FilingsError(f"there is no .docx file in {folder}", remedy="Name a folder of lists")
    readers = {
        "lxml, XML only": _parse_xml,
        "this project, tables": _read_tables,
        "python-docx, tables": read_by_python_docx,
    }
    rounds = [
        {name: _in_own_process(reader, contents) for name, reader in readers.items()}
        for _ in range(ROUNDS)
    ]
    size = sum(len(_main_part(content)) for content in contents)
    rows = sum(len(cells) for content in contents for cells in _read_tables(content))
    table = Table(
        "parser", "seconds", title=f"{len(contents)} lists, {rows:,} rows, {size / 1e6:.1f} MB"
    )
    table.columns[1].justify = "right"
    for name in readers:
        table.add_row(name, f"{median(seconds[name] for seconds in rounds):.3f}")
    console.print(table)
    by_lxml, ours, by_python_docx = zip(*(each.values() for each in rounds), strict=True)
    over_lxml = median(our / lxml for our, lxml in zip(ours, by_lxml, strict=True))
    under_docx = median(docx / our for docx, our in zip(by_python_docx, ours, strict=True))
    console.print(
        f"parsing takes {over_lxml:.2f} times as long as lxml alone and is "
        f"{under_docx:.1f} times as fast as python-docx (medians of {ROUNDS} rounds)"
    )


def _in_own_process(read: Reader, contents: Sequence[bytes]) -> float:
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_cpu_seconds, (read, contents))


def _cpu_seconds(read: Reader, contents: Sequence[bytes]) -> float:
    read(contents[0])  # Do not count imports and compilation.
    gc.collect()
    gc.disable()
    started = process_time()
    for content in contents:
        read(content)
    return process_time() - started


def _main_part(content: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(DEFAULT_MAIN_PART)


def _parse_xml(content: bytes) -> object:
    # Without a table of ids, which is not needed and takes half as long again.
    return etree.fromstring(_main_part(content), etree.XMLParser(collect_ids=False))


def _read_tables(content: bytes) -> Sequence[Sequence[object]]:
    return docx_tables(content, DEEP_SYNTHESIS.tables)


def read_by_python_docx(content: bytes) -> list[list[str]]:
    """The cells of all table rows in a document, read by python-docx."""
    from docx import Document

    return [
        [cell.text for cell in row.cells]
        for table in Document(io.BytesIO(content)).tables
        for row in table.rows
    ]
