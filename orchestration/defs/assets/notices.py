"""The cancellation notices: fetched, archived and validated, all of them in every run.

There is one every two months or so, a page or two long. A notice that fails fails the run at its
end, not here: the release follows from those that came through.
"""

from collections.abc import Collection, Iterator

import dagster as dg
import polars as pl

from orchestration.defs.asset_keys import CANCELLATION_NOTICES
from orchestration.defs.assets.retries import done_before, may_retry, retry, stopped
from orchestration.defs.checks import NOTICE_CHECK_SPECS, notice_check_results
from orchestration.defs.resources import Register
from orchestration.ingest.pipeline import ingest_notices
from orchestration.ingest.results import Outcome
from orchestration.runtime.progress import Step, tell
from orchestration.warehouse.preview import PREVIEW_ROWS, markdown_table
from scrapers.errors import FetchError, NoticeListError, TransientFetchError
from scrapers.registers.cancellations import NOTICES_FOLDER

STAGE = "notices"
COUNTED = ("added", "amended", "gone", "quarantined")
PREVIEWED_COLUMNS = ("published_on", "title", "status", "records_accepted", "records_quarantined")


@dg.asset(
    key=CANCELLATION_NOTICES,
    check_specs=NOTICE_CHECK_SPECS,
    group_name="source",
    kinds={"pdf", "pandera", "parquet"},
    description="Every cancellation notice, fetched (`data/raw/cancellations/`) and validated "
    "(`data/validated/cancellations.parquet`): the filing numbers that were cancelled, and when.",
)
def cancellation_notices(
    context: dg.AssetExecutionContext, register: Register
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
    """Fetch and validate all known notices; afterwards, tell what stands validated."""
    run_id = context.run.run_id
    register.record_stage(run_id, STAGE)
    outcomes = []
    with register.session() as session:
        try:
            for attempt in ingest_notices(
                session,
                register.archive,
                register.notices,
                register.outcomes,
                done_before(context, register),
                run_id,
            ):
                outcomes.append(attempt.outcome)
                for remark in attempt.outcome.remarks:
                    context.log.warning(remark)
                if attempt.outcome.problem:
                    context.log.error(attempt.outcome.problem)
        except (FetchError, NoticeListError) as error:
            if isinstance(error, TransientFetchError) and may_retry(context):
                raise retry() from error
            raise stopped(register, run_id, STAGE, str(error)) from error
    if any(outcome.is_transient for outcome in outcomes) and may_retry(context):
        raise retry()
    versions = register.notices.write_tables()
    current = versions.filter("is_current").sort("published_on", descending=True)
    message = _message(current, register.outcomes.of_run(run_id))
    context.log.info(message)
    tell(Step(STAGE, message))
    yield from notice_check_results(register.notices)
    yield dg.MaterializeResult(
        asset_key=CANCELLATION_NOTICES,
        data_version=dg.DataVersion(str(versions.hash_rows(seed=1).sum())),
        metadata={
            "notices": current.height,
            "new_versions": sum(outcome.is_new for outcome in outcomes),
            "dagster/row_count": int(current["records_accepted"].sum()),
            **{name: sum(getattr(outcome, name) for outcome in outcomes) for name in COUNTED},
            "preview": dg.MetadataValue.md(
                markdown_table(current.select(PREVIEWED_COLUMNS).head(PREVIEW_ROWS).to_dicts())
            ),
        },
    )


def _message(current: pl.DataFrame, outcomes: Collection[Outcome]) -> str:
    of_notices = [outcome for outcome in outcomes if outcome.folder.startswith(NOTICES_FOLDER)]
    parts = [
        f"{count:,} {name}"
        for name in COUNTED
        if (count := sum(getattr(outcome, name) for outcome in of_notices))
    ]
    if failed := sum(outcome.problem is not None for outcome in of_notices):
        parts.append(f"{failed} failed")
    return (
        f"{current.height} cancellation notices  {current['records_accepted'].sum():,} records, "
        f"{', '.join(parts) or 'unchanged'}"
    )
