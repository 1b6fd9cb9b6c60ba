"""A data directory with made-up registers: the sidecars of the archive and the validated store.

The archived files themselves are short texts instead of documents, because nothing reads them again
as long as their validation results are valid.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import polars as pl

from orchestration.benchmarks.scale.made_up_rows import MadeUpRows
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import IngestResult, IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.settings import Settings
from orchestration.validation.contracts.frames import as_columns
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.other_documents import Others
from orchestration.validation.results import ValidationResult
from orchestration.validation.reviews import read_reviews
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import write_tables
from orchestration.warehouse.project import SEEDS_DIR
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.archive.store import Archive
from scrapers.files import write_json
from scrapers.http.responses import Fetched
from scrapers.registers import REGISTERS
from scrapers.registers.base import Register

# The first batch of the register, and the time in which all made-up batches are published.
FIRST, DAYS = date(2023, 6, 20), 1_250
RETRIEVED = datetime(2026, 11, 1, tzinfo=UTC)
ROWS_PER_LIST = 1_000
# Ordinals of batches end at 999; the registers without batches have one list per month.
MOST_LISTS = {"deep_synthesis": 900, "cancellation_notices": 300}
MOST_MONTHS = 40
MONTHLY = ("recommendation", "generative_services")
# One list in so many has a second version, with one row in forty amended and one row fewer.
MADE_UP = "made_up.json"
AMENDED_LISTS, AMENDED_ROWS, LATER = 25, 40, timedelta(days=7)


@dataclass(frozen=True)
class Share:
    """The rows that a made-up register has, and the number of its documents."""

    register: Register
    rows: int
    documents: int


def shipped_rows() -> dict[str, pl.DataFrame]:
    """The accepted rows of the shipped registers, by name of the register."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder))
        session = Settings.from_environment({"FILINGS_SOURCE": "replica"}).open_session()
        found = {}
        for register in REGISTERS:
            store = store_of(data, register)
            for item in ingest(session, store, IngestResults(data.ingest_results), None, "bench"):
                if item.result.problem:
                    raise AssertionError(item.result.problem)
            results = [store.current(name) for name in store.folders()]
            found[register.name] = pl.concat([store.rows(item) for item in results if item])
        return found


def shares(base: dict[str, pl.DataFrame], filings: int) -> list[Share]:
    """How many rows and documents each register has, for a total of `filings` rows."""
    total = sum(rows.height for rows in base.values())
    found = []
    for register in REGISTERS:
        rows = round(filings * base[register.name].height / total)
        most = MOST_LISTS.get(register.name, MOST_MONTHS)
        found.append(Share(register, rows, max(2, min(most, rows // ROWS_PER_LIST))))
    return found


def make_up(data: DataDir, base: dict[str, pl.DataFrame], filings: int) -> None:
    """Fill a data directory with `filings` rows in all registers together."""
    rows = MadeUpRows(base)
    results = IngestResults(data.ingest_results)
    for share in shares(base, filings):
        store = store_of(data, share.register)
        for number in range(1, share.documents + 1):
            for frame, version in _versions(store, rows, share, number):
                _write(store, results, frame, version)
        # Ingestion adds each document to the index of the keys.
        Others(store).sharing((), 0)
        write_tables(store)
    write_json(data.root / MADE_UP, {"filings": filings})


def made_up_filings(data: DataDir) -> int:
    """The number of rows that a data directory was made with. Raises FileNotFoundError if none."""
    return int(json.loads((data.root / MADE_UP).read_bytes())["filings"])


def store_of(data: DataDir, register: Register) -> ValidatedStore:
    """The validated store of a register in a data directory."""
    contract = contract_of(register.name)
    reviews = read_reviews(register, contract, SEEDS_DIR)
    return ValidatedStore(data.validated, data.archive, register, contract, reviews, "replica")


def _versions(
    store: ValidatedStore, rows: MadeUpRows, share: Share, number: int
) -> Iterator[tuple[pl.DataFrame, Version]]:
    """Each version of a document with its rows. The version is archived when it is yielded."""
    register, name = share.register, share.register.name
    first = share.rows * (number - 1) // share.documents
    frame = rows.of(name, first, share.rows * number // share.documents - first)
    published = FIRST + timedelta(days=DAYS * number // share.documents)
    key = _key(name, number)
    facts = Facts(
        key=key,
        title=f"关于发布第{number}批备案信息的公告",
        label=f"备案清单（{published.year}年{published.month}月）",
        month=key if name in MONTHLY else f"{published:%Y-%m}",
        published_on=published,
        page_url=f"https://www.cac.gov.cn/{published:%Y-%m/%d}/c_{number}.htm",
        kind="docx",
    )
    retrieved = RETRIEVED + timedelta(minutes=number)
    yield frame, _archived(store.archive, register, facts, retrieved)
    if name == "deep_synthesis" and number % AMENDED_LISTS == 7:
        yield _amended(frame), _archived(store.archive, register, facts, retrieved + LATER)


def _key(register: str, number: int) -> str:
    if register == "deep_synthesis":
        return f"{number:03}"
    if register in MONTHLY:
        year, month = divmod(FIRST.month - 1 + number - 1, 12)
        return f"{FIRST.year + year}-{month + 1:02}"
    return f"notice_{UUID(int=number)}"


def _amended(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the next version: without the first one, and some with a longer purpose."""
    is_amended = pl.col("row_no") % AMENDED_ROWS == 0
    purpose = pl.col("purpose") + pl.when(is_amended).then(pl.lit("提供多种风格。")).otherwise(
        pl.lit("")
    )
    return rows[1:].with_columns(purpose)


def _archived(archive: Archive, register: Register, facts: Facts, retrieved: datetime) -> Version:
    url = f"{facts.page_url}?file={facts.key}"
    content = f"{facts.key} {retrieved}".encode()
    fetched = Fetched(url, url, content, {"Server": "nginx"}, retrieved, "replica")
    version, _ = archive.store(
        register.folder(str(facts.key)),
        register.role,
        fetched,
        suffix="docx",
        media_type="application/octet-stream",
        facts=facts,
    )
    return version


def _write(
    store: ValidatedStore, results: IngestResults, frame: pl.DataFrame, version: Version
) -> None:
    """Write the rows of a version, and the records of its validation and of its ingestion."""
    contract, place = store.contract, store.contract.place
    rows = frame.with_columns(
        pl.lit(place.value(store.register.key_of(version.folder))).alias(place.document),
        pl.lit(version.version).alias(place.version),
        pl.int_range(1, frame.height + 1).alias(place.row),
    )
    result = ValidationResult(
        folder=version.folder,
        version=version.version,
        document_sha256=version.sha256,
        contract_version=store.contract_version,
        status="accepted",
        rows_listed=rows.height,
        rows_accepted=rows.height,
        added=rows.height,
    )
    quarantine = pl.DataFrame(schema=dict(contract.quarantine_columns))
    store.files.write(result, as_columns(rows, contract.accepted_columns), quarantine)
    at = version.retrieved_at.isoformat(timespec="seconds")
    results.record(
        IngestResult(version.folder, "made-up", at, version=version.version, rows=rows.height)
    )


def main() -> None:
    """Make up registers: `python -m ...made_up_archive DATA_DIRECTORY FILINGS`."""
    parser = argparse.ArgumentParser(description="Fill a data directory with made-up registers.")
    parser.add_argument("data", type=Path)
    parser.add_argument("filings", type=int)
    options = parser.parse_args()
    make_up(DataDir(options.data), shipped_rows(), options.filings)


if __name__ == "__main__":
    main()
