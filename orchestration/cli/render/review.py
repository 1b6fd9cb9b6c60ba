"""The output of `filings review`: what is due, a filing to read, and what was taken."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from orchestration.classification.reviews import Reading, Subject
from orchestration.cli.query.values import plain_cell
from orchestration.cli.render.entries import EntryColumn, show_entries
from orchestration.cli.render.layout import plain_table, show_facts
from orchestration.cli.render.rows import SCREEN_ROWS
from orchestration.cli.render.text import line, path_text, percent
from orchestration.cli.review.answers import Sector
from orchestration.cli.review.candidates import Due
from orchestration.cli.review.readings_file import BadRow
from orchestration.publication.purposes import OF_A_ROW
from orchestration.runtime.counts import counted

_COLUMNS = (
    EntryColumn("number"),
    EntryColumn("batch", is_right=True),
    EntryColumn("confidence", is_right=True),
    EntryColumn("name", is_text=True),
    EntryColumn("entity", is_text=True),
    EntryColumn("why", is_text=True),
)
_PLAIN_COLUMNS = ("filing_number", "batch_no", "algorithm_name", "entity_name", "why", "confidence")


def show_due(console: Console, due: Sequence[Due], limit: int | None) -> None:
    """Print what is due as a table; `limit` is 0 for all, and None for the default."""
    if not due:
        console.print("Nothing is due for a reading")
        return
    most = SCREEN_ROWS if limit is None and console.is_terminal else limit or len(due)
    shown = due[:most]
    show_entries(console, _COLUMNS, [[*map(line, _texts(item))] for item in shown])
    hidden = len(due) - len(shown)
    more = f", showing the first {len(shown)}; use --limit N" if hidden else ""
    console.print(f"\n{counted(len(due), 'filing is', 'filings are')} due{more}")


def print_due(due: Sequence[Due], limit: int | None) -> None:
    """Print what is due as CSV; all of it, unless there is a limit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_PLAIN_COLUMNS)
    for item in due[: limit or None]:
        subject = item.candidate.subject
        values = (
            subject.filing_number, subject.batch_no, subject.algorithm_name, subject.entity_name,
            item.why, item.candidate.confidence,
        )  # fmt: skip
        writer.writerow(map(plain_cell, values))
    click.echo(text.getvalue().encode(), nl=False)


def show_sectors(console: Console, sectors: Sequence[Sector]) -> None:
    """Print the sectors with the numbers by which they can be chosen."""
    table = plain_table("", "code", "name", "covers", right=[""], fixed=["", "code", "name"])
    for number, sector in enumerate(sectors, 1):
        table.add_row(str(number), *map(line, (sector.code, sector.name_zh, sector.covers)))
    console.print(table)


def show_filing_to_read(console: Console, subject: Subject, place: int, count: int) -> None:
    """Print a filing without its sector by rules or by other readers."""
    console.print()
    console.print(line(f"{subject.algorithm_name}  ({place:,} of {count:,})", "bold"))
    show_facts(console, _facts(subject))


def show_taken(console: Console, reading: Reading, subject: Subject) -> None:
    """Print the sector that was taken, and what the rules derive."""
    doubt = "" if reading.is_sure else ", not sure"
    rules = f"{subject.sector_by_rules} ({percent(subject.confidence_by_rules)})"
    console.print(line(f"taken: {reading.sector}{doubt}. By rules: {rules}", "green"))


def show_written(console: Console, count: int, path: Path) -> None:
    """Print how many readings were written, and how they get into a release."""
    if not count:
        console.print("No reading was written")
        return
    written = f"{counted(count, 'reading was', 'readings were')} written to {path_text(path)}"
    what = "it" if count == 1 else "them"
    console.print(line(f"{written}. `filings refresh` publishes {what}"), soft_wrap=True)


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


def _facts(subject: Subject) -> Iterator[tuple[str, Text]]:
    yield "number", line(subject.filing_number)
    yield "batch", line(str(subject.batch_no))
    yield "entity", line(f"{subject.entity_name} ({subject.role.replace('_', ' ')})")
    yield "products", line(subject.products or "none")
    yield "purpose", line(subject.purpose)
    yield "", line(OF_A_ROW.get(subject.purpose_origin, subject.purpose_origin), "dim")
    yield "technique", line(f"{subject.inputs_by_rules} > {subject.outputs_by_rules}, by rules")
