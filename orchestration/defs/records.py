"""Dagster's tables of events: the runs that hold the latest results, and the deletion of a run.

Dagster's own deletion leaves the file of a run and the executions of its checks behind, and its
interface reads the latest result of each asset and check with one query each.
"""

from collections.abc import Collection
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    SqlEventLogStorageTable,
)

from orchestration.runtime.sqlite_files import remove

_RESULTS = ("SUCCEEDED", "FAILED")


def latest_results(
    storage: SqlEventLogStorage,
    assets: Collection[dg.AssetKey],
    checks: Collection[dg.AssetCheckKey],
) -> set[str]:
    """The ids of the runs whose results are the latest ones.

    These are the latest materializations of assets, or of each partition, and results of checks.
    """
    events, executions = SqlEventLogStorageTable.c, AssetCheckExecutionsTable.c
    keys = [key.to_string() for key in assets]
    materialized = (
        sa.select(sa.func.max(events.id))
        .where(events.dagster_event_type == dg.DagsterEventType.ASSET_MATERIALIZATION.value)
        .where(events.asset_key.in_(keys))
        .group_by(events.asset_key, events.partition)
    )
    checked = (
        sa.select(executions.asset_key, executions.check_name, sa.func.max(executions.id))
        .where(executions.execution_status.in_(_RESULTS))
        .group_by(executions.asset_key, executions.check_name, executions.partition)
    )
    ours = {(check.asset_key.to_string(), check.name) for check in checks}
    with storage.index_connection() as connection:
        found = connection.execute(sa.select(events.run_id).where(events.id.in_(materialized)))
        runs = {str(run_id) for (run_id,) in found}
        ids = [last for *check, last in connection.execute(checked) if tuple(check) in ours]
        found = connection.execute(sa.select(executions.run_id).where(executions.id.in_(ids)))
        return runs | {str(run_id) for (run_id,) in found}


def delete_run(instance: dg.DagsterInstance, storage: SqlEventLogStorage, run_id: str) -> None:
    """Delete a finished run with all its events.

    The run itself is deleted last, so that the next purge completes one that was killed.
    """
    with storage.index_connection() as connection:
        connection.execute(
            sa.delete(AssetCheckExecutionsTable).where(AssetCheckExecutionsTable.c.run_id == run_id)
        )
        storage.delete_events_for_run(connection, run_id)
    if isinstance(storage, SqliteEventLogStorage):
        remove(Path(storage.path_for_shard(run_id)))
    instance.run_storage.delete_run(run_id)
