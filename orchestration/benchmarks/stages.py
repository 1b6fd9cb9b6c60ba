"""Benchmarks: seconds and rows per second of each stage on the shipped register (`make bench`).

Stages run on their own, in one process, in a temporary data directory; parsing stands beside
python-docx, which reads the text of the same cells. Quote ratios: machines differ and drift.
"""

import argparse
import gc
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from orchestration.benchmarks.documents import bench_lists, read_by_python_docx
from orchestration.ingest.pipeline import ingest_lists, ingest_notices
from orchestration.ingest.results import Outcomes
from orchestration.publication.release import publish
from orchestration.settings import Settings
from orchestration.validation.contracts.deep_synthesis import apply_contract
from orchestration.validation.gates import Reviews
from orchestration.validation.lists import ValidatedLists
from orchestration.validation.notices import ValidatedNotices
from orchestration.warehouse import manifest as dbt
from orchestration.warehouse.runner import build as build_models
from scrapers.archive.store import Archive
from scrapers.documents import ListTable, read_list
from scrapers.documents.parsing import parse
from scrapers.documents.table import LIST
from scrapers.http.session import PoliteSession
from scrapers.registers.discovery.announcement_page import read_announcement_page
from scrapers.registers.discovery.notice_list import announced, fetch_notices

REPEATS = 7

T = TypeVar("T")


def main(arguments: list[str] | None = None) -> None:
    """Print the table, and how parsing compares."""
    parser = argparse.ArgumentParser(description="Time the stages of the pipeline.")
    parser.add_argument("--lists", type=Path, help="a folder of .docx lists to read as well")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    _bench_stages(console)
    if options.lists:
        bench_lists(console, options.lists)


def _bench_stages(console: Console) -> None:
    settings = Settings.from_environment({"FILINGS_SOURCE": "replica"})
    fetched, documents = _timed(lambda: _fetch(settings.open_session()), repeats=1)
    parsed, tables = _timed(lambda: [parse(document, LIST) for document in documents])
    in_child, _ = _timed(lambda: [read_list(document) for document in documents])
    by_python_docx, texts = _timed(lambda: [read_by_python_docx(item) for item in documents])
    rows = sum(len(table.rows) for table in tables)
    if any(len(text) < len(table.rows) for text, table in zip(texts, tables, strict=True)):
        raise AssertionError("python-docx found fewer rows: the comparison is not fair")
    contracted, _ = _timed(lambda: [_contract(table) for table in tables])
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        _fill(settings, data_dir)
        built, build = _timed(lambda: build_models(data_dir), repeats=1)
        if build.failures:
            raise AssertionError(f"the build failed: {build.failures}")
        published, _ = _timed(lambda: _publish(data_dir), repeats=1)
    table = Table("stage", "seconds", "rows a second", title=f"{rows:,} rows, {len(tables)} lists")
    for stage, seconds in (
        ("fetch (replica: builds the documents)", fetched),
        ("parse", parsed),
        ("parse, in the child process", in_child),
        ("parse, by python-docx", by_python_docx),
        ("validate (contract)", contracted),
        ("dbt (first build of a process)", built),
        ("publish", published),
    ):
        table.add_row(stage, f"{seconds:.3f}", f"{rows / seconds:,.0f}")
    for column in table.columns[1:]:
        column.justify = "right"
    console.print(table)
    ratio = by_python_docx / parsed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(
        f"parsing is {ratio:.1f} times as fast as python-docx; peak memory {memory:.0f} MB"
    )


def _timed(work: Callable[[], T], repeats: int = REPEATS) -> tuple[float, T]:
    """The least of the wall-clock seconds, the one that other programs disturbed least, and the
    last result."""
    seconds = []
    for _ in range(repeats):
        # As timeit does: else the work pays for looking through all that has been imported.
        gc.collect()
        gc.disable()
        started = perf_counter()
        result = work()
        seconds.append(perf_counter() - started)
        gc.enable()
    return min(seconds), result


def _fetch(session: PoliteSession) -> list[bytes]:
    documents = []
    for announcement in announced(fetch_notices(session), [], session.source).values():
        page = session.get(announcement.page_url)
        link = read_announcement_page(page.content, page.url, session.source)
        documents.append(session.get(link.list_url, referer=page.url).content)
    return documents


def _contract(table: ListTable) -> object:
    return apply_contract(table, batch_no=1, list_version="bench", document_sha256="")


def _fill(settings: Settings, data_dir: Path) -> None:
    archive = Archive(data_dir / "raw")
    lists = ValidatedLists(data_dir / "validated", archive, Reviews())
    notices = ValidatedNotices(data_dir / "validated", archive, Reviews())
    outcomes = Outcomes(data_dir / "outcomes")
    session = settings.open_session()
    batch_nos = announced(fetch_notices(session), [], session.source)
    for attempt in (
        *ingest_lists(session, archive, lists, outcomes, batch_nos, "bench"),
        *ingest_notices(session, archive, notices, outcomes, (), "bench"),
    ):
        if attempt.outcome.problem:
            raise AssertionError(attempt.outcome.problem)
    lists.write_tables()
    notices.write_tables()


def _publish(data_dir: Path) -> object:
    return publish(
        warehouse=data_dir / dbt.WAREHOUSE,
        published=data_dir / "published",
        marts=dbt.marts(),
        source="replica",
    )


if __name__ == "__main__":
    main()
