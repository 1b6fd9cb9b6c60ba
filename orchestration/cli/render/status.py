"""How the register stands, on one screen of eighty columns."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration.cli.render.text import cell, line, path_text
from orchestration.ingest.results import FINISHED, LastRun, Outcome
from orchestration.settings import Settings
from orchestration.stores.status import ListStatus, NoticesStatus, ReleaseStatus, Status, moment
from orchestration.validation.quarantine import FailedCheck
from scrapers.errors import MAX_LINES, first_lines

QUARANTINE_SHOWN = 5
BATCHES_NAMED = 8
# An id of a notice and a value are cut so that the columns between them stay whole.
DOCUMENT_WIDTH, VALUE_WIDTH = 12, 26
_COLUMNS = ("batch", "list", "filings", "quarantined", "versions", "newest", "tried", "result")
_COUNTS = {"filings", "quarantined", "versions"}


def show_status(console: Console, settings: Settings, status: Status, now: datetime) -> None:
    """The release, the last run and the notices; each batch with the version in use and the last
    attempt; then what is stale, in quarantine, or has failed."""
    for label, text in _facts(settings, status, now):
        console.print(Text(f"{label:<10}").append_text(text), soft_wrap=True)
    if not status.attempts and not status.lists:
        console.print("\nNothing yet: run `filings refresh`")
        return
    console.print()
    console.print(_batches(status))
    if status.quarantine:
        _show_quarantine(console, status.quarantine)
    for text in _remarks(status, now):
        console.print()
        console.print(text, soft_wrap=True)
    console.print("\nnewest: when the newest version of the list was fetched; times are UTC")


def _facts(settings: Settings, status: Status, now: datetime) -> Iterator[tuple[str, Text]]:
    yield "data", line(path_text(settings.data_dir))
    yield "source", Text(settings.source)
    if status.release is None:
        yield "release", Text("none yet")
    else:
        yield "release", line(status.release.name)
        yield "", Text(_made(status.release, now))
        yield from (("", Text(told)) for told in _contents(status.release))
    yield "last run", _last_run(status.last_run)
    yield "finished", _last_finished(status, now)
    yield "notices", Text(_notices(status.notices))


def _made(release: ReleaseStatus, now: datetime) -> str:
    at = release.made_at
    return f"made {_time(at)}, {_ago(now - at)}" if at else "made nobody knows when"


def _contents(release: ReleaseStatus) -> Iterator[str]:
    batches = _counted(release.batches, "batch", "batches")
    total = f"{_counted(release.filings, 'filing', 'filings')} in {batches}"
    yield f"{total}, the first release" if release.changed is None else total
    if release.changed is not None:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in release.changed.items())
        yield f"against the release before: {counts or 'same filings'}"


def _last_run(run: LastRun | None) -> Text:
    if run is None:
        return Text("none yet")
    when = f"{_time(moment(run.at))}  "
    if run.problem:
        return Text(when).append_text(line(f"stopped at {run.stage}: {run.problem}", "red"))
    return Text(
        when + (run.stage if run.stage == FINISHED else f"under way or killed: {run.stage}")
    )


def _last_finished(status: Status, now: datetime) -> Text:
    """When a run last came to its end, and whether that is too long ago."""
    run = status.last_finished
    text = Text("never")
    if run:
        at = moment(run.at)
        text = Text(f"{_time(at)}, {_ago(now - at)}")
    if status.is_overdue(now):
        text.append("  stale: run `filings refresh`", "yellow")
    return text


def _notices(notices: NoticesStatus | None) -> str:
    if notices is None:
        return "none yet"
    newest = f", newest of {notices.newest_on}" if notices.newest_on else ""
    return f"{notices.notices} with {notices.records:,} records{newest}"


def _batches(status: Status) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in _COLUMNS:
        justify = "right" if name in _COUNTS else "left"
        table.add_column(name, justify=justify, no_wrap=True)
    for key in sorted({*status.lists, *status.attempts}):
        table.add_row(line(key), *_batch(status.lists.get(key), status.attempts.get(key)))
    return table


def _batch(shown: ListStatus | None, attempt: Outcome | None) -> Iterator[Text]:
    yield line(shown.month or "" if shown else "")
    for count in (shown.filings, shown.quarantined, shown.versions) if shown else (None,) * 3:
        yield Text("" if count is None else f"{count:,}")
    yield Text(f"{shown.newest_at:%Y-%m-%d}" if shown else "")
    yield Text(f"{moment(attempt.attempted_at):%m-%d %H:%M}" if attempt else "")
    yield Text("failed", "red") if attempt and attempt.problem else Text("ok")


def _show_quarantine(console: Console, failed: Sequence[FailedCheck]) -> None:
    """The first failed checks, and where all of them are."""
    rows = len({(check.document, check.row_no) for check in failed})
    console.print(f"\nin quarantine: {_counted(rows, 'row', 'rows')}", style="yellow")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("batch", "row", "column", "check", "value"):
        table.add_column(name, justify="right" if name == "row" else "left", no_wrap=True)
    for check in failed[:QUARANTINE_SHOWN]:
        document, value = line(check.document), line(check.value or "")
        document.truncate(DOCUMENT_WIDTH, overflow="ellipsis")
        value.truncate(VALUE_WIDTH, overflow="ellipsis")
        table.add_row(document, str(check.row_no), line(check.column), line(check.check), value)
    console.print(Padding(table, (0, 0, 0, 2)))
    hidden = len(failed) - QUARANTINE_SHOWN
    if hidden > 0:
        console.print(f"  and {_counted(hidden, 'more failed check', 'more failed checks')}")
    console.print("all of it, for `filings query \"from '…'\"`:")
    for path in list(dict.fromkeys(check.path for check in failed))[:QUARANTINE_SHOWN]:
        console.print(line(f"  {path_text(path)}"), soft_wrap=True)


def _remarks(status: Status, now: datetime) -> Iterator[Text]:
    """What is stale and why, the problems as they were reported, and what only warns."""
    not_tried = status.not_tried(now)
    if not_tried and not status.is_overdue(now):
        named = ", ".join(not_tried[:BATCHES_NAMED])
        more = f" and {len(not_tried) - BATCHES_NAMED} more" if not_tried[BATCHES_NAMED:] else ""
        yield line(f"not looked at for more than a day: {named}{more}", "yellow")
    for attempt in status.problems[:MAX_LINES]:
        text = Text()
        shown = status.lists.get(attempt.folder)
        if shown and shown.shown_at:
            text = line(
                f"stale: batch {attempt.folder} shows its version of {shown.shown_at:%Y-%m-%d}, "
                f"failed {_time(moment(attempt.attempted_at))}:",
                "yellow",
            ).append("\n")
        yield text.append_text(cell(attempt.problem or "", "red"))
    hidden = len(status.problems) - MAX_LINES
    if hidden > 0:
        yield Text(f"and {_counted(hidden, 'more problem', 'more problems')}", "red")
    for alarm in first_lines(status.alarms):
        yield cell(f"not taken from the notice list: {alarm}", "red")
    for warning in (*first_lines(status.remarks), *first_lines(status.warnings)):
        yield cell(f"warning: {warning}", "yellow")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _ago(age: timedelta) -> str:
    """How long ago, roughly."""
    hours = age / timedelta(hours=1)
    if hours < 1:
        return "within the hour"
    return f"{hours:.0f} hours ago" if hours < 48 else f"{hours / 24:.0f} days ago"
