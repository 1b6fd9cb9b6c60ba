"""The compiled dbt models over some rows, in a DuckDB in memory."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from orchestration.runtime.sql import identifier
from orchestration.warehouse.compiled import (
    DATABASE,
    SCHEMA,
    CompiledModel,
    CompiledProject,
    ParquetSource,
)
from scrapers.errors import FilingsError

DATA_DIR = "FILINGS_DATA_DIR"


class ModelInputError(FilingsError):
    """A model reads a source that this part of the job does not have."""


class Models:
    """Builds models, and the models that they depend on, from the tables that are supplied.

    A supplied table takes the place of the model or seed of its name. A context manager.
    """

    def __init__(self, project: CompiledProject) -> None:
        self._project = project
        # Spark runs several of these at the same time, one per core.
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}.{SCHEMA}")
        self._built: set[str] = set()
        self._sources: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def supply(self, name: str, table: pa.Table) -> None:
        """Use this table instead of the model or seed `name`."""
        self._connection.from_arrow(table).create(_relation(name))
        self._built.add(name)

    def supply_source(self, name: str, table: pa.Table | None = None) -> None:
        """Use the rows of this table as the source `name`. No table, or no columns: no rows.

        Columns that the models do not read are ignored. Raises ModelInputError if others lack.
        """
        source = self._project.sources[name]
        columns = ", ".join(
            f"{identifier(column)} {kind}" for column, kind in source.columns.items()
        )
        relation = _relation(_source_table(source))
        self._connection.execute(f"create table {relation} ({columns})")
        self._sources.add(name)
        if table is None or not table.column_names:
            return
        lacking = [column for column in source.columns if column not in table.column_names]
        if lacking and not source.may_lack_columns:
            raise ModelInputError(f"the files of {source.pattern} lack {', '.join(lacking)}")
        selected = ", ".join(identifier(name) for name in source.columns if name not in lacking)
        self._connection.register("rows_of_source", table)
        self._connection.execute(
            f"insert into {relation} by name select {selected} from rows_of_source"
        )
        self._connection.unregister("rows_of_source")

    def table(self, name: str) -> pa.Table:
        """The rows of a model, which is built if it was not supplied."""
        self._build(name)
        return self._connection.table(_relation(name)).to_arrow_table()

    def select(self, query: str) -> pa.Table:
        """The result of a query over models that have been built or supplied."""
        return self._connection.sql(query).to_arrow_table()

    def _build(self, name: str) -> None:
        if name in self._built:
            return
        if name in self._project.seeds:
            self.supply(name, self._project.seeds[name])
            return
        model = self._project.models[name]
        lacking = [source for source in model.sources if source not in self._sources]
        if lacking:
            raise ModelInputError(
                f"the model {name} reads {', '.join(lacking)}, which this part of the Spark job "
                "does not have",
                remedy="Let the step in orchestration/spark/steps.py supply it",
            )
        for parent in model.parents:
            self._build(parent)
        if model.is_python:
            self._run_python(model)
        else:
            self._run_sql(model)
        self._built.add(name)

    def _run_sql(self, model: CompiledModel) -> None:
        code = model.code
        for name in model.sources:
            source = self._project.sources[name]
            code = code.replace(source.relation, _relation(_source_table(source)))
        relation = _relation(model.name)
        if not model.contract:
            self._connection.execute(f"create table {relation} as ({code})")
            return
        columns = ", ".join(
            f"{identifier(column)} {kind}" for column, kind in model.contract.items()
        )
        self._connection.execute(f"create table {relation} ({columns})")
        self._connection.execute(f"insert into {relation} by name ({code})")

    def _run_python(self, model: CompiledModel) -> None:
        """Run the code as dbt-duckdb does: `model(dbt, session)` returns a relation."""
        names: dict[str, Any] = {}
        exec(compile(model.code, model.name, "exec"), names)  # noqa: S102  # the project's own code
        load: Callable[[str], duckdb.DuckDBPyRelation] = self._connection.table
        # The cache of classes of a data directory is not that of a share of the rows.
        with TemporaryDirectory() as folder, _data_dir(folder):
            found = names["model"](names["dbtObj"](load), self._connection)
            found.create(_relation(model.name))


@contextmanager
def _data_dir(folder: str) -> Iterator[None]:
    """Set the variable by which models find the data directory."""
    before = os.environ.get(DATA_DIR)
    os.environ[DATA_DIR] = folder
    try:
        yield
    finally:
        del os.environ[DATA_DIR]
        if before is not None:
            os.environ[DATA_DIR] = before


def _source_table(source: ParquetSource) -> str:
    return f"source_{source.name}"


def _relation(name: str) -> str:
    return f'"{DATABASE}"."{SCHEMA}"."{name}"'
