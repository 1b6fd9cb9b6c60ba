"""Running dbt inside this process: parse, build with the results as events, and documentation.

A subprocess would cost nine seconds of start for half a second of SQL. Import this module where it
is needed, not at the head of another: dbt takes a while to import, and most runs build nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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

from orchestration.warehouse.manifest import (
    PROJECT_DIR,
    TARGET_DIR,
    WAREHOUSE,
    Build,
    DbtError,
    read_manifest,
)
from orchestration.warehouse.tables import describe_tables
from scrapers.errors import shortened
from scrapers.files import write_bytes

SHOWN_ROWS = 5
# A sha256 whole, by which an operator approves a document.
SHOWN_CHARACTERS = 64
MAX_MESSAGE, MAX_ROW = 1_000, 500

_RESULT_EVENTS = {"LogSeedResult", "LogModelResult", "LogTestResult"}
_FAILED = {NodeStatus.Fail, NodeStatus.Error}


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
    warehouse = data_dir / WAREHOUSE
    return Build(
        events,
        _failures(result, warehouse),
        _warnings(result, warehouse),
        describe_tables(warehouse),
    )


def parse() -> None:
    """Write the manifest into `TARGET_DIR`. Raises DbtError when the project does not parse."""
    with _environment(TARGET_DIR):
        result = dbtRunner().invoke(["parse", "--no-partial-parse", *_options(TARGET_DIR)])
        _release_warehouse()
    if not result.success:
        raise DbtError(f"the dbt project does not parse: {result.exception}")


def docs(data_dir: Path, page: Path) -> Path:
    """Write the documentation of the warehouse in `data_dir` as one page; its path.

    Raises DbtError when dbt fails.
    """
    target = data_dir / "dbt"
    with _environment(data_dir):
        result = dbtRunner(manifest=_manifest_object()).invoke(
            ["docs", "generate", "--static", *_options(target)]
        )
        _release_warehouse()
    if not result.success:
        raise DbtError(f"dbt cannot document the project: {result.exception or result.result}")
    write_bytes(page, (target / "static_index.html").read_bytes())
    return page


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
        return [f"dbt stopped: {shortened(str(result.exception), MAX_MESSAGE)}"]
    return [
        f"{node.node.name}: {shortened(node.message or '', MAX_MESSAGE)}"
        f"{_failing_rows(node, warehouse)}"
        for node in result.result.results
        if node.status in _FAILED
    ]


def _warnings(result: dbtRunnerResult, warehouse: Path) -> list[str]:
    """What each test of severity `warn` found, with the first cases in the columns that its
    `shown` names."""
    if result.exception:
        return []
    warned = [node for node in result.result.results if node.status == NodeStatus.Warn]
    return [_warning(node, warehouse) for node in warned]


def _warning(node: Any, warehouse: Path) -> str:
    test = node.node
    subject = test.description.strip().rstrip(".") or test.name
    columns = ", ".join(test.config.meta.get("shown", ["*"]))
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        cases = connection.execute(
            f"select {columns} from ({test.compiled_code}) limit {SHOWN_ROWS}"
        ).fetchall()
    shown = "; ".join(" ".join(_shown(value) for value in case) for case in cases)
    more = "; …" if node.failures > len(cases) else ""
    return f"{subject} ({node.failures:,}): {shown}{more}"


def _shown(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def _failing_rows(node: Any, warehouse: Path) -> str:
    """The first rows that a failed test found, which say more than its name."""
    if node.status != NodeStatus.Fail or not node.node.compiled_code:
        return ""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.sql(f"select * from ({node.node.compiled_code}) limit {SHOWN_ROWS}").pl()
    shown = (shortened(str(row), MAX_ROW) for row in rows.to_dicts())
    return "\n" + "\n".join(f"    {row}" for row in shown)
