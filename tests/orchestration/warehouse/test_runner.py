"""Messages about failed and warning dbt tests, and the environment in which dbt runs."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from dbt.artifacts.schemas.results import NodeStatus

from orchestration.runtime.data_dir import DataDir
from orchestration.warehouse import runner
from orchestration.warehouse.in_process import environment


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table cases as select range as n, [1, 2] as l from range(7)")
    return path


def node(
    failures: int,
    status: NodeStatus = NodeStatus.Warn,
    description: str = "Numbers are small.",
    meta: dict[str, Any] | None = None,
) -> SimpleNamespace:
    """The result of a test that found the first rows of `cases`."""
    test = SimpleNamespace(
        name="small_numbers", description=description,
        compiled_code=f"select * from cases order by n limit {failures}",
        config=SimpleNamespace(meta=meta or {}),
    )  # fmt: skip
    return SimpleNamespace(node=test, status=status, failures=failures, message="Got results")


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (node(2), "Numbers are small (2): 0 1, 2; 1 1, 2"),
        (node(2, meta={"shown": ["n"]}), "Numbers are small (2): 0; 1"),
        (node(5, meta={"shown": ["n"]}), "Numbers are small (5): 0; 1; 2; 3; 4"),
        (node(6, meta={"shown": ["n"]}), "Numbers are small (6): 0; 1; 2; 3; 4; …"),
        (node(1, description="", meta={"shown": ["n"]}), "small_numbers (1): 0"),
        (
            node(1, meta={"shown": ["repeat('a', 64)", "repeat('b', 65)"]}),
            f"Numbers are small (1): {'a' * 64} {'b' * 64}…",
        ),
    ],
)
def test_warning_has_its_first_cases(warehouse, result, message):
    assert runner._warning(result, warehouse) == message


def test_failed_test_shows_its_first_rows(warehouse):
    rows = runner._failing_rows(node(7, NodeStatus.Fail), warehouse)
    assert rows.splitlines()[1] == "    {'n': 0, 'l': [1, 2]}"
    assert len(rows.splitlines()) == 1 + runner.SHOWN_ROWS
    assert runner._failing_rows(node(7, NodeStatus.Error), warehouse) == ""


def test_exception_of_dbt_is_a_failure(warehouse):
    result: Any = SimpleNamespace(exception=RuntimeError("x" * 2000), result=None)
    (failure,) = runner._failures(result, warehouse)
    assert failure.startswith("dbt stopped: xxx") and len(failure) < 1100
    assert runner._warnings(result, warehouse) == []


def test_damaged_warehouse_is_not_read_if_dbt_raised(tmp_path, monkeypatch):
    (tmp_path / "warehouse.duckdb").write_bytes(b"not a database")
    raised = SimpleNamespace(exception=RuntimeError("no space left"), result=None, success=False)
    dbt = SimpleNamespace(invoke=lambda _: raised)
    monkeypatch.setattr(runner, "dbtRunner", lambda **_: dbt)
    built = runner.build(DataDir(tmp_path))
    assert built.failures == ["dbt stopped: no space left"]
    assert (built.tables, built.warnings) == ({}, [])


def test_result_of_another_kind_is_an_error():
    result: Any = SimpleNamespace(exception=None, result=True)
    with pytest.raises(TypeError, match="bool"):
        runner._node_results(result)


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_environment_is_restored_after_dbt(monkeypatch, before):
    if before is None:
        monkeypatch.delenv("FILINGS_DATA_DIR", raising=False)
    else:
        monkeypatch.setenv("FILINGS_DATA_DIR", before)
    with environment(Path("here")):
        assert os.environ["FILINGS_DATA_DIR"] == "here"
    assert os.environ.get("FILINGS_DATA_DIR") == before


def test_build_that_the_user_stops_raises_the_interrupt(tmp_path, monkeypatch):
    class Stopped:
        def __init__(self, **_: Any) -> None: ...

        def invoke(self, _: list[str]) -> SimpleNamespace:
            return SimpleNamespace(exception=KeyboardInterrupt(), success=False, result=None)

    monkeypatch.setattr(runner, "dbtRunner", Stopped)
    monkeypatch.setattr(runner, "release_warehouse", lambda: None)
    with pytest.raises(KeyboardInterrupt):
        runner.build(DataDir(tmp_path))
