"""The stages from the archive to the validated store, timed on a data directory of any size.

Each stage returns its CPU seconds, those of child processes included. Run every stage in its own
process, as a run does: `python -m ...ingest_stages DATA_DIRECTORY STAGE`. The first pass over a new
directory verifies every file; the passes after it are those of an unchanged run.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from rich.console import Console

from orchestration.benchmarks.scale.made_up_archive import store_of
from orchestration.defs.checks.contracts import check_results
from orchestration.ingest.results import IngestResults
from orchestration.ingest.source_state import SourceState, prior_state
from orchestration.runtime.data_dir import DataDir
from orchestration.validation.tables import write_tables
from orchestration.validation.validator import Validator
from orchestration.warehouse.inputs import read_inputs
from scrapers.archive.documents import archive_document
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.documents import read_document
from scrapers.documents.parsing import parse
from scrapers.fields.filing_number import check_digit
from scrapers.http.responses import Fetched
from scrapers.registers import REGISTERS
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.replica.docx import list_docx
from scrapers.replica.facts import FilingFact, load_register

NEW_BATCH, NEW_ROWS, SHORT_LIST = 950, 1_000, 20
MONTH = "2026-11"


def index_archive(data: DataDir) -> float:
    """Look up every document of all registers, and the result of its last attempt."""

    def look_up() -> None:
        results = IngestResults(data.ingest_results)
        for register in REGISTERS:
            register.archived(data.archive)
            register.unreadable(data.archive)
            results.of_register(register)

    return _cpu_seconds(look_up)


def validate_unchanged(data: DataDir) -> float:
    """Validate and combine the documents of all registers, of which none has changed."""

    def validate() -> None:
        results = IngestResults(data.ingest_results)
        for register in REGISTERS:
            store = store_of(data, register)
            if Validator(store).validate_archived():
                raise AssertionError(f"documents of {register.name} cannot be validated")
            write_tables(store)
            list(check_results(store, results))
        read_inputs(data)

    return _cpu_seconds(validate)


def add_list(data: DataDir) -> float:
    """Archive, validate and combine one new list of a thousand rows; it is removed afterwards."""
    content = list_document(NEW_ROWS)
    folder = DEEP_SYNTHESIS.folder(f"{NEW_BATCH:03}")
    try:
        return _cpu_seconds(partial(_add, data, folder, content))
    finally:
        shutil.rmtree(data.raw / folder, ignore_errors=True)
        shutil.rmtree(data.validated / folder, ignore_errors=True)
        write_tables(store_of(data, DEEP_SYNTHESIS))


def verify_store(data: DataDir) -> float:
    """The same as `validate_unchanged` without a record of an earlier run: every file is read."""
    for path in data.validated.glob("*.json"):
        path.unlink()
    return validate_unchanged(data)


def validate_archive(data: DataDir, documents: int) -> float:
    """Validate an archive of so many short lists into an empty store, as after a new contract."""
    with tempfile.TemporaryDirectory() as folder:
        new = DataDir(Path(folder))
        store = store_of(new, DEEP_SYNTHESIS)
        for number in range(1, documents + 1):
            content = list_document(SHORT_LIST, SHORT_LIST * number)
            # A review has counted the rows of the first batches.
            key = f"{number + 100:03}"
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
            store.archive.store(
                DEEP_SYNTHESIS.folder(key),
                DEEP_SYNTHESIS.role,
                _fetched(content, key, at),
                suffix="docx",
                media_type="application/octet-stream",
                facts=_facts(key),
            )

        def validate() -> None:
            if Validator(store).validate_archived():
                raise AssertionError("lists cannot be validated")
            if not write_tables(store)["is_current"].all():
                raise AssertionError("lists were not accepted")

        return _cpu_seconds(validate)


def parse_rows(data: DataDir, rows: int = NEW_ROWS) -> float:
    """Parse one list with so many rows."""
    content = list_document(rows)
    return _cpu_seconds(lambda: parse(content, DEEP_SYNTHESIS.tables))


def apply_contract(data: DataDir, rows: int = NEW_ROWS) -> float:
    """Apply the contract to one parsed list with so many rows."""
    table = parse(list_document(rows), DEEP_SYNTHESIS.tables)
    contract = store_of(data, DEEP_SYNTHESIS).contract
    key, at, unknown = f"{NEW_BATCH:03}", datetime(2026, 11, 30, tzinfo=UTC), "0" * 64
    path = data.raw / "list.docx"
    version = Version(
        key, "list", "new", path, "", "", "", at, at, 0, unknown, unknown, facts=_facts(key)
    )
    return _cpu_seconds(lambda: contract.apply(table, version, key))


STAGES: Mapping[str, Callable[[DataDir], float]] = {
    "index": index_archive,
    "unchanged": validate_unchanged,
    "new list": add_list,
    "verify": verify_store,
    **{f"lists {count}": partial(validate_archive, documents=count) for count in (100, 200, 400)},
    **{f"parse {rows}": partial(parse_rows, rows=rows) for rows in (1_000, 2_000, 4_000)},
    **{f"contract {rows}": partial(apply_contract, rows=rows) for rows in (1_000, 2_000, 4_000)},
}


def list_document(rows: int, first: int = 0) -> bytes:
    """A list with so many rows: the shipped rows again and again, under other numbers.

    Lists with another `first` have other numbers.
    """
    shipped = [row for rows_of_list in load_register().filings.values() for row in rows_of_list]
    found = [
        _numbered(shipped[(first + index) % len(shipped)], first + index, index + 1)
        for index in range(rows)
    ]
    return list_docx(NEW_BATCH, MONTH, found)


def _numbered(row: FilingFact, index: int, position: int) -> FilingFact:
    # Companies of made-up registers have lower codes than these.
    digits = f"{row.filing_number[:6]}{9_000_000 + index}0126001"
    return replace(row, filing_number=digits + str(check_digit(digits)), position=str(position))


def _add(data: DataDir, folder: str, content: bytes) -> None:
    """What a run does with a list that the source has just published."""
    store = store_of(data, DEEP_SYNTHESIS)
    key = f"{NEW_BATCH:03}"
    fetched = _fetched(content, key, datetime(2026, 11, 30, tzinfo=UTC))
    validator = Validator(store)
    validator.validate_archived()
    archived = archive_document(
        store.archive,
        folder,
        DEEP_SYNTHESIS.role,
        fetched,
        partial(read_document, layouts=DEEP_SYNTHESIS.tables),
        _facts(key),
        prior_state(store, folder, SourceState()),
    )
    tables = {archived.version.version: archived.table} if archived.table else {}
    state = validator.validate(folder, tables)
    if state.latest.rows_accepted != NEW_ROWS:
        raise AssertionError(f"the new list was not accepted: {state.latest}")
    write_tables(store)
    read_inputs(data)


def _fetched(content: bytes, key: str, at: datetime) -> Fetched:
    url = f"https://www.cac.gov.cn/list-{key}.docx"
    return Fetched(url, url, content, {}, at, "replica")


def _facts(key: str) -> Facts:
    page = f"https://www.cac.gov.cn/2026-11/30/c_{key}.htm"
    return Facts(key=key, month=MONTH, published_on=date(2026, 11, 30), page_url=page, kind="docx")


def _cpu_seconds(call: Callable[[], object]) -> float:
    before = sum(os.times()[:4])
    call()
    return sum(os.times()[:4]) - before


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the CPU seconds of one stage."""
    parser = argparse.ArgumentParser(description="Time one stage of the ingestion.")
    parser.add_argument("data", type=Path)
    parser.add_argument("stage", choices=STAGES)
    options = parser.parse_args(arguments)
    seconds = STAGES[options.stage](DataDir(options.data))
    Console(highlight=False).print(f"{seconds:.2f}")


if __name__ == "__main__":
    main()
