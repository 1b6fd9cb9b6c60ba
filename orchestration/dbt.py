"""Running dbt inside this process: the prepared manifest, the build, its results as events.

A subprocess would cost nine seconds of start for half a second of SQL. The manifest does not
depend on the data directory; it is parsed again only when a file of the project has changed.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import cleanup_connections, reset_adapters
from dbt.artifacts.schemas.results import NodeStatus
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg
from google.protobuf.json_format import MessageToDict

from orchestration.publication.marts import Mart
from orchestration.settings import PROJECT_ROOT
from orchestration.tables import TableFacts, describe_tables
from scrapers.errors import FilingsError
from scrapers.files import write_text

PROJECT_DIR = PROJECT_ROOT / "dbt_project"
TARGET_DIR = PROJECT_DIR / "target"
MANIFEST_PATH = TARGET_DIR / "manifest.json"
WAREHOUSE = "warehouse.duckdb"
SHOWN_ROWS = 5

_FINGERPRINT = TARGET_DIR / "manifest.sha256"
_SOURCE_SUFFIXES = {".sql", ".yml", ".md"}
_RESULT_EVENTS = {"LogSeedResult", "LogModelResult", "LogTestResult"}
_FAILED = {NodeStatus.Fail, NodeStatus.Error}


class DbtError(FilingsError):
    """The dbt project does not parse."""


@dataclass(frozen=True)
class Build:
    """What a build did: dbt's structured result events, what failed, in words, and the tables that
    are in the warehouse now."""

    events: list[dict[str, Any]]
    failures: list[str]
    tables: dict[str, TableFacts]


def prepare_manifest() -> Path:
    """Parse the project if it has changed since; the path of its manifest.json.

    Raises DbtError when the project does not parse.
    """
    TARGET_DIR.mkdir(exist_ok=True)
    with open(TARGET_DIR / ".lock", "w") as lock:
        # Webserver, daemon and code server load the definitions at the same moment.
        fcntl.flock(lock, fcntl.LOCK_EX)
        fingerprint = project_sha256()
        known = _FINGERPRINT.read_text() if _FINGERPRINT.exists() else ""
        if known != fingerprint or not MANIFEST_PATH.exists():
            _parse()
            write_text(_FINGERPRINT, fingerprint)
    return MANIFEST_PATH


@cache
def read_manifest() -> Mapping[str, Any]:
    """The prepared manifest as plain data."""
    return json.loads(prepare_manifest().read_bytes())


def build(data_dir: Path) -> Build:
    """Run seeds, models and data tests on the warehouse in `data_dir`.

    Never raises for a failing node: `Build.failures` tells, with the failing rows of a test.
    """
    events: list[dict[str, Any]] = []

    def keep(event: EventMsg) -> None:
        if event.info.name in _RESULT_EVENTS:
            events.append(MessageToDict(event, preserving_proto_field_name=True))

    runner = dbtRunner(manifest=_manifest_object(), callbacks=[keep])
    with _environment(data_dir):
        result = runner.invoke(
            ["build", "--no-write-json", "--exclude-resource-type", "unit_test"]
            + _options(data_dir / "dbt")
        )
        _release_warehouse()
    failures = _failures(result, data_dir / WAREHOUSE)
    return Build(events, failures, describe_tables(data_dir / WAREHOUSE))


def marts() -> list[Mart]:
    """The models in `models/marts/`, by name: what a release publishes."""
    nodes = read_manifest()["nodes"].values()
    found = [node for node in nodes if node["resource_type"] == "model" and "marts" in node["fqn"]]
    return sorted(
        (
            Mart(
                node["name"],
                _one_line(node["description"]),
                {name: _one_line(item["description"]) for name, item in node["columns"].items()},
            )
            for node in found
        ),
        key=lambda mart: mart.name,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def project_sha256() -> str:
    """Hash of what the parsed project depends on: its files, dbt's version, where it lies."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(PROJECT_DIR.rglob("*")):
        if path.suffix in _SOURCE_SUFFIXES and TARGET_DIR not in path.parents:
            digest.update(str(path.relative_to(PROJECT_DIR)).encode() + path.read_bytes())
    # The manifest names the seeds' files, not their contents, so their names are enough.
    for path in sorted((PROJECT_DIR / "seeds").glob("*.csv")):
        digest.update(path.name.encode())
    digest.update(str(PROJECT_DIR).encode())
    return digest.hexdigest()


def _parse() -> None:
    with _environment(TARGET_DIR):
        result = dbtRunner().invoke(["parse", "--no-partial-parse", *_options(TARGET_DIR)])
        _release_warehouse()
    if not result.success:
        raise DbtError(f"the dbt project does not parse: {result.exception}")


@cache
def _manifest_object() -> Manifest:
    return Manifest.from_dict(dict(read_manifest()))


def _options(target: Path) -> list[str]:
    """Where things are; and silence, since results come back as events and rows."""
    places = {"project-dir": PROJECT_DIR, "profiles-dir": PROJECT_DIR, "target-path": target}
    options = [part for name, path in places.items() for part in (f"--{name}", str(path))]
    return [*options, "--log-level", "none", "--log-level-file", "none"]


@contextmanager
def _environment(data_dir: Path) -> Iterator[None]:
    """dbt's profile finds the data directory by its environment variable."""
    name, before = "FILINGS_DATA_DIR", os.environ.get("FILINGS_DATA_DIR")
    os.environ[name] = str(data_dir)
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _release_warehouse() -> None:
    """Close dbt's connections, so that this process no longer holds the warehouse's lock."""
    cleanup_connections()
    DuckDBConnectionManager.close_all_connections()
    reset_adapters()


def _failures(result: dbtRunnerResult, warehouse: Path) -> list[str]:
    if result.exception:
        return [f"dbt stopped: {result.exception}"]
    return [
        f"{node.node.name}: {node.message}{_failing_rows(node, warehouse)}"
        for node in result.result.results
        if node.status in _FAILED
    ]


def _failing_rows(node: Any, warehouse: Path) -> str:
    """The first rows that a failed test found, which say more than its name."""
    if node.status != NodeStatus.Fail or not node.node.compiled_code:
        return ""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.sql(f"select * from ({node.node.compiled_code}) limit {SHOWN_ROWS}").pl()
    return "\n" + "\n".join(f"    {row}" for row in rows.to_dicts())
