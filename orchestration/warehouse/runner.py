"""dbt commands inside this process: build, with results as events, and documentation.

A subprocess would take nine seconds to start for half a second of SQL. Import this module inside
functions, not at the top of a module: dbt is slow to import, and most runs build nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from dbt.artifacts.schemas.results import NodeStatus
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg
from google.protobuf.json_format import MessageToDict

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.interrupts import as_keyboard_interrupt
from orchestration.runtime.progress import MODELS, ProgressEvent, emit
from orchestration.warehouse.builds import Build
from orchestration.warehouse.in_process import environment, options, release_warehouse
from orchestration.warehouse.manifest import read_manifest
from orchestration.warehouse.project import DbtError
from orchestration.warehouse.rendered import rendered_manifest
from orchestration.warehouse.tables import describe_tables
from scrapers.errors import shortened
from scrapers.files import write_bytes

SHOWN_ROWS = 5
# Enough for a whole sha256, which an operator needs to approve a document.
SHOWN_CHARACTERS = 64
MAX_MESSAGE, MAX_ROW = 1_000, 500

_RESULT_EVENTS = {"LogSeedResult", "LogModelResult", "LogTestResult"}
_FAILED = {NodeStatus.Fail, NodeStatus.Error}


def build(data: DataDir, nodes: Sequence[str] = (), excluded: Sequence[str] = ()) -> Build:
    """Run seeds, models and data tests on the warehouse.

    `nodes` are the selectors of those to run, by default all, and `excluded` those to leave out.

    Does not raise if a node fails: `Build.failures` names it, with the failing rows of a test.
    Raises KeyboardInterrupt if the user stops it.
    """
    events: list[dict[str, Any]] = []

    def keep(event: EventMsg) -> None:
        if event.info.name in _RESULT_EVENTS:
            events.append(MessageToDict(event, preserving_proto_field_name=True))
            node = event.data.node_info
            item = f"{node.resource_type} {node.node_name}"
            emit(ProgressEvent(MODELS, done=len(events), total=_total(event), item=item))

    runner = dbtRunner(manifest=rendered_manifest(), callbacks=[keep])
    with environment(data.root), as_keyboard_interrupt():
        result = runner.invoke(
            [
                "build",
                "--no-write-json",
                "--exclude-resource-type",
                "unit_test",
                *(["--indirect-selection", "empty", "--select", *nodes] if nodes else []),
                *(("--exclude", *excluded) if excluded else ()),
                *options(data.dbt),
            ]
        )
        release_warehouse()
    if isinstance(result.exception, KeyboardInterrupt):
        raise KeyboardInterrupt from None  # without dbt's traceback
    warehouse = data.warehouse
    # If dbt itself failed, the warehouse may be damaged.
    tables = {} if result.exception else describe_tables(warehouse)
    return Build(events, _failures(result, warehouse), _warnings(result, warehouse), tables)


def docs(data: DataDir, page: Path) -> Path:
    """Write the documentation of the warehouse as one page and return its path.

    Raises DbtError if dbt fails.
    """
    target = data.dbt
    with environment(data.root):
        # Not the rendered one: the page shows the code as it is written.
        result = dbtRunner(manifest=Manifest.from_dict(dict(read_manifest()))).invoke(
            ["docs", "generate", "--static", *options(target)]
        )
        release_warehouse()
    if not result.success:
        raise DbtError(f"dbt cannot document the project: {result.exception or result.result}")
    write_bytes(page, (target / "static_index.html").read_bytes())
    return page


def _total(event: EventMsg) -> int:
    """The number of nodes in the build; tests have it under another name."""
    data = event.data
    return int(data.num_models if event.info.name == "LogTestResult" else data.total)


def _failures(result: dbtRunnerResult, warehouse: Path) -> list[str]:
    if result.exception:
        return [f"dbt stopped: {shortened(str(result.exception), MAX_MESSAGE)}"]
    return [
        f"{node.node.name}: {shortened(node.message or '', MAX_MESSAGE)}"
        f"{_failing_rows(node, warehouse)}"
        for node in _node_results(result)
        if node.status in _FAILED
    ]


def _warnings(result: dbtRunnerResult, warehouse: Path) -> list[str]:
    """One message per test that warned, with its first cases.

    `meta.shown` of a test names the columns to show, by default all.
    """
    if result.exception:
        return []
    warned = [node for node in _node_results(result) if node.status == NodeStatus.Warn]
    return [_warning(node, warehouse) for node in warned]


def _node_results(result: dbtRunnerResult) -> Sequence[Any]:
    if not isinstance(result.result, RunExecutionResult):
        raise TypeError(f"dbt build returned {type(result.result).__name__}")
    return result.result.results


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
    """The first failing rows of a test, as lines."""
    if node.status != NodeStatus.Fail or not node.node.compiled_code:
        return ""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.sql(f"select * from ({node.node.compiled_code}) limit {SHOWN_ROWS}").pl()
    shown = (shortened(str(row), MAX_ROW) for row in rows.to_dicts())
    return "\n" + "\n".join(f"    {row}" for row in shown)
