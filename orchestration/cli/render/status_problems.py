"""The problems in `filings status`: quarantined rows, stale documents, errors and warnings."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration.cli.render.status_text import utc_time
from orchestration.cli.render.text import cell, line, path_text
from orchestration.inspection.failed_checks import FailedCheck
from orchestration.inspection.register_status import RegisterStatus, moment
from orchestration.inspection.status import Status
from orchestration.runtime.counts import counted
from scrapers.errors import MAX_LINES, first_lines
from scrapers.registers.base import Register

QUARANTINE_SHOWN = 5
DOCUMENTS_NAMED = 8
# Notice ids and values are cut, so that a row fits eighty columns.
DOCUMENT_WIDTH, VALUE_WIDTH = 12, 26


def show_quarantine(console: Console, heading: str, failed: Sequence[FailedCheck]) -> None:
    """Print the first failed checks, and the files that hold all of them.

    `heading` is that of the column of documents.
    """
    rows = len({(check.document, check.row_no) for check in failed})
    console.print(f"\nin quarantine: {counted(rows, 'row', 'rows')}", style="yellow")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in (heading, "row", "column", "check", "value"):
        table.add_column(name, justify="right" if name == "row" else "left", no_wrap=True)
    for check in failed[:QUARANTINE_SHOWN]:
        document, value = line(check.document), line(check.value or "")
        document.truncate(DOCUMENT_WIDTH, overflow="ellipsis")
        value.truncate(VALUE_WIDTH, overflow="ellipsis")
        table.add_row(document, str(check.row_no), line(check.column), line(check.check), value)
    console.print(Padding(table, (0, 0, 0, 2)))
    hidden = len(failed) - QUARANTINE_SHOWN
    if hidden > 0:
        console.print(f"  and {counted(hidden, 'more failed check', 'more failed checks')}")
    console.print("every quarantined row, for `filings query \"from '…'\"`:")
    for path in list(dict.fromkeys(check.path for check in failed))[:QUARANTINE_SHOWN]:
        console.print(line(f"  {path_text(path)}"), soft_wrap=True)


def problem_texts(status: RegisterStatus, stale: Sequence[str]) -> Iterator[Text]:
    """The problems of a register: documents not checked for long, failures, then alarms."""
    register = status.register
    if stale:
        yield line(f"not checked for more than a day: {_named(register, stale)}", "yellow")
    for key, attempt in status.problems[:MAX_LINES]:
        text = Text()
        shown = status.documents.get(key)
        if shown and shown.shown_at:
            text = line(
                f"stale: {register.label(key)} uses its version of {shown.shown_at:%Y-%m-%d}; "
                f"failed {utc_time(moment(attempt.attempted_at))}:",
                "yellow",
            ).append("\n")
        yield text.append_text(cell(attempt.problem or "", "red"))
    hidden = len(status.problems) - MAX_LINES
    if hidden > 0:
        yield Text(f"and {counted(hidden, 'more problem', 'more problems')}", "red")
    for alarm in first_lines(status.alarms):
        yield cell(f"announcement not understood: {alarm}", "red")


def general_problem_texts(status: Status) -> Iterator[Text]:
    """Problems that concern no single document, then warnings."""
    for problem in first_lines(status.problems):
        yield cell(problem, "red")
    for warning in (*first_lines(status.remarks), *first_lines(status.warnings)):
        yield cell(f"warning: {warning}", "yellow")


def _named(register: Register, keys: Sequence[str]) -> str:
    """The first keys; only their number for a supplement, which is shown in one line."""
    if register.is_supplement:
        return register.terms.count_labels(len(keys))
    more = f" and {len(keys) - DOCUMENTS_NAMED} more" if keys[DOCUMENTS_NAMED:] else ""
    return ", ".join(keys[:DOCUMENTS_NAMED]) + more
