"""Run dbt commands in this process over a data directory, and read what they leave behind."""

import fcntl
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.in_process import environment, options, release_warehouse
from orchestration.warehouse.manifest import read_manifest
from tests.support import paths

PROJECT = paths.PROJECT / "dbt_project"


@dataclass(frozen=True)
class BuildResult:
    """The results of dbt commands, by name of the node, and the warehouse that they left."""

    warehouse: Path
    statuses: dict[str, str]
    messages: dict[str, str]
    queries: dict[str, str]  # compiled, of data tests

    def named(self, *statuses: str) -> set[str]:
        return {name for name, status in self.statuses.items() if status in statuses}

    @property
    def problems(self) -> set[str]:
        return self.named("error", "fail", "warn", "skipped")

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.sql(query).fetchall()


def load_manifest() -> Manifest:
    """The parsed project. It is parsed again only if a file has changed."""
    return Manifest.from_dict(dict(read_manifest()))


def run_dbt(manifest: Manifest, data: Path, *commands: list[str]) -> BuildResult:
    """Run commands over a data directory one after the other, and release the warehouse."""
    nodes = []
    with environment(data):
        for command in commands:
            target = options(data / "target")
            result = dbtRunner(manifest=manifest).invoke([*command, "--no-write-json", *target])
            release_warehouse()
            assert result.exception is None, result.exception
            nodes += result.result
    tests = [node for node in nodes if node.node.resource_type == "test"]
    return BuildResult(
        data / "warehouse.duckdb",
        {node.node.name: str(node.status.value) for node in nodes},
        {node.node.name: str(node.message) for node in nodes},
        {test.node.name: test.node.compiled_code for test in tests if test.node.compiled_code},
    )


def build_once(folder: Path, build: Callable[[Path], BuildResult]) -> BuildResult:
    """The result of the build in this folder, made by the first process that asks for it."""
    folder.mkdir(exist_ok=True)
    saved = folder / "result.json"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not saved.exists():
            result = asdict(build(folder / "data")) | {"warehouse": None}
            saved.write_text(json.dumps(result), encoding="utf-8")
    result = json.loads(saved.read_text(encoding="utf-8"))
    return BuildResult(**result | {"warehouse": folder / "data" / "warehouse.duckdb"})
