"""Compiled models: the SQL and Python that dbt would run, for another engine to run as they are.

dbt compiles them against an empty warehouse in a temporary folder, so neither a data directory nor
the warehouse of the pipeline is touched. Code refers to tables as `"warehouse"."main"."<name>"`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.warehouse.manifest import read_manifest
from orchestration.warehouse.project import DbtError

DATABASE, SCHEMA = "warehouse", "main"
_PATTERN = re.compile(r"read_parquet\('([^']+)'(, union_by_name = true)?\)")


@dataclass(frozen=True)
class CompiledModel:
    """A model: `code` selects its rows (SQL), or has the function `model` (Python).

    `parents` are the models and seeds that it reads, `sources` the sources. `contract` has the
    declared types of the columns if dbt enforces them, otherwise it is empty.
    """

    name: str
    code: str
    is_python: bool
    parents: tuple[str, ...]
    sources: tuple[str, ...]
    contract: Mapping[str, str]


@dataclass(frozen=True)
class ParquetSource:
    """A source: the Parquet files of `pattern`, relative to the data directory.

    `relation` is how the code refers to it. `columns` are the declared columns with their types.
    """

    name: str
    register: str
    pattern: str
    relation: str
    may_lack_columns: bool
    columns: Mapping[str, str]


@dataclass(frozen=True)
class CompiledProject:
    """Models with everything that they depend on, by name."""

    models: Mapping[str, CompiledModel]
    sources: Mapping[str, ParquetSource]
    seeds: Mapping[str, pa.Table]


@cache
def compile_project(targets: tuple[str, ...]) -> CompiledProject:
    """Compile these models and all that they depend on. Raises DbtError if dbt fails."""
    manifest = read_manifest()
    with TemporaryDirectory(prefix="filings-compiled-") as folder:
        code = _compiled_code(Path(folder), targets)
        names = {parent for name in code for parent in _parents(manifest, name, "seed")}
        with duckdb.connect(str(Path(folder) / f"{DATABASE}.duckdb"), read_only=True) as connection:
            seeds = {name: connection.table(name).to_arrow_table() for name in sorted(names)}
    sources = {name for model in code for name in _parents(manifest, model, "source")}
    return CompiledProject(
        {name: _model(manifest, name, text) for name, text in code.items()},
        {name: _source(manifest, name) for name in sorted(sources)},
        seeds,
    )


def _compiled_code(folder: Path, targets: Sequence[str]) -> dict[str, str]:
    """Compile the models and load their seeds into the warehouse in a folder; the code by name."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    from orchestration.warehouse.in_process import environment, options, release_warehouse

    runner = dbtRunner(manifest=Manifest.from_dict(dict(read_manifest())))

    def run(command: str, kind: str) -> Any:
        selected = " ".join(f"+{target},resource_type:{kind}" for target in targets)
        arguments = [command, "--select", selected, "--no-write-json", *options(folder)]
        if command == "compile":
            arguments += ["--indirect-selection", "empty"]  # no data tests
        result = runner.invoke(arguments)
        if not result.success:
            raise DbtError(f"dbt cannot {command} {selected}: {result.exception}")
        return result.result

    with environment(folder):
        try:
            run("seed", "seed")
            nodes = [item.node for item in run("compile", "model").results]
        finally:
            release_warehouse()
    return {node.name: node.compiled_code for node in nodes}


def _model(manifest: Mapping[str, Any], name: str, code: str) -> CompiledModel:
    node = _node(manifest, name)
    types = {column["name"]: column["data_type"] for column in node["columns"].values()}
    return CompiledModel(
        name,
        code,
        node["language"] == "python",
        (*_parents(manifest, name, "model"), *_parents(manifest, name, "seed")),
        _parents(manifest, name, "source"),
        types if node["config"]["contract"]["enforced"] else {},
    )


def _source(manifest: Mapping[str, Any], name: str) -> ParquetSource:
    (node,) = (item for item in manifest["sources"].values() if item["name"] == name)
    relation = node["config"]["meta"]["external_location"]
    found = _PATTERN.fullmatch(relation)
    if not found:
        raise DbtError(f"the location of the source {name} is not read_parquet('…'): {relation}")
    types = {column["name"]: column["data_type"] for column in node["columns"].values()}
    # The folder of a source's declaration is named after its register.
    return ParquetSource(name, node["fqn"][-3], found[1], relation, bool(found[2]), types)


def _parents(manifest: Mapping[str, Any], name: str, kind: str) -> tuple[str, ...]:
    ids = _node(manifest, name)["depends_on"]["nodes"]
    return tuple(item.split(".")[-1] for item in ids if item.startswith(f"{kind}."))


def _node(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    node: Mapping[str, Any] = manifest["nodes"][f"model.filings.{name}"]
    return node
