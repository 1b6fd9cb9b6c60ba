"""Jobs: `refresh` does everything for the batches its run covers, `check` verifies what is kept."""

import dagster as dg

from orchestration.defs.resources import Register
from orchestration.stores.verification import verify

REFRESH = "refresh"
CHECK = "check_stores"
FINDINGS_SHOWN = 20

refresh = dg.define_asset_job(
    REFRESH,
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Fetch and validate the batches of the run, build the marts, publish a release.",
)


@dg.op(description="Fails with each file that is not what was written.")
def compare_with_hashes(context: dg.OpExecutionContext, register: Register) -> None:
    checked = verify(register.data_dir)
    for store in checked:
        context.log.info(f"{store.store}: {dict(store.counts)}")
    findings = [str(finding) for store in checked for finding in store.findings]
    for finding in findings:
        context.log.error(finding)
    if findings:
        more = f"\nand {len(findings) - FINDINGS_SHOWN} more" if findings[FINDINGS_SHOWN:] else ""
        raise dg.Failure("\n".join(findings[:FINDINGS_SHOWN]) + more, allow_retries=False)


@dg.job(
    name=CHECK,
    executor_def=dg.in_process_executor,
    description="Read the archive, the validated rows and all releases, and compare every file "
    "with its hash, as `filings check` does. Changes nothing.",
)
def check() -> None:
    compare_with_hashes()


JOBS = [refresh, check]
