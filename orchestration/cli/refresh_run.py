"""One refresh from the command line: the job `refresh`, executed in this process.

The run is recorded in the Dagster instance that the daemon uses, so the UI shows it and the sensor
does not request the same work again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import dagster as dg
from dagster._core.execution.plan.objects import UserFailureData
from dagster_shared.error import SerializableErrorInfo

from orchestration.definitions import defs
from orchestration.defs import resources
from orchestration.defs.names import REFRESH
from orchestration.defs.partitions import settle_partitions, tags_for
from orchestration.defs.resources import Workspace, workspace_config
from orchestration.defs.run_history import close_dead_runs, foreign_runs
from orchestration.ingest.pipeline import discover, known_keys
from orchestration.publication.latest import descriptor, latest_release
from orchestration.runtime.clock import clock_warnings
from orchestration.runtime.disk import disk_errors_named, explained
from orchestration.runtime.event_log import open_instance
from orchestration.runtime.progress import ProgressEvent, emit
from orchestration.settings import Settings
from orchestration.warehouse.build_cache import last_warnings
from scrapers.errors import MAX_LINES, FilingsError, few, first_lines
from scrapers.registers import DEEP_SYNTHESIS, REGISTERS
from scrapers.registers.base import Discovery
from scrapers.registers.discovery.announcements import batch_key

# The console shows progress instead of Dagster's log; the instance records every event.
LOGGERS = {"console": {"config": {"log_level": "CRITICAL"}}}


@dataclass(frozen=True)
class Refreshed:
    """The result of a refresh; `problems` is empty if everything requested was done.

    Long lists of messages are cut; the last line then says how many more there are.
    """

    documents: list[str]
    problems: list[str]
    warnings: list[str]
    seconds: float


def refresh(home: Path, batch_nos: Collection[int] = ()) -> Refreshed:
    """Run the pipeline for these batches, or for all announced ones, and record it in `home`.

    Raises FilingsError if the source's announcements cannot be read, and DiskError if Dagster's
    records cannot be written.
    """
    with disk_errors_named(home), open_instance(home) as instance:
        return _refresh(instance, batch_nos)


def _refresh(instance: dg.DagsterInstance, batch_nos: Collection[int]) -> Refreshed:
    started = monotonic()
    settings = Settings.from_environment()
    workspace = Workspace.from_settings(settings)
    close_dead_runs(instance, workspace.data.root)
    emit(ProgressEvent("discovery", "looking for announced documents"))
    with workspace.session() as session, session.caching():
        found = {
            register.name: discover(session, register, workspace.archive, workspace.results)
            for register in REGISTERS
        }
    wanted = _wanted(batch_nos, found[DEEP_SYNTHESIS.name])
    mixed_sources = _mixed_sources(workspace)
    tags: dict[str, str] = {}
    problems, gaps = [], []
    for register in REGISTERS:
        discovery = found[register.name]
        keys = sorted(known_keys(register, workspace.archive, discovery))
        settle_partitions(instance, register, keys)
        tags |= tags_for(register, wanted if wanted and register == DEEP_SYNTHESIS else None)
        problems += _problems(discovery)
        gaps += [f"no announcement found for {gap}" for gap in discovery.gaps]
    problems += first_lines(_run(instance, workspace, tags))
    warnings = first_lines(gaps)
    remarks = [remark for result in workspace.results.all() for remark in result.remarks]
    warnings += first_lines(remarks)
    warnings += mixed_sources + _shared_home(instance) + last_warnings(workspace.data)
    warnings += clock_warnings(workspace.archive)
    documents = wanted or list(found[DEEP_SYNTHESIS.name].documents)
    return Refreshed(documents, problems, warnings, monotonic() - started)


def _problems(discovery: Discovery) -> list[str]:
    """Messages about entries of the source that an operator must look at."""
    unread = [f"cannot read a notice: {problem}" for problem in discovery.problems]
    unrecognised = [f"notice not recognised: {notice}" for notice in discovery.unrecognised]
    return first_lines(unread) + first_lines(unrecognised)


def _mixed_sources(workspace: Workspace) -> list[str]:
    """A warning if the data directory holds a release from the other source."""
    latest = latest_release(workspace.data.published)
    before = descriptor(latest).get("source") if latest else None
    if before in (None, workspace.source):
        return []
    message = (
        f"{workspace.data.root} already holds a release from source `{before}`, so its differences "
        f"from source `{workspace.source}` appear as amendments. "
        "Use a separate data directory for each source (FILINGS_DATA_DIR)"
    )
    return [message]


def _shared_home(instance: dg.DagsterInstance) -> list[str]:
    """A warning if other projects record their runs in the same Dagster instance."""
    others = foreign_runs(instance)
    if not others:
        return []
    message = (
        f"{instance.root_directory} (DAGSTER_HOME) also holds runs of {', '.join(others)}, which "
        "are left unchanged. Use a separate DAGSTER_HOME for each project, or unset it"
    )
    return [message]


def _wanted(batch_nos: Collection[int], discovery: Discovery) -> list[str]:
    """The document keys of these batches. Raises FilingsError if one is not announced."""
    wanted = sorted(map(batch_key, batch_nos))
    unknown = sorted(set(wanted) - set(discovery.documents))
    if unknown:
        raise FilingsError(
            f"batch not announced: {few(unknown)}",
            remedy=f"Announced batches: {few(discovery.documents, MAX_LINES)}",
        )
    return wanted


def _run(instance: dg.DagsterInstance, workspace: Workspace, tags: dict[str, str]) -> list[str]:
    """Execute one run and return its problems as messages, without tracebacks."""
    config = workspace_config(workspace.settings)
    result = defs.resolve_job_def(REFRESH).execute_in_process(
        instance=instance,
        tags=tags,
        run_config={"loggers": LOGGERS, "resources": {resources.NAME: {"config": config}}},
        raise_on_error=False,
    )
    if result.success:
        return []
    results = workspace.results.of_run(result.run_id)
    problems = [item.problem for item in results if item.problem]
    reasons = [_reason(event) for event in result.get_step_failure_events()]
    if not problems and not reasons:
        # A run can fail before its first step, for example if it does not get the run lock.
        reasons = [_reason(result.get_run_failure_event())]
    # Disk errors belong to no document, so they are in no ingest result.
    explained_reasons = {reason: explained(reason, workspace.data.root) for reason in reasons}
    on_disk = [text for reason, text in explained_reasons.items() if text != reason]
    return [*problems, *on_disk] or reasons


def _reason(event: dg.DagsterEvent) -> str:
    """The message of a failure event: of `dg.Failure`, else of the first cause of the exception."""
    data = event.event_specific_data
    failure: UserFailureData | None = getattr(data, "user_failure_data", None)
    error: SerializableErrorInfo | None = getattr(data, "error", None)
    if failure and failure.description:
        return failure.description
    while error and error.cause:
        error = error.cause
    return error.message.strip() if error else event.message or event.event_type_value
