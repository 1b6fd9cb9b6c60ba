"""The output of `filings review`: what is due, and how many readings were written."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from orchestration.cli.query.values import plain_cell
from orchestration.cli.render.entries import EntryColumn, show_entries
from orchestration.cli.render.rows import SCREEN_ROWS
from orchestration.cli.render.text import line, path_text, percent
from orchestration.cli.review.candidates import Due
from orchestration.cli.review.readings_file import LISTED, READING, BadRow
from orchestration.runtime.counts import counted

_COLUMNS = (
    EntryColumn("number"),
    EntryColumn("batch", is_right=True),
    EntryColumn("confidence", is_right=True),
    EntryColumn("name", is_text=True),
    EntryColumn("entity", is_text=True),
    EntryColumn("why", is_text=True),
)


def show_due(console: Console, due: Sequence[Due], limit: int | None) -> None:
    """Print what is due as a table; `limit` is 0 for all, and None for the default."""
    if not due:
        console.print("Nothing is due for a reading")
        return
    most = SCREEN_ROWS if limit is None and console.is_terminal else limit or len(due)
    shown = due[:most]
    show_entries(console, _COLUMNS, [[*map(line, _texts(item))] for item in shown], folds=False)
    hidden = len(due) - len(shown)
    more = f", showing the first {len(shown)}; use --limit N" if hidden else ""
    console.print(f"\n{counted(len(due), 'filing is', 'filings are')} due{more}")


def print_due(due: Sequence[Due], limit: int | None) -> None:
    """Print what is due as CSV; all of it, unless there is a limit.

    The columns of a reading are empty, so that a reader can fill them in for `--from`.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*LISTED, *READING))
    for item in due[: limit or None]:
        subject = item.candidate.subject
        values = (
            subject.filing_number, subject.batch_no, subject.algorithm_name, subject.entity_name,
            item.why, item.candidate.confidence, subject.products, subject.purpose,
            *[None] * len(READING),
        )  # fmt: skip
        writer.writerow(map(plain_cell, values))
    click.echo(text.getvalue().encode(), nl=False)


def show_written(console: Console, count: int, path: Path, *, replaced: int = 0) -> None:
    """Print how many readings were written, and how they get into a release.

    `replaced` is how many of them took the place of an earlier one.
    """
    if not count:
        console.print("No reading was written")
        return
    verb = "replaced in" if replaced == count else "written to"
    written = f"{counted(count, 'reading was', 'readings were')} {verb} {path_text(path)}"
    what = "it" if count == 1 else "them"
    console.print(line(f"{written}. `filings refresh` publishes {what}"), soft_wrap=True)


def show_skipped(console: Console, count: int) -> None:
    """Print how many rows of a file have no sector, if there are any."""
    if count:
        console.print(f"{counted(count, 'row', 'rows')} without a sector skipped")


def show_bad_rows(errors: Console, bad: Sequence[BadRow]) -> None:
    """Print every row that cannot be taken, by its line in the file."""
    for row in bad:
        errors.print(line(f"line {row.line}: {row.problem}"), soft_wrap=True)


def _texts(item: Due) -> tuple[str, ...]:
    subject = item.candidate.subject
    return (
        subject.filing_number, str(subject.batch_no), percent(item.candidate.confidence),
        subject.algorithm_name, subject.entity_name, item.why,
    )  # fmt: skip
