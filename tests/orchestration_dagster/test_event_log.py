"""The command line's own way to Dagster's records: the same files, read and written alike."""

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration.event_log import ConnectedEventLogStorage, open_instance
from orchestration.home import DAGSTER_YAML

KEY = dg.AssetKey("made_up")


def test_what_is_written_through_one_connection_is_read_by_everyone_else(tmp_path):
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


def test_an_operators_own_storage_is_kept(tmp_path):
    (tmp_path / "dagster.yaml").write_text(
        f"storage:\n  sqlite:\n    base_dir: {tmp_path / 'elsewhere'}\n"
    )
    with open_instance(tmp_path) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(KEY))
        assert type(instance.event_log_storage) is SqliteEventLogStorage
    assert (tmp_path / "elsewhere").is_dir()
