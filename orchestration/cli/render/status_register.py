"""The section of a register in `filings status`: its documents, quarantine and problems."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli.render.status_problems import problem_texts, show_quarantine
from orchestration.cli.render.text import line
from orchestration.ingest.results import IngestResult
from orchestration.inspection.register_status import DocumentStatus, RegisterStatus, moment

# Older documents are shown only if they failed or have rows in quarantine.
DOCUMENTS_SHOWN = 40
# In this order, columns are left out on a narrow terminal.
_MISSABLE = ("tried", "newest")
_UNLIMITED = 1_000


def show_register(console: Console, status: RegisterStatus, stale: Sequence[str]) -> None:
    """Print the section of a register; `stale` are the documents that were not fetched for long."""
    register = status.register
    if register.is_supplement or not status.keys:
        console.print(f"\n[bold]{register.title.en}[/bold]: {_summary(status)}")
    else:
        console.print(f"\n[bold]{register.title.en}[/bold]")
        shown = _shown_keys(status)
        console.print(_fitting(console, status, shown))
        if hidden := len(status.keys) - len(shown):
            console.print(f"and {register.terms.count_labels(hidden)} before")
    if status.quarantine:
        show_quarantine(console, _key_heading(status), status.quarantine)
    for text in problem_texts(status, stale):
        console.print()
        console.print(text, soft_wrap=True)


def _summary(status: RegisterStatus) -> str:
    """All documents in one line."""
    terms, in_use = status.register.terms, status.in_use
    if not in_use:
        return f"no {terms.document} yet"
    rows = terms.count_rows(sum(item.rows or 0 for item in in_use))
    dates = [item.published_on for item in in_use if item.published_on]
    newest = f", newest of {max(dates)}" if dates else ""
    return f"{terms.count_labels(len(in_use))} with {rows}{newest}"


def _shown_keys(status: RegisterStatus) -> list[str]:
    """The newest documents, and older ones that an operator should look at."""
    failed = {key for key, _ in status.problems} | {check.document for check in status.quarantine}
    newest = set(status.keys[-DOCUMENTS_SHOWN:])
    return [key for key in status.keys if key in newest | failed]


def _key_heading(status: RegisterStatus) -> str:
    terms = status.register.terms
    return terms.label if status.register.key_of_number else terms.document


def _fitting(console: Console, status: RegisterStatus, keys: Sequence[str]) -> Table:
    """The table, on a narrow terminal without the columns that can best be missed."""
    tables = (_table(status, keys, _MISSABLE[:count]) for count in range(len(_MISSABLE)))
    unlimited = console.options.update_width(_UNLIMITED)
    for table in tables:
        if table.__rich_measure__(console, unlimited).maximum <= console.width:
            return table
    return _table(status, keys, _MISSABLE)


def _table(status: RegisterStatus, keys: Sequence[str], left_out: Sequence[str]) -> Table:
    """A row per document. The month has a column unless it is the key."""
    terms = status.register.terms
    months = any(item.month not in (None, key) for key, item in status.documents.items())
    month = terms.document if status.register.key_of_number else "month"
    counts = (terms.rows, "quarantined", "versions")
    headings = [_key_heading(status), *([month] if months else []), *counts]
    table = Table(box=None, header_style="bold", pad_edge=False)
    names = (*headings, "newest", "tried", "result")
    for name in names:
        if name not in left_out:
            table.add_column(name, justify="right" if name in counts else "left", no_wrap=True)
    for key in keys:
        shown, attempt = status.documents.get(key), status.attempts.get(key)
        named = [line(shown.month or "" if shown else "")] if months else []
        cells = zip(names, (line(key), *named, *_cells(shown, attempt)), strict=True)
        table.add_row(*(cell for name, cell in cells if name not in left_out))
    return table


def _cells(shown: DocumentStatus | None, attempt: IngestResult | None) -> Iterator[Text]:
    for count in (shown.rows, shown.quarantined, shown.versions) if shown else (None,) * 3:
        yield Text("" if count is None else f"{count:,}")
    yield Text(f"{shown.newest_at:%Y-%m-%d}" if shown else "")
    yield Text(f"{moment(attempt.attempted_at):%m-%d %H:%M}" if attempt else "")
    yield Text("failed", "red") if attempt and attempt.problem else Text("ok")
