"""The build cache: the warehouse is rebuilt only when its inputs have changed."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import subscribed
from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.warehouse import build_cache as warehouse
from orchestration.warehouse import inputs as inputs_module
from orchestration.warehouse import project
from orchestration.warehouse import runner as dbt_runner
from orchestration.warehouse.builds import Build
from orchestration.warehouse.tables import TableFacts
from scrapers.files import write_bytes, write_json


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Sets up a data directory with validated files; the builds made in it so far."""
    write_versions(tmp_path, "v1")
    write_bytes(tmp_path / "validated" / "001" / "a.parquet", b"rows")
    made: list[Path] = []

    def build(data: DataDir) -> Build:
        made.append(data.root)
        with duckdb.connect(str(data.warehouse)) as connection:
            connection.execute(f"create or replace table build as select {len(made)} as number")
        return Build(
            [{"build": len(made)}], [], ["a warning"], {"filings": TableFacts(1, "7", "a row")}
        )

    monkeypatch.setattr(dbt_runner, "build", build)
    monkeypatch.setattr(project, "project_sha256", lambda: "the project")
    return made


def write_versions(root: Path, version: str) -> None:
    path = root / "validated" / f"{CONTRACT.tables.versions}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"batch_no": [1], "list_version": [version]}).write_parquet(path)


def test_unchanged_inputs_return_the_stored_build(builds: list[Path], tmp_path: Path):
    first, first_is_new = warehouse.bring_up_to_date(DataDir(tmp_path))
    second, second_is_new = warehouse.bring_up_to_date(DataDir(tmp_path))
    assert (first_is_new, second_is_new, len(builds)) == (True, False, 1)
    assert second == first


def test_content_hash_is_that_of_the_recorded_build(builds: list[Path], tmp_path: Path):
    data = DataDir(tmp_path)
    assert warehouse.content_hash(data) is None
    built, _ = warehouse.bring_up_to_date(data)
    assert warehouse.content_hash(data) == built.content_hash
    os.utime(data.warehouse, ns=(0, 0))
    assert warehouse.content_hash(data) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda data_dir: write_versions(data_dir, "v2"),
        lambda data_dir: write_bytes(data_dir / "validated" / "001" / "b.parquet", b"more"),
        lambda data_dir: (data_dir / "validated/001/a.parquet").rename(
            data_dir / "validated/001/b.parquet"
        ),
        lambda data_dir: os.utime(DataDir(data_dir).warehouse, ns=(0, 0)),
        lambda data_dir: (DataDir(data_dir).warehouse).unlink(),
        lambda data_dir: (DataDir(data_dir).warehouse).write_text("tampered with"),
        lambda data_dir: (data_dir / "dbt/last_build.json").write_text("{"),
        lambda data_dir: write_json(data_dir / "dbt/last_build.json", {"build": {"events": []}}),
    ],
    ids=[
        "versions",
        "validated file",
        "renamed",
        "touched",
        "no warehouse",
        "another warehouse",
        "torn",
        "old record",
    ],
)
def test_change_rebuilds_the_warehouse(change, builds: list[Path], tmp_path: Path):
    warehouse.bring_up_to_date(DataDir(tmp_path))
    change(tmp_path)
    _, is_new = warehouse.bring_up_to_date(DataDir(tmp_path))
    assert is_new and len(builds) == 2


def test_record_of_another_program_version_is_stale(builds: list[Path], tmp_path: Path):
    warehouse.bring_up_to_date(DataDir(tmp_path))
    record = tmp_path / "dbt/last_build.json"
    record.write_text(record.read_text().replace('"preview"', '"sample"'))
    assert warehouse.bring_up_to_date(DataDir(tmp_path))[1]


