"""CHANGES.md: the differences from the previous release, as a page to read."""

from collections import Counter

from orchestration.publication.changes import KINDS, ChangedRow, Changes, Kind, RegisterChanges
from orchestration.runtime.texts import literal
from orchestration.warehouse.compared import Compared

# The rows of each kind that the page has; all of them are in the table `changes`.
SHOWN_ROWS = 20


def to_markdown(changes: Changes, name: str) -> str:
    """The page of release `name`: a summary, then a section per register that has changed.

    Each section has the number of changes by list, then number, name, entity and changed values of
    the first rows of each kind. A register that is new, as all are in a first release, has its rows
    by list only.
    """
    compared = (
        "First release." if changes.before is None else f"Compared with release {changes.before}."
    )
    lines = [f"# Changes in release {name}", "", compared]
    if summary := _summary(changes):
        lines += ["", *summary]
    for item in changes.registers:
        if _is_new(changes, item):
            total = f"{'New register: ' if item.is_new else ''}{item.listed.total}."
            lines += ["", *_heading(item), "", total, "", *_listed(item)]
        elif item.rows or item.derived:
            lines += ["", *_heading(item), *_register(item)]
    return "\n".join(lines) + "\n"


def _is_new(changes: Changes, item: RegisterChanges) -> bool:
    return item.is_new or (changes.before is None and bool(item.listed.documents))


def _summary(changes: Changes) -> list[str]:
    """A line per register that has rows: what has changed, which lists are new, and its total."""
    return [
        f"- **{item.listed.title.en}** ({item.listed.title.zh}): {_in_short(changes, item)}"
        for item in changes.registers
        if item.listed.documents or item.rows
    ]


def _in_short(changes: Changes, item: RegisterChanges) -> str:
    if _is_new(changes, item):
        return f"{item.listed.total}{', a new register' if item.is_new else ''}."
    new = _new_lists(item)
    noun = item.compared.documents
    lists = f"; new {noun.one if len(new) == 1 else noun.many}: {', '.join(new)}" if new else ""
    return f"{item.difference}{lists}. Now {item.listed.total}."


def _new_lists(item: RegisterChanges) -> list[str]:
    """The lists that have no row that was in the same list before."""
    came = Counter(row.document for row in item.rows if row.kind in ("added", "moved"))
    documents = item.listed.documents.items()
    return [str(document) for document, rows in documents if came[document] == rows]


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
            lines += ["", f"### {title} ({len(rows):,})"]
            lines += _section(rows[:SHOWN_ROWS], item.compared)
            if len(rows) > SHOWN_ROWS:
                lines += ["", *_more(kind, len(rows) - SHOWN_ROWS, item.compared)]
    return lines


def _more(kind: Kind, rows: int, compared: Compared) -> list[str]:
    """How many rows the page leaves out, and the query that shows all of them."""
    return [
        f"{rows:,} more. All are in the table `changes`:",
        "",
        "```sql",
        f"from changes where register = '{compared.register}' and kind = '{kind}'",
        "```",
    ]


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
