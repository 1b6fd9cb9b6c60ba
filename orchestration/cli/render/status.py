"""The output of `filings status`: one screen of eighty columns."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli.render.status_problems import problem_texts, show_quarantine
from orchestration.cli.render.status_text import age_text, counted, utc_time
from orchestration.cli.render.text import line, path_text
from orchestration.ingest.results import FINISHED, IngestResult, LastRun
from orchestration.inspection.status import ListStatus, NoticesStatus, ReleaseStatus, Status, moment
from orchestration.settings import Settings

_COLUMNS = ("batch", "list", "filings", "quarantined", "versions", "newest", "tried", "result")
_COUNTS = {"filings", "quarantined", "versions"}


def show_status(console: Console, settings: Settings, status: Status, now: datetime) -> None:
    """Print the release, the last run and the notices, then a row per batch, then all problems."""
    for label, text in _facts(settings, status, now):
        console.print(Text(f"{label:<10}").append_text(text), soft_wrap=True)
    if not status.attempts and not status.lists:
        console.print("\nNo data yet. Run `filings refresh`")
        return
    console.print()
    console.print(_batches_table(status))
    if status.quarantine:
        show_quarantine(console, status.quarantine)
    for text in problem_texts(status, now):
        console.print()
        console.print(text, soft_wrap=True)
    console.print("\nnewest: when the latest version of the list was fetched. Times are UTC")


def _facts(settings: Settings, status: Status, now: datetime) -> Iterator[tuple[str, Text]]:
    yield "data", line(path_text(settings.data_dir))
    yield "source", Text(settings.source)
    if status.release is None:
        yield "release", Text("none yet")
    else:
        yield "release", line(status.release.name)
        yield "", Text(_created(status.release, now))
        yield from (("", Text(text)) for text in _contents(status.release))
    yield "last run", _last_run(status.last_run)
    yield "finished", _last_finished(status, now)
    yield "notices", Text(_notices(status.notices))


def _created(release: ReleaseStatus, now: datetime) -> str:
    at = release.made_at
    return f"created {utc_time(at)}, {age_text(now - at)}" if at else "creation time unknown"


def _contents(release: ReleaseStatus) -> Iterator[str]:
    batches = counted(release.batches, "batch", "batches")
    total = f"{counted(release.filings, 'filing', 'filings')} in {batches}"
    yield f"{total}, the first release" if release.changed is None else total
    if release.changed is not None:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in release.changed.items())
        yield f"changes since the previous release: {counts or 'none'}"


def _last_run(run: LastRun | None) -> Text:
    if run is None:
        return Text("none yet")
    when = f"{utc_time(moment(run.at))}  "
    if run.problem:
        return Text(when).append_text(line(f"stopped at {run.stage}: {run.problem}", "red"))
    return Text(
        when + (run.stage if run.stage == FINISHED else f"running or killed, stage {run.stage}")
    )


def _last_finished(status: Status, now: datetime) -> Text:
    """When a run last finished, and whether that is too long ago."""
    run = status.last_finished
    text = Text("never")
    if run:
        at = moment(run.at)
        text = Text(f"{utc_time(at)}, {age_text(now - at)}")
    if status.is_overdue(now):
        text.append("  stale: run `filings refresh`", "yellow")
    return text


def _notices(notices: NoticesStatus | None) -> str:
    if notices is None:
        return "none yet"
    newest = f", newest of {notices.newest_on}" if notices.newest_on else ""
    return f"{notices.notices} with {notices.records:,} records{newest}"


def _batches_table(status: Status) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, justify="right" if name in _COUNTS else "left", no_wrap=True)
    for key in sorted({*status.lists, *status.attempts}):
        table.add_row(line(key), *_batch(status.lists.get(key), status.attempts.get(key)))
    return table


def _batch(shown: ListStatus | None, attempt: IngestResult | None) -> Iterator[Text]:
    yield line(shown.month or "" if shown else "")
    for count in (shown.filings, shown.quarantined, shown.versions) if shown else (None,) * 3:
        yield Text("" if count is None else f"{count:,}")
    yield Text(f"{shown.newest_at:%Y-%m-%d}" if shown else "")
    yield Text(f"{moment(attempt.attempted_at):%m-%d %H:%M}" if attempt else "")
    yield Text("failed", "red") if attempt and attempt.problem else Text("ok")
