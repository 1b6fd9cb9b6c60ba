"""Dagster's records after many nightly refreshes of an unchanged source.

They stop growing after some twenty nights, so the nights here stand for a year. The whole year is
simulated with FILINGS_TEST_NIGHTS=365.

One real night is recorded; the others are copies of its records, each followed by the purge that a
refresh does at its end. All have the same date, so the limits cannot depend on the clock.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs.partitions import known_partitions
from orchestration.defs.resources import Workspace
from orchestration.defs.retention import purge
from orchestration.defs.sensors import build_sensor
from orchestration.runtime.sqlite_files import size_of
from orchestration.settings import Settings
from scrapers.registers import DEEP_SYNTHESIS, REGISTERS
from tests.end_to_end.commands import run_command
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.releases import dagster_instance
from tests.support.nights import Nights

NIGHTS = int(os.environ.get("FILINGS_TEST_NIGHTS", "60"))
GROWING_NIGHTS = 30
LIMIT_BYTES = 100_000_000


@dataclass(frozen=True)
class Year:
    """A data directory after these nights, and the size of its records after each."""

    data_dir: Path
    first_run: str
    bytes_of_a_night: int
    sizes: list[int]
    deleted: int


@pytest.fixture(scope="module")
def year(whole_register: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    data_dir = Path(shutil.copytree(whole_register.data_dir, folder / "data", symlinks=True))
    home = data_dir / "dagster"
    before = size_of(home)
    finished = run_command(data_dir, "refresh")
    assert finished.status == 0, finished.err
    night_bytes = size_of(home) - before
    graph = defs.resolve_asset_graph()
    assets, checks = graph.get_all_asset_keys(), graph.asset_check_keys
    sizes, deleted = [size_of(home)], 0
    with dagster_instance(data_dir) as instance:
        last, first = instance.get_runs()
        nights = Nights(home, last.run_id, folder / "template")
        for _ in range(NIGHTS - 1):
            nights.add()
            sizes.append(size_of(home))
            deleted += purge(instance, assets, checks).runs
    return Year(data_dir, first.run_id, night_bytes, sizes, deleted)


@pytest.fixture
def instance(year: Year) -> Iterator[dg.DagsterInstance]:
    with dagster_instance(year.data_dir) as instance:
        yield instance


def test_records_stop_growing_below_the_limit(year: Year):
    assert year.bytes_of_a_night * 365 > 3 * LIMIT_BYTES
    assert max(year.sizes) < LIMIT_BYTES
    assert max(year.sizes[GROWING_NIGHTS:]) < 1.05 * max(year.sizes[:GROWING_NIGHTS])
    assert year.deleted > NIGHTS - 30


def test_latest_results_are_kept(year: Year, instance: dg.DagsterInstance):
    assert instance.has_run(year.first_run), "it has the last materialization of the models"
    model = instance.get_latest_materialization_event(dg.AssetKey("filings"))
    assert model and model.run_id == year.first_run
    for register in REGISTERS:
        for layer in ("raw", "validated"):
            key = dg.AssetKey([register.name, layer])
            known = set(known_partitions(instance, register))
            assert known and instance.get_materialized_partitions(key) == known


def test_no_document_is_new_after_a_year(year: Year, instance: dg.DagsterInstance, monkeypatch):
    monkeypatch.setenv("FILINGS_DATA_DIR", str(year.data_dir))
    monkeypatch.delenv("FILINGS_SOURCE", raising=False)
    workspace = Workspace.from_settings(Settings.from_environment())
    with dg.build_sensor_context(instance=instance) as context:
        result = build_sensor(REGISTERS, workspace)(context)
    assert isinstance(result, dg.SkipReason) and "none new" in str(result.skip_message)
    assert len(known_partitions(instance, DEEP_SYNTHESIS)) == 18


def test_next_refresh_finds_nothing_to_do(year: Year):
    finished = run_command(year.data_dir, "refresh")
    assert finished.status == 0, finished.err
    assert "nothing changed" in finished.out and "old runs" not in finished.err
