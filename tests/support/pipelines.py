"""The stores of one data directory, and runs of the pipeline over them, without models and release.

    pipeline = Pipeline(tmp_path, session)
    results = pipeline.run(DEEP_SYNTHESIS, "002")
    pipeline.table("list_versions")

Results are by the key of their document. No review is taken into account.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from orchestration.ingest.pipeline import discover, ingest
from orchestration.ingest.results import IngestResult, IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.reviews import Reviews
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import write_tables
from scrapers.http.session import PoliteSession
from scrapers.registers import REGISTERS
from scrapers.registers.base import Discovery, Register


class Pipeline:
    """Runs over the data directory `root`; `contracts` are those of the registers, by name."""

    def __init__(self, root: Path, session: PoliteSession) -> None:
        self.data, self.session = DataDir(root), session
        self.archive = self.data.archive
        self.results = IngestResults(self.data.ingest_results)
        self.contracts: dict[str, Contract] = {
            register.name: contract_of(register.name) for register in REGISTERS
        }

    def store(self, register: Register) -> ValidatedStore:
        """A fresh store, as a new run opens it."""
        contract = self.contracts[register.name]
        return ValidatedStore(self.data.validated, self.archive, register, contract, Reviews())

    def discover(self, register: Register) -> Discovery:
        return discover(self.session, register, self.archive, self.results)

    def run(
        self, register: Register, *keys: str, done: Collection[str] = ()
    ) -> dict[str, IngestResult]:
        """One run over these documents, or over all; the tables are written as a run writes them.

        A folder that holds no document (that of the notice list) is its own key.
        """
        store = self.store(register)
        ingested = ingest(self.session, store, self.results, keys or None, "run", done)
        results = [item.result for item in ingested]
        write_tables(store)
        return {register.key_of(result.folder): result for result in results}

    def problems(self, *batches: str) -> dict[str, str]:
        """What fails in a run over these batches, or all, and all notices."""
        results: Mapping[str, IngestResult] = {}
        for register in REGISTERS:
            results |= self.run(register, *batches if register == REGISTERS[0] else ())
        return {key: result.problem for key, result in results.items() if result.problem}

    def under_contract(self, register: Register, version: str) -> None:
        """From now on the register's contract is of this version."""
        contract = self.contracts[register.name]
        self.contracts[register.name] = replace(contract, version=version)

    def table(self, name: str) -> pl.DataFrame:
        """A table that dbt reads."""
        return pl.read_parquet(self.data.validated / f"{name}.parquet")

    def rows_in_use(self) -> dict[int, int]:
        """How many rows of each batch's list are in use."""
        in_use = self.table("list_versions").filter("is_current")
        return dict(in_use.select("batch_no", "rows_accepted").rows())

    def validated_files(self) -> dict[str, bytes]:
        paths = self.data.validated.rglob("*")
        return {str(path): path.read_bytes() for path in paths if path.is_file()}
