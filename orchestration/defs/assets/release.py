"""The release: what analysts open, made from the marts once every blocking check has passed."""

import dagster as dg
import duckdb

from orchestration.defs.assets.retries import stopped
from orchestration.defs.resources import Register
from orchestration.ingest.results import FINISHED
from orchestration.publication.changes import KINDS
from orchestration.publication.documents import DOCUMENTS
from orchestration.publication.release import publish
from orchestration.runtime.progress import Step, tell
from orchestration.warehouse import manifest as dbt
from orchestration.warehouse.cache import discard
from scrapers.errors import FilingsError
from scrapers.registers.lists import superseded_batches

STAGE = "release"
MART_KEYS = [dg.AssetKey(mart.name) for mart in dbt.marts()]


@dg.asset(
    deps=MART_KEYS,
    group_name="publication",
    kinds={"duckdb", "parquet", "excel"},
    description="`data/published/latest/`: the marts as DuckDB, Parquet and a workbook, the "
    "report, a dictionary, a feed, and what has changed.",
)
def release(context: dg.AssetExecutionContext, register: Register) -> dg.MaterializeResult:
    run_id = context.run.run_id
    tell(Step(STAGE, "publishing"))
    register.record_stage(run_id, STAGE)
    try:
        released = publish(
            warehouse=register.data_dir / dbt.WAREHOUSE,
            published=register.published,
            marts=dbt.marts(),
            source=register.settings.source,
            documents=DOCUMENTS,
            versions=register.lists.version_names() | register.notices.version_names(),
            withdrawn=superseded_batches(register.archive),
        )
    except FilingsError as error:
        raise stopped(register, run_id, STAGE, str(error)) from error
    except duckdb.Error as error:
        # It opened, and cannot be read: a block of it is damaged.
        discard(register.data_dir)
        problem = f"{dbt.WAREHOUSE} cannot be read ({error}). It is removed; the next run makes it"
        raise stopped(register, run_id, STAGE, problem) from error
    register.record_stage(run_id, FINISHED)
    context.log.info(released.summary)
    tell(Step(STAGE, released.summary))
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
