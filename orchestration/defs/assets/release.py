"""The release asset: the files for analysts, published if all blocking checks passed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import duckdb

from orchestration.defs.asset_keys import RELEASE, WAREHOUSE
from orchestration.defs.assets.step_retries import stopped
from orchestration.defs.resources import Workspace
from orchestration.ingest.results import FINISHED, Deliveries
from orchestration.publication.changes import KINDS
from orchestration.publication.documents import ASIDE, DOCUMENTS
from orchestration.publication.release import publish
from orchestration.publication.targets.delivery import deliver_as_configured
from orchestration.runtime.progress import RELEASE as RELEASE_STAGE
from orchestration.runtime.progress import Ending, ProgressEvent, emit
from orchestration.runtime.recorded_sources import source_text
from orchestration.validation.contracts.base import Contract
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import rows_in_use, version_names
from orchestration.warehouse.build_cache import content_hash, discard, table_hashes
from orchestration.warehouse.manifest import marts
from scrapers.errors import FilingsError
from scrapers.registers.base import Register

STAGE = RELEASE_STAGE


def build_release_asset(
    registers: Sequence[tuple[Register, Contract]],
) -> dg.AssetsDefinition:
    """Build the release asset for the documents of these registers."""

    @dg.asset(
        key=RELEASE,
        # The dependency on the warehouse keeps the order in runs that do not record the marts.
        deps=[WAREHOUSE, *(dg.AssetKey(mart.name) for mart in marts())],
        group_name="publication",
        kinds={"duckdb", "parquet", "excel"},
        description="The files for analysts in `data/published/latest/`: the marts as DuckDB, "
        "Parquet and Excel, the report, the data dictionary, the feed, and the list of changes.",
    )
    def release(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> dg.MaterializeResult[Any]:
        emit(ProgressEvent(STAGE))
        with workspace.stage(context.run.run_id, STAGE):
            return _publish(context, workspace, registers)

    return release


def _publish(
    context: dg.AssetExecutionContext,
    workspace: Workspace,
    registers: Sequence[tuple[Register, Contract]],
) -> dg.MaterializeResult[Any]:
    run_id, data = context.run.run_id, workspace.data
    stores = [workspace.store(register, contract) for register, contract in registers]
    try:
        released = publish(
            warehouse=data.warehouse,
            published=data.published,
            marts=marts(),
            source=source_text(data, workspace.source),
            documents=DOCUMENTS,
            aside=ASIDE,
            versions={k: names for store in stores for k, names in version_names(store).items()},
            in_use={k: count for store in stores for k, count in rows_in_use(store).items()},
            build=content_hash(data),
            tables=table_hashes(data),
            withdrawn={folder for store in stores for folder in _withdrawn(store)},
        )
    except FilingsError as error:
        raise stopped(workspace, run_id, STAGE, str(error)) from error
    except duckdb.Error as error:
        # The database was opened but cannot be read, so a block of it is damaged.
        discard(data)
        problem = (
            f"{data.warehouse.name} cannot be read ({error}). It was deleted; the next run "
            "rebuilds it"
        )
        raise stopped(workspace, run_id, STAGE, problem) from error
    # Also a release that is not new: a target may lack it since the last run.
    problems = deliver_as_configured(released.path, context.log)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    workspace.results.record_deliveries(Deliveries(run_id, released.name, at, problems))
    failures = [item for item in workspace.results.of_run(run_id) if item.problem]
    workspace.record_stage(run_id, FINISHED, failures=len(failures) + len(problems))
    context.log.info(released.summary)
    ending: Ending = "done" if released.is_new else "unchanged"
    emit(ProgressEvent(STAGE, released.summary, ending=ending))
    return dg.MaterializeResult(
        data_version=dg.DataVersion(released.content_sha256),
        metadata={
            "release": released.name,
            "is_new": released.is_new,
            "path": dg.MetadataValue.path(released.path),
            **{name: released.counts.get(name, 0) for name in KINDS},
            "rows": dict(released.rows),
            "changes": dg.MetadataValue.md(released.changes),
        },
    )


def _withdrawn(store: ValidatedStore) -> set[str]:
    """The folders of the documents that were announced by mistake."""
    register = store.register
    return set(map(register.folder, register.superseded(register.archived(store.archive))))
