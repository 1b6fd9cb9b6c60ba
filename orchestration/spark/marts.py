"""The marts by DuckDB over a result: dbt builds everything but what the result contains."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.sql import text
from orchestration.spark.comparison import result_tables
from orchestration.spark.files import Files
from orchestration.spark.inputs import inputs_sha256
from orchestration.spark.job import RECORD
from orchestration.spark.steps import TARGETS
from orchestration.warehouse import build_cache
from orchestration.warehouse.builds import Build
from orchestration.warehouse.compiled import compile_project
from orchestration.warehouse.manifest import read_manifest
from scrapers.errors import FilingsError


class OutdatedResultError(FilingsError):
    """The result was computed from other validated files, seeds or models."""


def build_marts(data: DataDir, output: str) -> tuple[Build, bool]:
    """Build the warehouse from a result; the build, and whether it is new.

    It is on record as the build of these inputs, so the next `filings refresh` publishes it. Raises
    OutdatedResultError if the result is of other inputs, and WarehouseHeldError if another program
    has the warehouse open.
    """
    files = Files(output)
    with result_tables(output):
        record = json.loads(files.read_bytes(RECORD))
    current = inputs_sha256(compile_project(TARGETS), Files(str(data.validated)))
    if record["inputs"] != current:
        raise OutdatedResultError(
            f"{output} was computed from other validated files, seeds or models than those of "
            f"{data.root}",
            remedy="Run the job again with a new folder",
        )
    return build_cache.bring_up_to_date(data, lambda: _build(data, output))


def _build(data: DataDir, output: str) -> Build:
    from orchestration.warehouse.runner import build

    with result_tables(output) as connection:
        connection.execute(f"attach {text(data.warehouse)} as warehouse")
        for name in TARGETS:
            connection.execute(f"create table warehouse.main.{name} as from result_{name}")
    return build(data, excluded=excluded_nodes(read_manifest(), TARGETS))


def excluded_nodes(manifest: Mapping[str, Any], given: Collection[str]) -> list[str]:
    """The names of the models that need not be built if these exist, and of their tests.

    That is the given models, whose tests run, and those that only they read, whose tests do not.
    """
    nodes, children = manifest["nodes"], manifest["child_map"]
    is_given = {f"model.filings.{name}" for name in given}
    models = [name for name in nodes if name.startswith("model.")]
    excluded = set(is_given)
    while found := {
        name
        for name in models
        if name not in excluded
        and (below := _of_kind(children[name], "model.")) <= excluded
        and below
    }:
        excluded |= found
    tests = {test for name in excluded - is_given for test in _of_kind(children[name], "test.")}
    return sorted(nodes[name]["name"] for name in excluded | tests)


def _of_kind(names: Collection[str], kind: str) -> set[str]:
    return {name for name in names if name.startswith(kind)}
