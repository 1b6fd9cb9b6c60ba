"""Publication to all configured targets: each on its own, with the problem of each that failed."""

import logging
import sys
from pathlib import Path

import pytest

from orchestration.publication.targets.delivery import (
    attempts,
    deliver,
    deliver_as_configured,
)
from orchestration.settings import TargetSettings
from tests.orchestration.publication.targets.target_releases import write_release
from tests.support.postgres import PostgresDatabase

NAME = "20260801T000000Z"
LOG = logging.getLogger("a run")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return write_release(tmp_path, NAME, batches="select 1 as batch_no, chr(0) as text")


def test_nothing_is_done_without_targets(release: Path):
    assert deliver(release, TargetSettings(), LOG) == []


def test_all_targets_get_the_release_and_warnings_are_logged(
    release: Path, tmp_path: Path, postgres: PostgresDatabase, caplog: pytest.LogCaptureFixture
):
    targets = TargetSettings(postgres.dsn, "filings", str(tmp_path / "store"))
    with caplog.at_level(logging.INFO):
        assert deliver(release, targets, LOG) == []
    assert (tmp_path / "store" / NAME / "datapackage.json").is_file()
    assert postgres.query("select batch_no from filings.batches") == [(1,)]
    messages = [(record.levelname, record.getMessage()) for record in caplog.records]
    levels = [level for level, _ in messages]
    assert levels == ["INFO", "WARNING", "INFO"]
    assert "has release 20260801T000000Z (1 of 1 tables, 1 rows, " in messages[0][1]
    assert "NUL" in messages[1][1]
    assert postgres.password not in str(messages)


def test_a_target_that_fails_does_not_stop_the_others(release: Path, tmp_path: Path):
    targets = TargetSettings(
        "host=127.0.0.1 port=1 password=geheim", "filings", str(tmp_path / "store")
    )
    (problem,) = deliver(release, targets, LOG)
    assert problem.startswith(
        f"release {NAME} was not published to a target: PostgreSQL 127.0.0.1:1: connection failed"
    )
    assert "geheim" not in problem
    assert (tmp_path / "store" / "latest.json").is_file()


def test_targets_that_have_the_release_say_so(
    release: Path, tmp_path: Path, postgres: PostgresDatabase
):
    targets = TargetSettings(postgres.dsn, "filings", str(tmp_path / "store"))
    assert deliver(release, targets, LOG) == []
    outcomes = list(attempts(release, targets))
    assert [outcome.text.partition(" already has ")[2] for outcome in outcomes] == [
        f"release {NAME}"
    ] * 2


def test_an_unexpected_error_is_a_problem_and_its_traceback_is_logged_without_its_text(
    release: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    def fail(*_: object, **__: object) -> None:
        raise KeyError("ge" + "heim")

    monkeypatch.setattr("orchestration.publication.targets.postgres.publish_to_postgres", fail)
    targets = TargetSettings("host=db", "filings", str(tmp_path / "store"))
    (problem,) = deliver(release, targets, LOG)
    assert problem == (
        f"release {NAME} was not published to a target: the program failed (KeyError). Please "
        "report it, with the traceback in the log"
    )
    assert (tmp_path / "store" / "latest.json").is_file()
    (logged,) = [entry.getMessage() for entry in caplog.records if entry.levelname == "ERROR"]
    assert "in _to_postgres" in logged
    assert "in fail" in logged
    assert "geheim" not in logged


def test_a_setting_that_cannot_be_used_is_a_problem(release: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FILINGS_PUBLISH_TO", "store")
    (problem,) = deliver_as_configured(release, LOG)
    assert "FILINGS_PUBLISH_TO does not begin with" in problem


@pytest.mark.parametrize(
    ("targets", "package", "modules"),
    [
        (TargetSettings(postgres="host=db"), "psycopg", "postgres"),
        (TargetSettings(store="/folder"), "obstore", "stor"),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    release: Path, monkeypatch: pytest.MonkeyPatch, targets, package: str, modules: str
):
    prefix = "orchestration.publication.targets."
    for name in [name for name in sys.modules if name.startswith(f"{prefix}{modules}")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    (problem,) = deliver(release, targets, LOG)
    assert package in problem
    assert "make extras" in problem
