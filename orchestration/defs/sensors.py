"""The sensor that looks for new documents of all registers. The job `refresh` does the work."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import dagster as dg

from orchestration.defs.names import DOMAIN, REFRESH
from orchestration.defs.partitions import known_partitions, run_tags, settle_partitions
from orchestration.defs.resources import Workspace
from orchestration.defs.run_history import (
    close_dead_runs,
    failures_of,
    unfinished_runs,
)
from orchestration.defs.sensor_decisions import pending
from orchestration.incidents.report import report
from orchestration.ingest.pipeline import discover, known_keys
from orchestration.ingest.ticks import next_tick, read_tick, record_tick
from orchestration.publication.published_documents import published_documents
from orchestration.runtime.recorded_sources import (
    MixedSourcesError,
    record_source,
    require_source,
)
from orchestration.settings import NO_ALERTS, AlertSettings
from scrapers.errors import MAX_LINES, FilingsError, few, located
from scrapers.registers.base import Discovery, Register

# For all requests of a tick together, with redirects and the waits of the rate limit. Dagster ends
# a tick after a minute. The next one asks again anyway.
DEADLINE_SECONDS = 48.0


@dataclass
class _Tick:
    """The findings of one evaluation: keys of documents to run, alarms, remarks, counts.

    `unread` are the registers whose announcements could not be read, by name.
    """

    wanted: dict[Register, list[str]] = field(default_factory=dict)
    alarms: list[FilingsError] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)


def build_sensor(
    registers: Sequence[Register], workspace: Workspace, alerts: AlertSettings = NO_ALERTS
) -> dg.SensorDefinition:
    """Build the sensor for these registers.

    The workspace is not a resource here, because as a resource it takes the run lock, and a tick
    must not wait for a run.
    """

    @dg.sensor(
        name="new_documents",
        job_name=REFRESH,
        minimum_interval_seconds=workspace.poll_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks up what each register has published, and requests one run for all "
        "documents that are not in a release yet. Failed documents are retried after a wait.",
        tags=DOMAIN,
    )
    def new_documents(
        context: dg.SensorEvaluationContext,
    ) -> dg.SensorResult | dg.SkipReason:
        """Evaluate the sensor. An unreadable answer fails the tick; it is not "nothing new"."""
        tick = _Tick()
        try:
            result = _evaluate(context.instance, workspace, registers, tick)
        except MixedSourcesError:
            # The data belongs to another source. Only an overdue run is reported.
            _report(context, workspace, alerts)
            raise
        except Exception as error:
            # An alarm is not a failure of the tick: it is recorded with its register.
            problem = None if error in tick.alarms else str(error)
            _record(context, workspace, tick, problem)
            _report(context, workspace, alerts)
            raise
        _record(context, workspace, tick)
        _report(context, workspace, alerts)
        return result

    return new_documents


def _record(
    context: dg.SensorEvaluationContext,
    workspace: Workspace,
    tick: "_Tick",
    problem: str | None = None,
) -> None:
    """Record the tick. A disk that is full must not keep the tick from its runs and alerts."""
    folder = workspace.data.ingest_results
    at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        record_tick(folder, next_tick(read_tick(folder), at, tick.unread, problem))
    except OSError as error:
        context.log.warning("the tick cannot be recorded: %s", error)


def _report(
    context: dg.SensorEvaluationContext, workspace: Workspace, alerts: AlertSettings
) -> None:
    for warning in report(workspace.data, alerts):
        context.log.warning(warning)


def _evaluate(
    instance: dg.DagsterInstance, workspace: Workspace, registers: Sequence[Register], tick: _Tick
) -> dg.SensorResult | dg.SkipReason:
    require_source(workspace.data, workspace.source)
    record_source(workspace.data, workspace.source)
    dead = close_dead_runs(instance, workspace.data.root)
    tick.remarks += [f"run {run_id} died and was marked as failed" for run_id in dead]
    found = _discover(workspace, registers, tick)
    if unfinished_runs(instance):
        if tick.alarms:
            raise tick.alarms[0]
        return _skip("a run is queued or under way", tick.remarks)
    for register, discovery in found:
        _decide(instance, workspace, register, discovery, tick)
    if tick.wanted:
        return dg.SensorResult(run_requests=[dg.RunRequest(tags=run_tags(tick.wanted))])
    if tick.alarms:
        # Raised last, so that one unreadable announcement does not hold up other documents.
        raise tick.alarms[0]
    return _skip(f"{', '.join(tick.published)} published, none new", tick.remarks)


def _discover(
    workspace: Workspace, registers: Sequence[Register], tick: _Tick
) -> list[tuple[Register, Discovery]]:
    """Discover the documents of each register. A register that fails adds an alarm."""
    found = []
    # A register that does not answer must leave time for the others. Each sends one request.
    deadline = DEADLINE_SECONDS / len(registers)
    with (
        workspace.session(1, deadline, DEADLINE_SECONDS) as session,
        session.caching(),
    ):
        for register in registers:
            try:
                with located(document=register.title.en):
                    discovery = discover(session, register, workspace.archive, workspace.results)
            except FilingsError as error:
                tick.alarms.append(error)
                tick.unread[register.name] = str(error)
                continue
            if discovery.gaps:
                gaps = few(discovery.gaps, MAX_LINES)
                tick.remarks.append(f"no announcement found for {gaps}")
            found.append((register, discovery))
    return found


def _decide(
    instance: dg.DagsterInstance,
    workspace: Workspace,
    register: Register,
    discovery: Discovery,
    tick: _Tick,
) -> None:
    """Update the partitions of a register, and choose the documents to run now."""
    keys = sorted(known_keys(register, workspace.archive, discovery))
    settle_partitions(instance, register, keys)
    announced = [register.partition(key) for key in discovery.documents]
    released = set(map(register.partition, published_documents(workspace.data.published, register)))
    missing = sorted(set(announced) - released)
    known = known_partitions(instance, register)
    failures = failures_of(instance, register, missing, known)
    wanted = pending(announced, released, failures, time.time(), workspace.poll_seconds)
    if wanted:
        tick.wanted[register] = [register.key_of(item) for item in wanted]
    elif missing:
        waiting = [register.label(register.key_of(item)) for item in missing]
        tick.remarks.append(f"waiting to retry: {few(waiting, MAX_LINES)}")
    tick.alarms += discovery.alarms
    tick.published.append(register.terms.count_labels(len(announced)))


def _skip(reason: str, remarks: Sequence[str]) -> dg.SkipReason:
    """Skip with everything that an operator should know, since logs of a tick are not kept."""
    return dg.SkipReason("; ".join([reason, *remarks]))
