"""The job: plan on the driver, two steps on the workers, and a record of the result."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import pyarrow as pa

from orchestration.spark.files import Files, StoreError
from orchestration.spark.inputs import inputs_sha256
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
from orchestration.spark.tasks import Plan, Result
from orchestration.warehouse.compiled import CompiledProject, compile_project
from scrapers.files import json_bytes

# Runs the tasks of a step somewhere.
StepRunner = Callable[[Plan], Iterable[Result]]

# Written last, so a folder with it is complete.
RECORD = "result.json"
ROWS_PER_SHARE = 25_000


def planned_shares(validated: str) -> int:
    """The number of shares for the rows in this store, of about `ROWS_PER_SHARE` rows each."""
    files = Files(validated)
    return max(2, sum(map(files.rows, files.find("**/*.parquet"))) // ROWS_PER_SHARE)


def run(run_step: "StepRunner", validated: str, output: str, shares: int) -> dict[str, int]:
    """Compute `TARGETS` from the validated rows; the number of rows of each table.

    `validated` and `output` are folders or addresses that the driver and all workers can open.
    Writes `<output>/<table>/*.parquet`, then `<output>/result.json`. Raises StoreError if `output`
    has files already, or if a store cannot be used.
    """
    target, files = Files(output), Files(validated)
    if target.find("*"):
        raise StoreError(f"{output} is not empty", remedy="Name a new folder for each run")
    project = compile_project(TARGETS)
    inputs = inputs_sha256(project, files)
    empty = _empty_tables(project)
    small = {
        source.name: _rows(files, paths_of(files, source))
        for source in project.sources.values()
        if not is_divided(source)
    }
    paths = paths_of(files, project.sources["generative_services"])
    service_keys = _rows(files, paths, ["entity_key"])

    def plan(step: Step, supplied: Mapping[str, pa.Table]) -> Plan:
        return Plan(
            step=step,
            project=project,
            units=tuple(units(files, project, step.registers)),
            shares=shares,
            validated=files.prefix,
            output=target.prefix,
            small=small,
            supplied=supplied,
            schemas={name: table.schema for name, table in empty.items()},
            service_keys=service_keys,
        )

    results = list(run_step(plan(ENTITIES, {})))
    found = [from_bytes(result.content) for result in results if result.content]
    names = pa.concat_tables([empty[NAMES], *found])
    results += run_step(plan(SERVICES, {NAMES: names}))
    rows = {name: sum(result.rows for result in results if result.name == name) for name in TARGETS}
    for name in TARGETS:
        if not rows[name]:
            target.write(f"{name}/none.parquet", empty[name])
    record = {"rows": rows, "shares": shares, "inputs": inputs}
    target.write_bytes(RECORD, json_bytes(record))
    return rows


def _empty_tables(project: CompiledProject) -> dict[str, pa.Table]:
    """The divided tables, the names and the results without rows, for their columns."""
    with Models(project) as models:
        for name in project.sources:
            models.supply_source(name)
        wanted = {*ENTITIES.keys, *SERVICES.keys, SIGHTINGS, NAMES, *TARGETS}
        return {name: models.table(name) for name in sorted(wanted)}


def _rows(files: Files, paths: Iterable[str], columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of these files; without files, a table without columns."""
    parts = [files.read(path, columns) for path in paths]
    return pa.concat_tables(parts) if parts else pa.table({})
