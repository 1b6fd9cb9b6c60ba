"""The event log of the command line, which shares its files with Dagster's own storage."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.exc import IntegrityError

from orchestration.defs.partitions import known_partitions, settle_partitions
from orchestration.runtime.event_log import (
    ConnectedEventLogStorage,
    DamagedRecordsError,
    open_instance,
)
from orchestration.runtime.home import DAGSTER_YAML
from orchestration.settings import PROJECT_ROOT
from scrapers.registers import DEEP_SYNTHESIS

KEY = dg.AssetKey("made_up")


def test_events_are_shared_with_dagsters_own_storage(tmp_path):
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    with open_instance(tmp_path) as instance:
        assert isinstance(instance.event_log_storage, ConnectedEventLogStorage)
        for value in ("first", "second"):
            instance.report_runless_asset_event(
                dg.AssetMaterialization(KEY, metadata={"value": value})
            )
        with dg.DagsterInstance.from_config(str(tmp_path)) as other:
            assert type(other.event_log_storage) is SqliteEventLogStorage
            records = other.fetch_materializations(KEY, limit=5).records
            other.report_runless_asset_event(dg.AssetMaterialization(KEY))
        seen = [record.asset_materialization.metadata["value"].value for record in records]
        assert seen == ["second", "first"]
        assert len(instance.fetch_materializations(KEY, limit=5).records) == 3


def test_storage_asks_once_whether_it_has_a_table(tmp_path, monkeypatch):
    asked = []
    has_table = SqliteEventLogStorage.has_table
    monkeypatch.setattr(
        SqliteEventLogStorage,
        "has_table",
        lambda self, name: asked.append(name) or has_table(self, name),
    )
    storage = ConnectedEventLogStorage(str(tmp_path))
    assert storage.supports_asset_checks and storage.supports_asset_checks
    assert asked == ["asset_check_executions"]
    # It may be added by a migration.
    assert not storage.has_table("made_up") and not storage.has_table("made_up")
    assert asked[1:] == ["made_up", "made_up"]
    storage.dispose()


def test_configured_storage_is_kept(tmp_path):
    (tmp_path / "dagster.yaml").write_text(
        f"storage:\n  sqlite:\n    base_dir: {tmp_path / 'elsewhere'}\n"
    )
    with open_instance(tmp_path) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
        assert type(instance.event_log_storage) is SqliteEventLogStorage
    assert (tmp_path / "elsewhere").is_dir()


OPEN = """
import sys
from pathlib import Path
from orchestration.runtime.event_log import open_instance
from orchestration.defs.partitions import settle_partitions
from scrapers.registers import DEEP_SYNTHESIS
print("ready", flush=True)
sys.stdin.readline()
with open_instance(Path(sys.argv[1])) as instance:
    settle_partitions(instance, DEEP_SYNTHESIS, [f"{number:03d}" for number in range(1, 19)])
"""


@pytest.mark.many_builds
def test_concurrent_first_opening_succeeds_in_all_processes(tmp_path):
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(tmp_path)],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * 3
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=60)
    assert [process.returncode for process in started] == [0, 0, 0]
    with open_instance(tmp_path) as instance:
        assert list(known_partitions(instance, DEEP_SYNTHESIS)) == [
            f"{number:03d}" for number in range(1, 19)
        ]


def test_partitions_added_concurrently_are_kept(monkeypatch):
    def add_too_late(instance: dg.DagsterInstance, name: str, keys: list[str]) -> None:
        monkeypatch.undo()
        instance.add_dynamic_partitions(name, keys[:2])
        raise IntegrityError("insert", {}, Exception("UNIQUE constraint failed"))

    monkeypatch.setattr(dg.DagsterInstance, "add_dynamic_partitions", add_too_late)
    with dg.DagsterInstance.ephemeral() as instance:
        settle_partitions(instance, DEEP_SYNTHESIS, ["001", "002", "003"])
        assert list(known_partitions(instance, DEEP_SYNTHESIS)) == ["001", "002", "003"]


def test_instance_is_opened_under_a_lock(tmp_path, monkeypatch):
    (tmp_path / "dagster.yaml").write_text(DAGSTER_YAML)
    calls: list[object] = []
    monkeypatch.setattr(fcntl, "flock", lambda _, operation: calls.append(operation))
    monkeypatch.setattr(dg.DagsterInstance, "from_ref", lambda ref: calls.append("open"))
    open_instance(tmp_path)
    assert calls == [fcntl.LOCK_EX, "open"]


@pytest.fixture(scope="module")
def home_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("template")
    (home / "dagster.yaml").write_text(DAGSTER_YAML)
    with open_instance(home) as instance:
        instance.add_dynamic_partitions("batch", ["001"])
        instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
    return home


@pytest.fixture
def home(home_template: Path, tmp_path: Path) -> Path:
    """A home with records, and with special characters in its name."""
    return shutil.copytree(home_template, tmp_path / "it's a [home] #1")


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("history/runs.db", lambda content: b""),
        ("history/runs.db", lambda content: b"not a database" * 99),
        ("history/runs.db", lambda content: content[: len(content) // 2]),
        ("history/runs.db", lambda content: b"\x00" * len(content)),
        ("history/runs/index.db", lambda content: b""),
        ("schedules/schedules.db", lambda content: b""),
    ],
    ids=["empty", "garbage", "truncated", "zeros", "empty index", "empty schedules"],
)
def test_damaged_records_are_reported_with_remedy(home, name, damage):
    path = home / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedRecordsError) as caught:
        open_instance(home)
    assert str(path) in str(caught.value)
    assert f"folders history and schedules in {home}" in str(caught.value)


def test_deleted_records_are_created_again(home):
    for folder in ("history", "schedules"):
        shutil.rmtree(home / folder)
    with open_instance(home) as instance:
        instance.add_dynamic_partitions("batch", ["001"])
        assert instance.get_dynamic_partitions("batch") == ["001"]


def test_records_in_use_do_not_count_as_damaged(home):
    with open_instance(home), open_instance(home) as instance:
        assert instance.get_dynamic_partitions("batch") == ["001"]
