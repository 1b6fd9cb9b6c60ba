"""Layout shared by registrations and companies: labelled facts, titles, tables, timelines."""

import os
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli.render.text import cell, line
from orchestration.cli.show.events import Event
from orchestration.cli.show.registrations import Version
from scrapers.registers import REGISTERS

STATES = {
    "listed": "",
    "withdrawn_from_list": "withdrawn",
    "quarantined": "in quarantine",
}
# The states of registrations that are not in force.
ENDED = {"cancelled": "cancelled", "withdrawn_from_list": "withdrawn"}
_SOURCE = "source"
_LEAST_WITH_NUMBERS = 76
_LIST_EVENTS = {
    "listed": "listed in",
    "withdrawn_from_list": "withdrawn from the list of",
    "relisted": "listed again in",
    "moved": "moved to the list of",
}
_SUBJECTS = {
    "purpose": "purpose",
    "model": "algorithm model",
    "modality": "input or output modality",
    "product": "products",
    "person": "person in charge",
    "other": "other information",
}


def show_facts(
    console: Console, facts: Iterable[tuple[str, Text]], *, source: str | None = None
) -> None:
    """Print one label and text per line, with long texts folded in their column.

    `source` is the address of the list. It stays on one line: a folded URL could not be clicked.
    """
    rows = list(facts)
    labels = [label for label, _ in rows] + ([_SOURCE] if source else [])
    width = max(map(len, labels), default=0)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim", min_width=width)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, text)
    console.print(table)
    if source:
        named = Text(f"{_SOURCE:<{width}}  ", "dim")
        console.print(named.append_text(line(source)), soft_wrap=True)


def has_width(console: Console) -> bool:
    """Whether a terminal limits the width of lines, or the variable COLUMNS sets one."""
    return console.is_terminal or bool(os.environ.get("COLUMNS"))


def show_title(console: Console, title: str) -> None:
    """Print the title of a section, after an empty line."""
    console.print()
    console.print(Text(title, "bold"))


def plain_table(*columns: str, right: Sequence[str] = (), fixed: Sequence[str] = ()) -> Table:
    """A table without lines; `right` columns are right-aligned, `fixed` ones are not folded."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name in fixed,
            overflow="fold",
        )
    return table


def show_timeline(console: Console, events: Sequence[Event], *, with_numbers: bool) -> None:
    """Print one event per line: month, source, filing (optional) and description.

    On a narrow terminal, the filing is part of the description.
    """
    is_narrow = with_numbers and console.width < _LEAST_WITH_NUMBERS
    table = Table.grid(padding=(0, 2, 0, 0))
    for is_fixed in (
        (True, True, True, False) if with_numbers and not is_narrow else (True, True, False)
    ):
        table.add_column(no_wrap=is_fixed, overflow="fold")
    for event in events:
        month = event.event_month or f"≤ {event.seen_month}"
        filings = [line(_of_filings(event.filing_numbers), "dim")] if with_numbers else []
        description = line(describe_event(event), "red" if event.event == "cancelled" else "")
        if is_narrow:
            description = filings.pop().append("  ").append_text(description)
        table.add_row(f"{month:>9}", line(", ".join(event.sources)), *filings, description)
    console.print(table)
    if any(event.event_month is None for event in events):
        console.print(
            Text("≤  month not stated; the archive first saw the change in this month", "dim")
        )


def describe_event(event: Event) -> str:
    """A phrase such as `algorithm renamed: 云雀大模型算法 → 豆包大模型算法`."""
    if event.event in _LIST_EVENTS:
        return _list_event(event)
    if event.event == "unrecognised":
        return f"unrecognised note: {event.new_value}"
    if event.event == "amended":
        before, after = event.old_value or "(empty)", event.new_value or "(empty)"
        return f"{event.column_name} amended: {before} → {after}"
    words = event.event.replace("_", " ")
    if event.subject:
        words = f"{_SUBJECTS.get(event.subject, event.subject)} changed"
    return f"{words}{_values(event)}"


def _list_event(event: Event) -> str:
    """A phrase such as `listed in batch 11` or `withdrawn from services list 2024-04`."""
    words = _LIST_EVENTS[event.event]
    if event.batch_no is not None:
        return f"{words} batch {event.batch_no}"
    label = list_label(event.register or "", event.document_key or "")
    return f"{words.removesuffix(' the list of')} {label}"


def _values(event: Event) -> str:
    """The old and the new value of an event, or the only one that is stated."""
    old, new = event.old_value, event.new_value
    if not (old or new):
        return ""
    if event.event.endswith("_renamed") or (old and new):
        return f": {old or '(not stated)'} → {new or '(not stated)'}"
    return f": {old or new}"


def show_versions(console: Console, versions: Sequence[Version]) -> None:
    """Print one version per line, if there are several."""
    if len(versions) > 1:
        show_title(console, "versions in the archive (UTC)")
        for version in versions:
            console.print(cell(_version(version)))


def _version(version: Version) -> str:
    until = f"{version.valid_to:%Y-%m-%d %H:%M}" if version.valid_to else "now"
    columns = ", ".join(version.changed_columns or [])
    change = version.started_as + (f" in {columns}" if columns else "")
    ended = " until withdrawn" if version.ended_as == "withdrawn_from_list" else ""
    return (
        f"{version.version_no:>3}  {version.valid_from:%Y-%m-%d %H:%M} to {until}  {change}{ended}"
    )


def register_order(register: str) -> int:
    """The place of a register in the order of declaration; unknown ones come last."""
    names = [known.name for known in REGISTERS]
    return names.index(register) if register in names else len(names)


def register_title(register: str) -> str:
    """The title of a register, or its name if it is not declared."""
    titles = {known.name: known.title.en for known in REGISTERS}
    return titles.get(register, register.replace("_", " "))


def count_rows(register: str, count: int) -> str:
    """A number of rows in the words of a register, such as `2 filings` or `1 service`."""
    counted = {known.name: known.terms.count_rows(count) for known in REGISTERS}
    return counted.get(register, f"{count:,} registration{'' if count == 1 else 's'}")


def list_label(register: str, document_key: str) -> str:
    """The name of a list in messages, such as recommendation list 2024-04."""
    labels = {known.name: known.label(document_key) for known in REGISTERS}
    return labels.get(register, f"list {document_key}")


def place(province: str | None, city: str | None, district: str | None) -> str:
    """Province, city and district, or `unknown`; a municipality is named once."""
    parts = dict.fromkeys(part for part in (province, city, district) if part)
    return " ".join(parts) or "unknown"


def _of_filings(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"in {len(numbers)} filings"
