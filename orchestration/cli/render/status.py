"""The output of `filings status`: one screen, complete with eighty columns."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console
from rich.text import Text

from orchestration.cli.render.stages import when as during_stage
from orchestration.cli.render.status_problems import general_problem_texts
from orchestration.cli.render.status_register import show_register
from orchestration.cli.render.status_text import age_text, utc_time
from orchestration.cli.render.text import line, path_text
from orchestration.incidents.health import Health
from orchestration.incidents.incident import Incident
from orchestration.ingest.results import FINISHED, STOPPED_BY_USER, LastRun
from orchestration.inspection.register_status import moment
from orchestration.inspection.status import ReleaseStatus, Status
from orchestration.publication.changes import counted_kind
from orchestration.publication.unread import unread_text
from orchestration.runtime.counts import counted
from orchestration.runtime.recorded_sources import recorded_sources, source_text
from orchestration.settings import Settings
from scrapers.errors import first_lines


def show_status(
    console: Console, settings: Settings, status: Status, now: datetime, health: Health
) -> None:
    """Print the release and the last run, a section per register, then the other problems.

    The last line says whether all is well.
    """
    for label, text in _facts(settings, status, now, health):
        console.print(Text(f"{label:<10}").append_text(text), soft_wrap=True)
    if any(register.keys for register in status.registers):
        for register in status.registers:
            # If the refresh itself is overdue, every document is.
            stale = [] if status.is_overdue(now) else register.not_tried(now)
            show_register(console, register, stale)
    else:
        console.print("\nNo data yet. Run `filings refresh`")
    for text in general_problem_texts(status):
        console.print()
        console.print(text, soft_wrap=True)
    if any(register.keys for register in status.registers):
        console.print("\nnewest: when the latest version was fetched. Times are UTC")
    console.print()
    console.print(_health(status, health), soft_wrap=True)


def _facts(
    settings: Settings, status: Status, now: datetime, health: Health
) -> Iterator[tuple[str, Text]]:
    yield "data", line(path_text(settings.data_dir))
    yield "source", _source(settings)
    if status.release is None:
        yield "release", Text("none yet")
    else:
        yield "release", line(status.release.name)
        yield "", Text(_created(status.release, now))
        yield from (("", Text(text)) for text in _contents(status.release))
    if status.release and status.release.unread:
        yield "to read", Text(unread_text(status.release.unread))
    yield (
        "last run",
        _last_run(status.last_run, is_running=status.is_running, is_open=health.state == "failed"),
    )
    yield "finished", _last_finished(status, now)


def _health(status: Status, health: Health) -> Text:
    """The open incidents, one line each; or that all is well, or overdue."""
    if health.state == "failed":
        failed = [item for item in health.incidents if item.kind != "overdue"]
        text = Text(f"{counted(len(failed), 'problem', 'problems')} open:", "bold red")
        for shown in first_lines([_incident(item) for item in failed]):
            text.append("\n  ").append_text(line(shown, "not bold"))
    elif health.state == "overdue":
        never = status.last_finished is None
        why = "no run has finished yet" if never else "no run has finished for more than 26 hours"
        text = Text(f"overdue: {why}. Run `filings refresh`", "bold yellow")
    else:
        text = Text("all is well", "green")
    if health.failed_message:
        text.append("\n").append_text(line(f"warning: {health.failed_message}", "yellow"))
    return text


def _incident(incident: Incident) -> str:
    """One line; with the first line of the text if that is not shown elsewhere on the screen."""
    if incident.kind not in ("run", "sensor", "service"):
        return incident.title
    return f"{incident.title}: {next(iter(incident.text.splitlines()), '')}"


def _source(settings: Settings) -> Text:
    """The sources of the data, and a remark if runs from the configured one are refused."""
    recorded = recorded_sources(settings.data)
    text = Text(source_text(settings.data, settings.source))
    if recorded and settings.source not in recorded:
        text.append(f"  FILINGS_SOURCE is {settings.source}: runs are refused", "yellow")
    return text


def _created(release: ReleaseStatus, now: datetime) -> str:
    at = release.made_at
    return f"created {utc_time(at)}, {age_text(now - at)}" if at else "creation time unknown"


def _contents(release: ReleaseStatus) -> Iterator[str]:
    *others, last = release.totals or ["no documents"]
    yield from (f"{total}," for total in others)
    yield f"{last}, the first release" if release.changed is None else last
    if release.changed is not None:
        counts = [counted_kind(kind, count) for kind, count in release.changed.items()]
        if new := len(release.new_registers):
            counts.append(f"{new} new register{'' if new == 1 else 's'}")
        yield f"changes since the previous release: {', '.join(counts) or 'none'}"
        yield from (f"new register: {text}" for text in release.new_registers)


def _last_run(run: LastRun | None, *, is_running: bool, is_open: bool) -> Text:
    if run is None:
        return Text("none yet")
    when = f"{utc_time(moment(run.at))}  "
    during = during_stage(run.stage)
    if run.problem == STOPPED_BY_USER:
        return Text(f"{when}{STOPPED_BY_USER} {during}")
    if run.problem:
        return Text(when).append_text(line(f"stopped at {run.stage}: {run.problem}", "red"))
    if run.stage == FINISHED:
        text = Text(when + FINISHED)
        if run.failures:
            failed = counted(run.failures, "problem", "problems")
            open_ = "see below" if is_open else "solved since"
            text.append(f", but with {failed}: {open_}", "red" if is_open else "")
        return text
    if is_running:
        return Text(f"{when}running, {during}")
    return Text(when).append(f"killed {during}: run `filings refresh`", "yellow")


def _last_finished(status: Status, now: datetime) -> Text:
    """When a run last finished, and whether that is too long ago."""
    run = status.last_finished
    text = Text("never")
    if run:
        at = moment(run.at)
        text = Text(f"{utc_time(at)}, {age_text(now - at)}")
    # A run under way may be the one that is asked for.
    if status.is_overdue(now) and not status.is_running:
        text.append("  stale: run `filings refresh`", "yellow")
    return text
