"""Benchmark of each pipeline stage on the shipped register (`make bench`).

Stages run one after another, in one process, in a temporary data directory. Parsing is compared
with python-docx, which reads the text of the same cells. Quote ratios rather than times, because
machines differ and drift.
"""

import argparse
import gc
import resource
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from orchestration.benchmarks.documents import bench_lists, read_by_python_docx
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import IngestResults
from orchestration.publication.context import DocumentWriter
from orchestration.publication.documents import ASIDE, DOCUMENTS
from orchestration.publication.release import publish
from orchestration.runtime.data_dir import DataDir
from orchestration.settings import Settings
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.reviews import read_reviews
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import write_tables
from orchestration.warehouse.manifest import marts
from orchestration.warehouse.project import SEEDS_DIR
from orchestration.warehouse.runner import build as build_models
from scrapers.archive.prior_state import NOTHING_KNOWN
from scrapers.archive.sidecar import Version
from scrapers.documents import read_document
from scrapers.documents.parsing import parse
from scrapers.http.session import PoliteSession
from scrapers.registers import REGISTERS
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS

REPEATS = 7

T = TypeVar("T")


def main(arguments: list[str] | None = None) -> None:
    """Print the times of the stages and the comparison with python-docx."""
    parser = argparse.ArgumentParser(description="Time the stages of the pipeline.")
    parser.add_argument("--lists", type=Path, help="folder of .docx lists to parse as well")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    _bench_stages(console)
    if options.lists:
        bench_lists(console, options.lists)


def _bench_stages(console: Console) -> None:
    settings = Settings.from_environment({"FILINGS_SOURCE": "replica"})
    layouts, contract = DEEP_SYNTHESIS.tables, contract_of(DEEP_SYNTHESIS.name)
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder))
        fetched, documents = _timed(lambda: _fetch(settings.open_session(), data), repeats=1)
        parsed, tables = _timed(lambda: [parse(document, layouts) for document in documents])
        in_child, _ = _timed(lambda: [read_document(item, layouts) for item in documents])
        by_python_docx, texts = _timed(lambda: [read_by_python_docx(item) for item in documents])
        rows = sum(len(table.rows) for table in tables)
        if any(len(text) < len(table.rows) for text, table in zip(texts, tables, strict=True)):
            raise AssertionError("python-docx found fewer rows: the comparison is not fair")
        _fill(settings, data)
        versions = _latest_lists(data)
        contracted, _ = _timed(
            lambda: [
                contract.apply(table, version, DEEP_SYNTHESIS.key_of(version.folder))
                for table, version in zip(tables, versions, strict=True)
            ]
        )
        built, build = _timed(lambda: build_models(data), repeats=1)
        if build.failures:
            raise AssertionError(f"the build failed: {build.failures}")
        published, _ = _timed(lambda: _publish(data, data.published), repeats=1)
        tables_only = data.root / "tables"
        exported, _ = _timed(lambda: _publish(data, tables_only, documents=()), repeats=1)
    table = Table(
        "stage", "seconds", "rows per second", title=f"{rows:,} rows, {len(tables)} lists"
    )
    for stage, seconds in (
        ("fetch (replica: builds the documents)", fetched),
        ("parse", parsed),
        ("parse, in the child process", in_child),
        ("parse, by python-docx", by_python_docx),
        ("validate (contract)", contracted),
        ("dbt (first build of a process)", built),
        ("publish, all registers", published),
        ("publish, tables only", exported),
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
    """The shortest wall-clock time, which other programs disturbed least, and the last result."""
    seconds = []
    for _ in range(repeats):
        # Like timeit: otherwise garbage collection of everything imported would be timed as well.
        gc.collect()
        gc.disable()
        started = perf_counter()
        result = work()
        seconds.append(perf_counter() - started)
        gc.enable()
    return min(seconds), result


def _fetch(session: PoliteSession, data: DataDir) -> list[bytes]:
    discovery = DEEP_SYNTHESIS.discover(session, {})
    return [
        DEEP_SYNTHESIS.fetch(
            session, DEEP_SYNTHESIS, document, data.archive, NOTHING_KNOWN
        ).answer.content
        for document in discovery.documents.values()
    ]


def _fill(settings: Settings, data: DataDir) -> None:
    session = settings.open_session()
    for register in REGISTERS:
        contract = contract_of(register.name)
        reviews = read_reviews(register, contract, SEEDS_DIR)
        store = ValidatedStore(data.validated, data.archive, register, contract, reviews)
        results = IngestResults(data.ingest_results)
        for item in ingest(session, store, results, None, "bench"):
            if item.result.problem:
                raise AssertionError(item.result.problem)
        write_tables(store)


def _latest_lists(data: DataDir) -> list[Version]:
    return list(DEEP_SYNTHESIS.archived(data.archive).values())


def _publish(
    data: DataDir, published: Path, documents: Sequence[DocumentWriter] = DOCUMENTS
) -> object:
    return publish(
        warehouse=data.warehouse,
        published=published,
        marts=marts(),
        source="replica",
        documents=documents,
        aside=ASIDE if documents else (),
    )


if __name__ == "__main__":
    main()