def test_changed_project_seed_or_classification_rebuilds_the_warehouse(
    builds: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    inputs = tmp_path / "inputs"
    seed = write_bytes_to(inputs / "seeds" / "sectors.csv", b"seed")
    module = write_bytes_to(inputs / "classification" / "sectors.py", b"code")
    text_keys = write_bytes_to(inputs / "text_keys.py", b"code")
    monkeypatch.setattr(project, "SEEDS_DIR", seed.parent)
    monkeypatch.setattr(inputs_module, "code_files", lambda: [module, text_keys])
    assert warehouse.bring_up_to_date(DataDir(tmp_path))[1]
    for path in (seed, module, text_keys):
        path.write_bytes(b"changed")
        assert warehouse.bring_up_to_date(DataDir(tmp_path))[1], path
    monkeypatch.setattr(project, "project_sha256", lambda: "another project")
    assert warehouse.bring_up_to_date(DataDir(tmp_path))[1]
    assert not warehouse.bring_up_to_date(DataDir(tmp_path))[1]


def write_bytes_to(path: Path, content: bytes) -> Path:
    write_bytes(path, content)
    return path


def test_warnings_of_the_last_build_are_stored(builds: list[Path], tmp_path: Path):
    assert warehouse.last_warnings(DataDir(tmp_path)) == []
    warehouse.bring_up_to_date(DataDir(tmp_path))
    assert warehouse.last_warnings(DataDir(tmp_path)) == ["a warning"]
    (tmp_path / "dbt/last_build.json").write_text("[]")
    assert warehouse.last_warnings(DataDir(tmp_path)) == []


def test_failed_build_is_not_stored(
    builds: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    warehouse.bring_up_to_date(DataDir(tmp_path))
    write_bytes(tmp_path / "validated" / "001" / "b.parquet", b"more")
    good = dbt_runner.build
    monkeypatch.setattr(dbt_runner, "build", lambda data_dir: Build([], ["a test failed"], [], {}))
    assert warehouse.bring_up_to_date(DataDir(tmp_path))[0].failures
    monkeypatch.setattr(dbt_runner, "build", good)
    assert warehouse.bring_up_to_date(DataDir(tmp_path))[1]


def test_discard_removes_warehouse_log_and_record(tmp_path: Path):
    data = DataDir(tmp_path)
    for name in ("warehouse.duckdb", "warehouse.duckdb.wal", "dbt/last_build.json", "kept.txt"):
        write_bytes(tmp_path / name, b"")
    warehouse.discard(data)
    warehouse.discard(data)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["kept.txt"]


def real_warehouse(data_dir: Path) -> Path:
    with duckdb.connect(str(DataDir(data_dir).warehouse)) as connection:
        connection.execute("create table filings as select 1 as x")
    return DataDir(data_dir).warehouse


@pytest.mark.parametrize("content", [b"", b"not a database"])
def test_unreadable_warehouse_is_rebuilt(content, builds, tmp_path):
    # The message of DuckDB contains the path, whose words must not be mistaken for the cause.
    data_dir = tmp_path / "Could not set lock"
    data_dir.mkdir()
    real_warehouse(data_dir).write_bytes(content)
    seen = []
    with subscribed(lambda step: seen.append(step.message)):
        _, is_new = warehouse.bring_up_to_date(DataDir(data_dir))
    assert is_new and len(builds) == 1
    assert any("cannot be opened and is rebuilt" in message for message in seen)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_truncated_warehouse_is_discarded_before_a_build(share, builds, tmp_path):
    # DuckDB opens such a file and fails only on reaching the missing part.
    path = DataDir(tmp_path).warehouse
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table rows as select uuid() as x from range(50000)")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    warehouse.bring_up_to_date(DataDir(tmp_path))
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.sql("show tables").fetchall() == [("build",)]


@pytest.mark.parametrize("log", [b"garbage" * 100, b"\x00" * 5000])
def test_damaged_log_next_to_the_warehouse_does_no_harm(log, builds, tmp_path):
    warehouse.bring_up_to_date(DataDir(tmp_path))
    (tmp_path / "warehouse.duckdb.wal").write_bytes(log)
    warehouse.bring_up_to_date(DataDir(tmp_path))
    with duckdb.connect(str(DataDir(tmp_path).warehouse), read_only=True) as connection:
        assert connection.sql("from build").fetchall() == [(len(builds),)]
    (tmp_path / "validated" / "001" / "a.parquet").write_bytes(b"other rows")
    assert warehouse.bring_up_to_date(DataDir(tmp_path))[1]


def test_stored_build_is_not_returned_while_another_program_has_the_warehouse(
    builds, tmp_path, monkeypatch
):
    warehouse.bring_up_to_date(DataDir(tmp_path))

    def refuse(*_: object, **__: object) -> None:
        raise duckdb.IOException("IO Error: Could not set lock on file")

    monkeypatch.setattr(duckdb, "connect", refuse)
    with pytest.raises(warehouse.WarehouseHeldError):
        warehouse.bring_up_to_date(DataDir(tmp_path))
    assert len(builds) == 1


def test_warehouse_open_in_another_program_is_an_error_with_a_remedy(builds, tmp_path):
    path = real_warehouse(tmp_path)
    program = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print(); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        holder.stdout.readline()
        with pytest.raises(warehouse.WarehouseHeldError) as caught:
            warehouse.bring_up_to_date(DataDir(tmp_path))
    finally:
        holder.communicate(b"")
    assert str(path) in str(caught.value) and f"PID {holder.pid}" in str(caught.value)
    assert "Close it there" in str(caught.value)
    assert warehouse.bring_up_to_date(DataDir(tmp_path))[1]
