"""The lists: fetched, archived and validated, a partition a batch.

One op does both steps for all batches of its run. A batch that fails is not materialized, and
the run goes on with the others: that is why the outputs are skippable and each batch's events
are logged by hand. `list_versions` has no partitions; it stands for the state that dbt reads.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.asset_keys import LIST_VERSIONS, RAW_LISTS, VALIDATED_FILINGS
from orchestration.defs.assets.retries import done_before, may_retry, retry, stopped
from orchestration.defs.checks import LIST_CHECK_SPECS, list_check_results
from orchestration.defs.partitions import BATCHES
from orchestration.defs.resources import Register
from orchestration.ingest.pipeline import ingest_lists
from orchestration.ingest.results import Outcome
from orchestration.runtime.progress import Step, tell
from orchestration.validation.lists import ValidatedLists
from orchestration.validation.results import DocumentState
from orchestration.warehouse.preview import PREVIEW_ROWS, markdown_table
from scrapers.archive.store import Archive
from scrapers.errors import FetchError, NoticeListError, TransientFetchError, first_lines
from scrapers.registers.lists import batch_key

STAGE = "lists"
DATA_VERSION_TAG = "dagster/data_version"
PREVIEWED_COLUMNS = (
    "batch_no",
    "version_no",
    "status",
    "is_current",
    "list_month",
    "rows_listed",
    "rows_accepted",
    "rows_quarantined",
)

LIST_SPECS = [
    dg.AssetSpec(
        RAW_LISTS,
        description="Every distinct version of each batch's list as fetched: `data/raw/<batch>/`.",
        partitions_def=BATCHES,
        skippable=True,
        group_name="source",
        kinds={"docx", "pdf"},
    ),
    dg.AssetSpec(
        VALIDATED_FILINGS,
        deps=[RAW_LISTS],
        description="The rows that met the contract: `data/validated/<batch>/`, quarantine beside.",
        partitions_def=BATCHES,
        skippable=True,
        group_name="source",
        kinds={"pandera", "parquet"},
    ),
    dg.AssetSpec(
        LIST_VERSIONS,
        deps=[VALIDATED_FILINGS],
        description="Every version of every list, with its verdict and whether it is current.",
        group_name="source",
        kinds={"parquet"},
    ),
]


@dg.multi_asset(
    name="lists",
    specs=LIST_SPECS,
    check_specs=LIST_CHECK_SPECS,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def lists(
    context: dg.AssetExecutionContext, register: Register
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckResult | dg.MaterializeResult]:
    """Fetch and validate the batches of this run; afterwards, tell what stands validated."""
    # A run without partitions asks for no batch: it only tells anew what stands validated.
    has_batches = context.has_partition_key or context.has_partition_key_range
    wanted = [int(key) for key in context.partition_keys] if has_batches else []
    run_id = context.run.run_id
    done = done_before(context, register)
    wanted = [batch_no for batch_no in wanted if batch_key(batch_no) not in done]
    archive, validated = register.archive, register.lists
    register.record_stage(run_id, STAGE)
    failed: list[Outcome] = []
    with register.session() as session:
        try:
            attempts = ingest_lists(session, archive, validated, register.outcomes, wanted, run_id)
            for number, attempt in enumerate(attempts, 1):
                outcome, state = attempt.outcome, attempt.state
                tell(Step(STAGE, _line(outcome), number, len(wanted)))
                for remark in outcome.remarks:
                    context.log.warning(remark)
                if outcome.problem or state is None:
                    context.log.error(outcome.problem)
                    failed.append(outcome)
                else:
                    context.log.info(_line(outcome))
                    yield from _materializations(archive, validated, outcome, state)
        except (FetchError, NoticeListError) as error:
            if isinstance(error, TransientFetchError) and may_retry(context):
                raise retry() from error
            raise stopped(register, run_id, STAGE, str(error)) from error
    if any(outcome.is_transient for outcome in failed) and may_retry(context):
        raise retry()
    table = validated.write_tables()
    if not table["is_current"].any():
        problems = "\n".join(first_lines([outcome.problem or "" for outcome in failed]))
        problem = f"no batch has a list that could be accepted:\n{problems}"
        raise stopped(register, run_id, STAGE, problem)
    yield from list_check_results(validated)
    yield dg.MaterializeResult(
        asset_key=LIST_VERSIONS,
        data_version=dg.DataVersion(str(table.hash_rows(seed=1).sum())),
        metadata={
            "versions": table.height,
            "batches": table["batch_no"].n_unique(),
            "current_rows": int(table.filter(table["is_current"])["rows_accepted"].sum()),
            "failed_batches": [outcome.folder for outcome in failed],
            "preview": dg.MetadataValue.md(
                markdown_table(table.select(PREVIEWED_COLUMNS).tail(PREVIEW_ROWS).to_dicts())
            ),
        },
    )


def _materializations(
    archive: Archive, validated: ValidatedLists, outcome: Outcome, state: DocumentState
) -> Iterator[dg.AssetMaterialization]:
    key = outcome.folder
    version = archive.latest(key, "list")
    if version is None or state.current is None:
        raise LookupError(f"batch {key} was validated, yet the archive has no list of it")
    yield dg.AssetMaterialization(
        RAW_LISTS,
        partition=key,
        tags={DATA_VERSION_TAG: version.sha256},
        metadata={
            "new_version": outcome.is_new,
            "versions": len(archive.versions(key, "list")),
            "bytes": version.size,
            "sha256": version.sha256,
            "retrieved_at": version.retrieved_at.isoformat(timespec="seconds"),
            "list_month": version.facts["list_month"],
            "page": dg.MetadataValue.url(version.facts["page_url"]),
            "list": dg.MetadataValue.url(version.url),
            "file": dg.MetadataValue.path(version.path),
        },
    )
    rows = validated.rows(state.current)
    yield dg.AssetMaterialization(
        VALIDATED_FILINGS,
        partition=key,
        tags={DATA_VERSION_TAG: f"{version.content_sha256}/{state.current.contract_version}"},
        metadata={
            "dagster/row_count": rows.height,
            "added": outcome.added,
            "amended": outcome.amended,
            "gone": outcome.gone,
            "quarantined": outcome.quarantined,
            "preview": dg.MetadataValue.md(
                markdown_table(
                    rows.select("filing_number", "algorithm_name", "role", "entity_name", "note")
                    .head(PREVIEW_ROWS)
                    .to_dicts()
                )
            ),
        },
    )


def _line(outcome: Outcome) -> str:
    key = outcome.folder
    if outcome.problem:
        return f"batch {key}  failed" if key.isdigit() else f"{key}  failed"
    changes = [
        f"{count:,} {name}"
        for name, count in (
            ("added", outcome.added),
            ("amended", outcome.amended),
            ("gone", outcome.gone),
            ("quarantined", outcome.quarantined),
        )
        if count
    ]
    return f"batch {key}  {outcome.rows:,} filings, {', '.join(changes) or 'unchanged'}"
