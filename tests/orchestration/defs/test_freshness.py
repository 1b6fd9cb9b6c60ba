"""Freshness of the assets, as the daemon evaluates it with the configuration of a Dagster home."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import freeze_time
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.freshness import FreshnessDaemon

from orchestration.defs.asset_keys import RELEASE, raw_key
from orchestration.defs.assets.materializations import unchanged_materialization
from orchestration.defs.run_history import CODE_LOCATION, DEFINITIONS
from orchestration.runtime.home import DAGSTER_YAML
from scrapers.registers import DEEP_SYNTHESIS, RECOMMENDATION

RAW, OTHER = raw_key(DEEP_SYNTHESIS), raw_key(RECOMMENDATION)


@pytest.fixture
def context(data_dir: Path) -> Iterator[WorkspaceProcessContext]:
    (data_dir / "dagster.yaml").write_text(DAGSTER_YAML)
    target = LoadableTargetOrigin(module_name=DEFINITIONS)
    origin = InProcessCodeLocationOrigin(target, location_name=CODE_LOCATION)
    with (
        dg.DagsterInstance.from_config(str(data_dir)) as instance,
        WorkspaceProcessContext(instance, InProcessWorkspaceLoadTarget(origin)) as context,
    ):
        yield context


def states(context: WorkspaceProcessContext, now: datetime) -> list[FreshnessState | None]:
    """The states of RAW, OTHER and the release after an iteration of the daemon."""
    with freeze_time(now):
        list(FreshnessDaemon().run_iteration(context))
    keys = [RAW, OTHER, RELEASE]
    records = context.instance.get_freshness_state_records(keys)
    return [records[key].freshness_state if key in records else None for key in keys]


def test_assets_are_late_after_26_hours_without_a_fetch(context):
    instance, now = context.instance, datetime.now(UTC)
    assert "FRESHNESS_DAEMON" in instance.get_required_daemon_types()
    for key in (RAW, RELEASE):
        partition = "001" if key == RAW else None
        instance.report_runless_asset_event(dg.AssetMaterialization(key, partition=partition))
    fresh, late = FreshnessState.PASS, FreshnessState.WARN
    unknown, stale = FreshnessState.UNKNOWN, FreshnessState.FAIL
    assert states(context, now + timedelta(hours=25)) == [fresh, unknown, fresh]
    assert states(context, now + timedelta(hours=27)) == [late, unknown, late]
    assert states(context, now + timedelta(hours=51)) == [stale, unknown, stale]
    # As the next night records documents of which none has changed.
    with freeze_time(now + timedelta(hours=51)):
        instance.report_runless_asset_event(unchanged_materialization(DEEP_SYNTHESIS, 18))
    assert states(context, now + timedelta(hours=52)) == [fresh, unknown, stale]
