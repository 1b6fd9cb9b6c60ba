"""Jobs: `refresh` runs the whole pipeline, `check_stores` verifies the stored files."""

from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import (
    UnresolvedAssetJobDefinition,
)
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy
from dagster._core.storage.tags import RETRY_STRATEGY_TAG

from orchestration.defs.asset_keys import raw_key, validated_key
from orchestration.defs.assets.models import DBT_CHECKS, DBT_SPECS
from orchestration.defs.endings import RunEndedError
from orchestration.defs.names import CHECK_STORES, DOMAIN, REFRESH
from orchestration.defs.resources import Workspace
from orchestration.inspection.verification import verify
from scrapers.registers.base import Register

FINDINGS_SHOWN = 20


def build_refresh_job(registers: Sequence[Register]) -> UnresolvedAssetJobDefinition:
    """Build the job `refresh` over all registers.

    A job can have one partitions definition at most, so it selects only assets without partitions.
    The ops log the materializations of partitions themselves. Models and their tests are recorded
    when they are built (see `models`): a check that the job selects, but that is not evaluated
    because nothing has changed, is shown as failed if the run fails for another reason.
    """
    partitioned = [key(item) for item in registers for key in (raw_key, validated_key)]
    logged_by_ops = dg.AssetSelection.assets(*partitioned, *(spec.key for spec in DBT_SPECS))
    tests = dg.AssetSelection.checks(*(spec.key for spec in DBT_CHECKS))
    return dg.define_asset_job(
        REFRESH,
        selection=dg.AssetSelection.all() - logged_by_ops.without_checks() - tests,
        executor_def=dg.in_process_executor,
        description="Fetch and validate documents, build the marts, and publish a release. Tags of "
        "the run select the documents; without tags, all documents are fetched.",
        # A run whose process died is repeated as a whole, which takes little longer than its rest.
        tags={"domain": "filings", RETRY_STRATEGY_TAG: ReexecutionStrategy.ALL_STEPS.value},
    )


@dg.op(description="Compare every stored file with its hash. Fails if any file differs.")
def compare_with_hashes(context: dg.OpExecutionContext, workspace: Workspace) -> None:
    """Log all findings, and raise RunEndedError with the first FINDINGS_SHOWN."""
    checked = verify(workspace.data)
    for store in checked:
        context.log.info("%s: %s", store.store, dict(store.counts))
    findings = [str(finding) for store in checked for finding in store.findings]
    for finding in findings:
        context.log.error(finding)
    if findings:
        more = f"\nand {len(findings) - FINDINGS_SHOWN} more" if findings[FINDINGS_SHOWN:] else ""
        raise RunEndedError("\n".join(findings[:FINDINGS_SHOWN]) + more)


@dg.job(
    name=CHECK_STORES,
    executor_def=dg.in_process_executor,
    description="Compare every file of the archive, the validated store and the releases with its "
    "hash, as `filings check` does. Changes nothing.",
    tags=DOMAIN,
)
def check_stores() -> None:
    """Verify the stored files."""
    compare_with_hashes()
