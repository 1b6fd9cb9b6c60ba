"""The release: what analysts open, made from the marts once every blocking check has passed."""

import dagster as dg

from orchestration import dbt
from orchestration.outcomes import FINISHED
from orchestration.progress import Step, tell
from orchestration.publication.changes import KINDS
from orchestration.publication.documents import DOCUMENTS
from orchestration.publication.release import publish
from orchestration.resources import Register
from scrapers.errors import FilingsError

MART_KEYS = [dg.AssetKey(mart.name) for mart in dbt.marts()]


@dg.asset(
    deps=MART_KEYS,
    group_name="publication",
    kinds={"duckdb", "parquet", "excel"},
    description="`data/published/latest/`: the marts as DuckDB, Parquet and a workbook, the "
    "report, a dictionary, a feed, and what has changed.",
)
def release(context: dg.AssetExecutionContext, register: Register) -> dg.MaterializeResult:
    tell(Step("release", "publishing"))
    register.record_stage(context.run.run_id, "release")
    try:
        released = publish(
            warehouse=register.data_dir / dbt.WAREHOUSE,
            published=register.published,
            marts=dbt.marts(),
            source=register.settings.source,
            documents=DOCUMENTS,
        )
    except FilingsError as error:
        register.record_stage(context.run.run_id, "release", str(error))
        raise dg.Failure(str(error), allow_retries=False) from error
    register.record_stage(context.run.run_id, FINISHED)
    context.log.info(released.summary)
    tell(Step("release", released.summary))
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
