"""What the workers do: read a unit and divide its rows, and build the models of a share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from orchestration.spark.files import Files
from orchestration.spark.models import Models
from orchestration.spark.shares import SHARES_SCHEMA, Share, batches, joined, split, to_bytes
from orchestration.spark.steps import NAMES, ROWS, SIGHTINGS, TARGETS, Step, Unit, is_divided
from orchestration.warehouse.compiled import CompiledProject

__all__ = ["RESULT_SCHEMA", "SHARES_SCHEMA", "Plan", "Result", "build_share", "read_units"]

RESULT_SCHEMA = "name string, rows long, content binary"


class Result(NamedTuple):
    """A table of a share: its name and rows, and for names their rows as an Arrow stream."""

    name: str
    rows: int
    content: bytes | None


@dataclass(frozen=True)
class Plan:
    """Everything that the tasks of a step need; Spark sends it to each worker once.

    `small` are the sources that every task gets, `supplied` the tables that replace models, and
    `schemas` the columns of the divided tables. `service_keys` has the column `entity_key`: the
    names of companies that services have.
    """

    step: Step
    project: CompiledProject
    units: tuple[Unit, ...]
    shares: int
    validated: str
    output: str
    small: Mapping[str, pa.Table]
    supplied: Mapping[str, pa.Table]
    schemas: Mapping[str, pa.Schema]
    service_keys: pa.Table


def read_units(plan: Plan, found: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """For `mapInArrow`: positions of units in, their rows as shares out (`SHARES_SCHEMA`)."""
    for batch in found:
        for position in batch.column(0).to_pylist():
            yield from batches(divided(plan, plan.units[position]))


def divided(plan: Plan, unit: Unit) -> Iterator[Share]:
    """The rows of a unit, and the sightings in it, as shares."""
    files = Files(plan.validated)
    with Models(plan.project) as models:
        for source in plan.project.sources.values():
            if not is_divided(source):
                models.supply_source(source.name, plan.small[source.name])
            elif paths := unit.paths.get(source.name):
                parts = [files.read(path) for path in paths]
                rows = pa.concat_tables(parts, promote_options="permissive")
                models.supply_source(source.name, rows)
            else:
                models.supply_source(source.name)
        for name, key in plan.step.keys.items():
            yield from split(name, models.table(name), key, plan.shares)


def build_share(plan: Plan, share: pa.Table) -> pa.Table:
    """For `applyInArrow`: write the results of a share; its names and rows (`RESULT_SCHEMA`).

    The name of a file is that of its share, so a task that is repeated replaces its own files.
    """
    number = share.column("share")[0].as_py()
    rows = joined(share.column("name").to_pylist(), share.column("rows").to_pylist())
    files = Files(plan.output)
    results: list[Result] = []
    with models_of(plan, rows) as models:
        for name in TARGETS:
            table = models.table(name)
            files.write(f"{name}/{plan.step.name}-{number:05}.parquet", table)
            results.append(Result(name, table.num_rows, None))
        names = _names_of_services(models, plan.service_keys)
        results.append(Result(NAMES, names.num_rows, to_bytes(names)))
    kinds = (pa.string(), pa.int64(), pa.binary())
    columns = zip(zip(*results, strict=True), kinds, strict=True)
    return pa.Table.from_arrays(
        [pa.array(values, kind) for values, kind in columns], names=["name", "rows", "content"]
    )


def models_of(plan: Plan, rows: Mapping[str, pa.Table]) -> Models:
    """The models of a share. Divided tables without rows in it are empty."""
    models = Models(plan.project)
    for name, table in plan.small.items():
        models.supply_source(name, table)
    for name in (*(model for model, _ in ROWS.values()), SIGHTINGS):
        models.supply(name, rows[name] if name in rows else plan.schemas[name].empty_table())
    for name, table in plan.supplied.items():
        models.supply(name, table)
    return models


def _names_of_services(models: Models, keys: pa.Table) -> pa.Table:
    """The names of companies that a service has, too: few of all names."""
    models.supply("service_keys", keys)
    models.table(NAMES)
    return models.select(
        f"select names.* from {NAMES} as names "
        "semi join service_keys on names.name_key = service_keys.entity_key"
    )
