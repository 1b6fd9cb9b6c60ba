"""The Dagster home: its location and its dagster.yaml."""

import os
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.instance import InstanceRef
from dagster._core.scheduler.instigation import InstigatorType, TickStatus

from orchestration.runtime.disk import DiskError
from orchestration.runtime.home import (
    DAGSTER_YAML,
    EditedConfigurationError,
    prepare_home,
    prepare_home_on_postgres,
)
from orchestration.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set before it is deleted, so that it is restored after `prepare_home` has set it.
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv("DAGSTER_HOME")


def settings(data_dir: Path) -> Settings:
    return Settings.from_environment({"FILINGS_DATA_DIR": str(data_dir)})


def test_home_is_created_in_the_data_directory(tmp_path):
    home = prepare_home(settings(tmp_path))
    assert home == tmp_path / "dagster" == Path(os.environ["DAGSTER_HOME"])
    assert (home / "dagster.yaml").read_text() == DAGSTER_YAML


def test_home_and_configuration_of_the_operator_are_kept(tmp_path, monkeypatch):
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    (chosen / "dagster.yaml").write_text("telemetry: {}")
    monkeypatch.setenv("DAGSTER_HOME", str(chosen))
    assert prepare_home(settings(tmp_path / "data")) == chosen
    assert (chosen / "dagster.yaml").read_text() == "telemetry: {}"


def test_unusable_home_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "a,b"))
    with pytest.raises(SettingsError, match="DAGSTER_HOME"):
        prepare_home(settings(tmp_path))


def test_data_directory_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError):
        prepare_home(settings(tmp_path / "file"))


EARLIER = sorted((Path(__file__).parent / "earlier_dagster_yaml").glob("*.yaml"))
ADDRESS = "postgresql+psycopg2://user:secret@127.0.0.1:1/records"


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda path: path.stem)
def test_configuration_of_an_earlier_version_is_replaced_unless_it_was_edited(tmp_path, earlier):
    path = tmp_path / "dagster/dagster.yaml"
    path.parent.mkdir()
    path.write_bytes(earlier.read_bytes())
    prepare_home(settings(tmp_path))
    assert path.read_text() == DAGSTER_YAML
    edited = earlier.read_text() + "# edited"
    path.write_text(edited)
    prepare_home(settings(tmp_path))
    assert path.read_text() == edited


def test_dagster_accepts_the_configuration(tmp_path):
    home = prepare_home(settings(tmp_path))
    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(home))) as instance:
        assert instance.run_retries_enabled and instance.run_retries_max_retries == 1
        assert not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.run_monitoring_max_runtime_seconds == 10800
        days = instance.get_tick_retention_settings(InstigatorType.SENSOR)
        assert days[TickStatus.SKIPPED] == 3 and days[TickStatus.FAILURE] == 30
        assert instance.get_tick_retention_settings(InstigatorType.SCHEDULE)[TickStatus.SUCCESS] > 0


@pytest.mark.parametrize("before", [None, DAGSTER_YAML, EARLIER[0].read_text()])
def test_records_can_be_kept_in_postgres(tmp_path, monkeypatch, before):
    monkeypatch.setenv("FILINGS_DAGSTER_POSTGRES", ADDRESS)
    if before:
        (tmp_path / "dagster").mkdir()
        (tmp_path / "dagster/dagster.yaml").write_text(before)
    home = prepare_home_on_postgres(settings(tmp_path))
    storage = InstanceRef.from_dir(str(home)).storage_data
    assert storage.class_name == "DagsterPostgresStorage"
    assert storage.config_dict["postgres_url"] == {"env": "FILINGS_DAGSTER_POSTGRES"}
    # A later refresh keeps it.
    written = (home / "dagster.yaml").read_text()
    prepare_home(settings(tmp_path))
    assert (home / "dagster.yaml").read_text() == written and "secret" not in written


def test_edited_configuration_is_not_moved_to_postgres(tmp_path):
    path = tmp_path / "dagster/dagster.yaml"
    path.parent.mkdir()
    path.write_text("telemetry: {}")
    with pytest.raises(EditedConfigurationError, match="storage:"):
        prepare_home_on_postgres(settings(tmp_path))
    assert path.read_text() == "telemetry: {}"


def test_postgres_address_with_another_driver_is_refused_without_naming_it(tmp_path, monkeypatch):
    monkeypatch.setenv("FILINGS_DAGSTER_POSTGRES", "postgresql://user:secret@host/records")
    with pytest.raises(SettingsError, match=r"postgresql\+psycopg2://") as raised:
        prepare_home_on_postgres(settings(tmp_path))
    assert "secret" not in str(raised.value) and not (tmp_path / "dagster").exists()
