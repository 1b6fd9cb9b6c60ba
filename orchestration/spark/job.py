"""The job: plan on the driver, two steps on the workers, and a record of the result."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from orchestration.spark import tasks
from orchestration.spark.files import Files, StoreError
from orchestration.spark.models import Models
from orchestration.spark.shares import from_bytes
from orchestration.spark.steps import (
    ENTITIES,
    NAMES,
    SERVICES,
    SIGHTINGS,
    TARGETS,
    Step,
    is_divided,
    paths_of,
    units,
)
from orchestration.warehouse.compiled import CompiledProject, compile_project

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Written last, so a folder with it is complete.
RECORD = "result.json"
ROWS_PER_SHARE = 25_000


def planned_shares(validated: str) -> int:
    """The number of shares for the rows in this store, of about `ROWS_PER_SHARE` rows each."""
    files = Files(validated)
    return max(2, sum(map(files.rows, files.find("**/*.parquet"))) // ROWS_PER_SHARE)


def run(session: "SparkSession", validated: str, output: str, shares: int) -> dict[str, int]:
    """Compute `TARGETS` from the validated rows; the number of rows of each table.

    `validated` and `output` are folders or addresses that the driver and all workers can open.
    Writes `<output>/<table>/*.parquet`, then `<output>/result.json`. Raises StoreError if `output`
    has files already, or if a store cannot be used.
    """
    target = Files(output)
    if target.find("*"):
        raise StoreError(f"{output} is not empty", remedy="Name a new folder for each run")
    project = compile_project(TARGETS)
    files = Files(validated)
    small = {
        source.name: _rows(files, paths_of(files, source))
        for source in project.sources.values()
        if not is_divided(source)
    }
    empty = _empty_tables(project)
    services = project.sources["generative_services"]
    keys = [files.read(path, ["entity_key"]) for path in paths_of(files, services)]
    service_keys = pa.concat_tables(keys).group_by("entity_key").aggregate([])
    schemas = {name: table.schema for name, table in empty.items()}

    def plan(step: Step, supplied: Mapping[str, pa.Table]) -> tasks.Plan:
        return tasks.Plan(
            step, project, tuple(units(files, project, step.registers)), shares, validated, output,
            small, supplied, schemas, service_keys,
        )  # fmt: skip

    results = _run_step(session, plan(ENTITIES, {}))
    found = [from_bytes(row["content"]) for row in results if row["name"] == NAMES]
    names = pa.concat_tables([empty[NAMES], *found])
    results += _run_step(session, plan(SERVICES, {NAMES: names}))
    rows = {
        name: sum(row["rows"] for row in results if row["name"] == name) for name in TARGETS
    }
    for name in TARGETS:
        if not rows[name]:
            target.write(f"{name}/none.parquet", empty[name])
    record = {"rows": rows, "shares": shares, "validated": validated}
    target.write_bytes(RECORD, (json.dumps(record, indent=2) + "\n").encode())
    return rows


def _run_step(session: "SparkSession", plan: tasks.Plan) -> list[Any]:
    """Run a step; the rows of `RESULT_SCHEMA`."""
    if not plan.units:
        return []

    # Spark reads the kind of a function from its types, which `partial` does not have.
    def read(found: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return tasks.read_units(plan, found)

    def build(share: pa.Table) -> pa.Table:
        return tasks.build_share(plan, share)

    # One task per unit.
    positions = session.range(0, len(plan.units), 1, len(plan.units))
    shares = positions.mapInArrow(read, tasks.SHARES_SCHEMA)
    built = shares.groupBy("share").applyInArrow(build, tasks.RESULT_SCHEMA)
    return list(built.collect())


def _empty_tables(project: CompiledProject) -> dict[str, pa.Table]:
    """The divided tables, the names and the results without rows, for their columns."""
    with Models(project) as models:
        for name in project.sources:
            models.supply_source(name)
        wanted = {*ENTITIES.keys, *SERVICES.keys, SIGHTINGS, NAMES, *TARGETS}
        return {name: models.table(name) for name in sorted(wanted)}


def _rows(files: Files, paths: Iterable[str]) -> pa.Table | None:
    parts = [files.read(path) for path in paths]
    return pa.concat_tables(parts) if parts else None
