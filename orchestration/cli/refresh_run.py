"""One refresh from the command line: the job `refresh`, executed in this process.

The run is recorded in the same instance as the daemon's, so the UI shows it and the sensor knows
what is done.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import dagster as dg

from orchestration.definitions import defs
from orchestration.defs.jobs import REFRESH
from orchestration.defs.partitions import known_keys, range_tags, ranges_of, settle_batches
from orchestration.defs.resources import Register
from orchestration.defs.run_history import close_dead_runs, foreign_runs
from orchestration.ingest.pipeline import Discovery, discover
from orchestration.publication.latest import descriptor, latest_release
from orchestration.runtime.clock import clock_warnings
from orchestration.runtime.disk import disk_errors_named, explained
from orchestration.runtime.event_log import open_instance
from orchestration.runtime.progress import Step, tell
from orchestration.warehouse.cache import last_warnings
from scrapers.errors import MAX_LINES, FilingsError, few, first_lines
from scrapers.registers.lists import batch_key

# The console shows progress instead; the instance keeps every event.
RUN_CONFIG = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Refreshed:
    """What a refresh came to; `problems` is empty when everything asked for was done.

    Of many messages of one kind these are the first, and how many more there are.
    """

    batches: list[str]
    problems: list[str]
    warnings: list[str]
    seconds: float


def refresh(home: Path, batch_nos: Collection[int] = ()) -> Refreshed:
    """Run the pipeline for these batches, or for all that are announced; record it in `home`.

    Raises FilingsError when the source does not tell what is announced, and DiskError when the
    disk fails where Dagster keeps its records.
    """
    with disk_errors_named(home), open_instance(home) as instance:
        return _refresh(instance, batch_nos)


def _refresh(instance: dg.DagsterInstance, batch_nos: Collection[int]) -> Refreshed:
    started = monotonic()
    register = Register()
    close_dead_runs(instance, register.data_dir)
    tell(Step("discovery", "reading the notice list"))
    with register.session() as session:
        discovery = discover(session, register.archive, register.outcomes)
    wanted = _wanted(batch_nos, discovery)
    mixed_sources = _mixed_sources(register)
    settle_batches(instance, discovery.batch_nos)
    unread, overlooked = discovery.notices.problems, discovery.notices.overlooked
    problems = first_lines([f"a notice cannot be read: {problem}" for problem in unread])
    problems += first_lines([f"a notice was not taken: {notice}" for notice in overlooked])
    for key_range in ranges_of(wanted, known_keys(instance)):
        problems += first_lines(_run(instance, register, range_tags(key_range)))
    warnings = first_lines([f"no announcement found of batch {gap}" for gap in discovery.gaps])
    remarks = [remark for outcome in register.outcomes.all() for remark in outcome.remarks]
    warnings += first_lines(remarks)
    warnings += mixed_sources + _shared_home(instance) + last_warnings(register.data_dir)
    warnings += clock_warnings(register.archive)
    return Refreshed(sorted(wanted), problems, warnings, monotonic() - started)


def _mixed_sources(register: Register) -> list[str]:
    """A warning where the data directory holds the other source's register."""
    latest = latest_release(register.published)
    before = descriptor(latest).get("source") if latest else None
    if before in (None, register.settings.source):
        return []
    return [
        f"{register.data_dir} holds a release of the source `{before}`: what differs from "
        f"`{register.settings.source}` shows as amended. "
        "Give each source a data directory of its own (FILINGS_DATA_DIR)"
    ]


def _shared_home(instance: dg.DagsterInstance) -> list[str]:
    """A warning where Dagster's records are those of other projects too."""
    others = foreign_runs(instance)
    if not others:
        return []
    return [
        f"{instance.root_directory} (DAGSTER_HOME) also holds the runs of {', '.join(others)}. "
        "They are left alone; better give each project a home of its own, or unset DAGSTER_HOME"
    ]


def _wanted(batch_nos: Collection[int], discovery: Discovery) -> set[str]:
    unknown = sorted(set(batch_nos) - set(discovery.announcements))
    if unknown:
        raise FilingsError(
            f"no such batch is announced: {few(map(batch_key, unknown))}",
            remedy=f"Announced are {few(map(batch_key, discovery.announcements), MAX_LINES)}",
        )
    return {batch_key(number) for number in batch_nos or discovery.announcements}


def _run(instance: dg.DagsterInstance, register: Register, tags: dict[str, str]) -> list[str]:
    """Execute one run; its problems in words, without tracebacks."""
    result = defs.resolve_job_def(REFRESH).execute_in_process(
        instance=instance, tags=tags, run_config=RUN_CONFIG, raise_on_error=False
    )
    if result.success:
        return []
    outcomes = register.outcomes.of_run(result.run_id)
    problems = [outcome.problem for outcome in outcomes if outcome.problem]
    reasons = [_reason(event) for event in result.get_step_failure_events()]
    if not problems and not reasons:
        # A run can fail without a failed step: when its resources, the lock say, cannot be had.
        reasons = [_reason(result.get_run_failure_event())]
    # A failing disk is not the fault of one document, so no outcome mentions it.
    told = {reason: explained(reason, register.data_dir) for reason in reasons}
    on_disk = [text for reason, text in told.items() if text != reason]
    return [*problems, *on_disk] or reasons


def _reason(event: dg.DagsterEvent) -> str:
    data = event.event_specific_data
    failure = getattr(data, "user_failure_data", None)
    error = getattr(data, "error", None)
    if failure and failure.description:
        return failure.description
    while error and error.cause:
        error = error.cause
    return error.message.strip() if error else event.message or event.event_type_value
