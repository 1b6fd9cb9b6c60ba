"""Runs of the pipeline over one data directory, without models and releases.

    pipeline = Pipeline(tmp_path, session)
    results = pipeline.run(DEEP_SYNTHESIS, "002")
    pipeline.table("list_versions")

Results are keyed by document. Reviews are ignored.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from orchestration.ingest.pipeline import discover, ingest
from orchestration.ingest.results import IngestResult, IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.file_hashes import RECORD
from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.reviews import Reviews
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import write_tables
from scrapers.http.session import PoliteSession
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from scrapers.registers.base import Discovery, Register

# The registers that these runs cover, of which the first has numbered batches.
REGISTERS = (DEEP_SYNTHESIS, CANCELLATION_NOTICES)


class Pipeline:
    """The pipeline over the data directory `root`; `contracts` are keyed by register name."""

    def __init__(self, root: Path, session: PoliteSession) -> None:
        self.data, self.session = DataDir(root), session
        self.archive = self.data.archive
        self.results = IngestResults(self.data.ingest_results)
        self.contracts: dict[str, Contract] = {
            register.name: contract_of(register.name) for register in REGISTERS
        }

    def store(self, register: Register) -> ValidatedStore:
        """A new store, as a new run opens it."""
        contract = self.contracts[register.name]
        return ValidatedStore(self.data.validated, self.archive, register, contract, Reviews())

    def discover(self, register: Register) -> Discovery:
        return discover(self.session, register, self.archive, self.results)

    def run(
        self, register: Register, *keys: str, done: Collection[str] = ()
    ) -> dict[str, IngestResult]:
        """Run over these documents, or over all, and write the tables.

        A folder without a document (that of the notice list) is its own key.
        """
        store = self.store(register)
        ingested = ingest(self.session, store, self.results, keys or None, "run", done)
        results = [item.result for item in ingested]
        write_tables(store)
        return {register.key_of(result.folder): result for result in results}

    def problems(self, *batches: str) -> dict[str, str]:
        """The problems of a run over these batches (or all) and all notices, by key."""
        results: Mapping[str, IngestResult] = {}
        for register in REGISTERS:
            results |= self.run(register, *batches if register == REGISTERS[0] else ())
        return {key: result.problem for key, result in results.items() if result.problem}

    def under_contract(self, register: Register, version: str) -> None:
        """Set the version of the register's contract."""
        contract = self.contracts[register.name]
        self.contracts[register.name] = replace(contract, version=version)

    def table(self, name: str) -> pl.DataFrame:
        """A table that dbt reads, by name."""
        return pl.read_parquet(self.data.validated / f"{name}.parquet")

    def rows_in_use(self) -> dict[int, int]:
        """The number of rows in use per batch."""
        in_use = self.table("list_versions").filter("is_current")
        return dict(in_use.select("batch_no", "rows_accepted").rows())

    def validated_files(self) -> dict[str, bytes]:
        """The content of all files, without the record of their stamps and the index."""
        paths = self.data.validated.rglob("*")
        return {
            str(path): path.read_bytes()
            for path in paths
            if path.suffix != ".sqlite" and path.is_file() and path.name != RECORD
        }
