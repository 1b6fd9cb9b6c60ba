"""Retries of the steps that fetch from the source, and failures that end a run."""

import dagster as dg

from orchestration.defs.endings import RunEndedError
from orchestration.defs.resources import Workspace
from orchestration.ingest.results import IngestResults
from orchestration.runtime.progress import ProgressEvent, emit

HTTP_RETRIES = 1
HTTP_RETRY_SECONDS = 10


def may_retry(context: dg.AssetExecutionContext) -> bool:
    """Whether the step has retries left."""
    retries: int = context.retry_number
    return retries < HTTP_RETRIES


def retry() -> dg.RetryRequested:
    """Request a retry. Use it for broken connections and busy servers only."""
    return dg.RetryRequested(max_retries=HTTP_RETRIES, seconds_to_wait=HTTP_RETRY_SECONDS)


def done_before(context: dg.AssetExecutionContext, results: IngestResults) -> set[str]:
    """The folders that an earlier attempt of this step has ingested."""
    if not context.retry_number:
        return set()
    done = results.of_run(context.run.run_id)
    return {result.folder for result in done if not result.problem}


def stopped(workspace: Workspace, run_id: str, stage: str, problem: str) -> RunEndedError:
    """Record where the run stopped, and return the failure that ends it."""
    workspace.record_stage(run_id, stage, problem)
    emit(ProgressEvent(stage, "failed", ending="failed"))
    return RunEndedError(problem)
