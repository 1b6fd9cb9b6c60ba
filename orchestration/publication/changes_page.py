"""CHANGES.md: the differences from the previous release, as a page to read."""

from collections import Counter

from orchestration.publication.changes import KINDS, ChangedRow, Changes, Kind, RegisterChanges
from orchestration.runtime.texts import literal
from orchestration.warehouse.compared import Compared


def to_markdown(changes: Changes, name: str) -> str:
    """The page of release `name`: a section per register that has changed.

    Each section has the number of changes by list, then number, name, entity and changed values of
    each row. A register that is new, as all are in a first release, has its rows by list only.
    """
    lines = [
        f"# Changes in release {name}",
        "",
        f"{changes.summary[:1].upper()}{changes.summary[1:]}.",
    ]
    if changes.before is not None:
        lines += ["", f"Compared with release {changes.before}."]
    for item in changes.registers:
        if item.is_new or (changes.before is None and item.listed.documents):
            total = f"{'New register: ' if item.is_new else ''}{item.listed.total}."
            lines += ["", *_heading(item), "", total, "", *_listed(item)]
        elif item.rows or item.derived:
            lines += ["", *_heading(item), *_register(item)]
    return "\n".join(lines) + "\n"


def _heading(item: RegisterChanges) -> list[str]:
    return [f"## {item.listed.title.en} · {item.listed.title.zh}"]


def _listed(item: RegisterChanges) -> list[str]:
    """A table of the listed rows of each list."""
    return [
        f"| {item.compared.documents.one} | {item.compared.rows.many} |",
        "| ---: | ---: |",
        *(f"| {document} | {rows:,} |" for document, rows in item.listed.documents.items()),
    ]


def _register(item: RegisterChanges) -> list[str]:
    """The changes of a register: by list, in derived columns, and row by row."""
    lines = ["", f"{item.listed.total}: {item.difference}."]
    if item.rows:
        lines += ["", *_counted(item)]
    if item.derived:
        counts = ", ".join(f"`{column}` in {n:,}" for column, n in item.derived.items())
        nouns = item.compared.rows.many
        lines += ["", f"Derived columns that differ in otherwise unchanged {nouns}: {counts}."]
    for kind in KINDS:
        if rows := item.of_kind(kind):
            title = _title(kind, item.compared)
            lines += ["", f"### {title} ({len(rows):,})", *_section(rows, item.compared)]
    return lines


def _counted(item: RegisterChanges) -> list[str]:
    """A table of the changed lists, with the number of changes of each kind."""
    counts = Counter((row.document, row.kind) for row in item.rows)
    kinds = [kind for kind in KINDS if item.counts[kind]]
    # Rows are in the order of their lists.
    documents = dict.fromkeys(row.document for row in item.rows)
    return [
        f"| {item.compared.documents.one} | {' | '.join(kinds)} |",
        f"| ---: |{' ---: |' * len(kinds)}",
        *(
            f"| {document} | {' | '.join(f'{counts[document, kind]:,}' for kind in kinds)} |"
            for document in documents
        ),
    ]


def _title(kind: Kind, compared: Compared) -> str:
    titles: dict[Kind, str] = {
        "added": f"New {compared.rows.many}",
        "amended": "Amended",
        "moved": f"Moved to another {compared.documents.one}",
        "cancelled": "Cancelled",
        "confirmed": "Cancellation confirmed",
        "gone": "No longer listed",
    }
    return titles[kind]


def _section(rows: list[ChangedRow], compared: Compared) -> list[str]:
    """A table of the rows without changed columns, then each of the others."""
    plain = [row for row in rows if not row.columns]
    lines = []
    if plain:
        heading = f"| number | {compared.documents.one} | name | entity |"
        lines += ["", heading, "| --- | ---: | --- | --- |", *map(_row, plain)]
    for row in rows:
        if row.columns:
            lines += ["", *_details(row, compared)]
    return lines


def _row(row: ChangedRow) -> str:
    return (
        f"| {literal(row.number)} | {row.document} | {literal(row.name)} "
        f"| {literal(row.entity_name)} |"
    )


def _details(row: ChangedRow, compared: Compared) -> list[str]:
    lines = [
        (
            f"**{literal(row.number)}** {literal(row.name)}, "
            f"{literal(row.entity_name)} ({compared.documents.one} {row.document})"
        ),
        "",
    ]
    lines += [
        f"- {column}: {_value(old)} → {_value(new)}" for column, (old, new) in row.columns.items()
    ]
    if row.last_seen_in:
        lines.append(f"- last listed in version {row.last_seen_in} of its list")
    return lines


def _value(value: str | None) -> str:
    return literal(value) if value else "(empty)"
