"""Jobs: `refresh` does everything for the documents of its run, `check_stores` verifies what is
kept.
"""

from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)

from orchestration.defs.asset_keys import raw_key, validated_key
from orchestration.defs.assets.models import DBT_SPECS
from orchestration.defs.names import CHECK_STORES, REFRESH
from orchestration.defs.resources import Workspace
from orchestration.inspection.verification import verify
from scrapers.registers.base import Register

FINDINGS_SHOWN = 20


def build_refresh_job(registers: Sequence[Register]) -> UnresolvedAssetJobDefinition:
    """The job over all registers.

    A job has one partitions definition at most, so it selects what has none; the ops record the
    partitions that they bring through. Models are recorded when they are built (see `models`).
    """
    partitioned = [key(item) for item in registers for key in (raw_key, validated_key)]
    by_hand = dg.AssetSelection.assets(*partitioned, *(spec.key for spec in DBT_SPECS))
    return dg.define_asset_job(
        REFRESH,
        selection=dg.AssetSelection.all() - by_hand.without_checks(),
        executor_def=dg.in_process_executor,
        description="Fetch and validate the documents of the run, build the marts, publish a "
        "release. Started without tags it takes all documents.",
        tags={"domain": "filings"},
    )


@dg.op(description="Fails with each file that is not what was written.")
def compare_with_hashes(context: dg.OpExecutionContext, workspace: Workspace) -> None:
    checked = verify(workspace.data)
    for store in checked:
        context.log.info(f"{store.store}: {dict(store.counts)}")
    findings = [str(finding) for store in checked for finding in store.findings]
    for finding in findings:
        context.log.error(finding)
    if findings:
        more = f"\nand {len(findings) - FINDINGS_SHOWN} more" if findings[FINDINGS_SHOWN:] else ""
        raise dg.Failure("\n".join(findings[:FINDINGS_SHOWN]) + more, allow_retries=False)


@dg.job(
    name=CHECK_STORES,
    executor_def=dg.in_process_executor,
    description="Read the archive, the validated rows and all releases, and compare every file "
    "with its hash, as `filings check` does. Changes nothing.",
    tags={"domain": "filings"},
)
def check_stores() -> None:
    compare_with_hashes()
