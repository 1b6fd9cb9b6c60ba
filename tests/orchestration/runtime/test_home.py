"""The Dagster home: its location and its dagster.yaml."""

import os
from pathlib import Path

import pytest

from orchestration.runtime.disk import DiskError
from orchestration.runtime.home import DAGSTER_YAML, prepare_home
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
