"""CHANGES.md: the differences from the previous release, as a page to read."""

from orchestration.publication.changes import ChangedFiling, Changes, Kind
from orchestration.runtime.texts import literal

TITLES: tuple[tuple[Kind, str], ...] = (
    ("added", "New filings"),
    ("amended", "Amended"),
    ("moved", "Moved to the list of another batch"),
    ("cancelled", "Cancelled"),
    ("gone", "No longer listed"),
)


def to_markdown(changes: Changes, name: str) -> str:
    """The page of release `name`, with number, name, entity and changed values of each filing."""
    lines = [
        f"# Changes in release {name}",
        "",
        f"{changes.summary[0].upper()}{changes.summary[1:]}.",
    ]
    if changes.before is None:
        lines += ["", "| batch | filings |", "| ---: | ---: |"]
        lines += [f"| {batch_no} | {filings:,} |" for batch_no, filings in changes.batches.items()]
        return "\n".join(lines) + "\n"
    lines += ["", f"Compared with release {changes.before}."]
    if changes.derived:
        counts = ", ".join(f"`{column}` in {n:,}" for column, n in changes.derived.items())
        lines += [
            "",
            f"Derived columns that differ in otherwise unchanged filings: {counts} filings.",
        ]
    for kind, title in TITLES:
        filings = changes.of_kind(kind)
        if filings:
            lines += ["", f"## {title} ({len(filings):,})", *_section(filings)]
    return "\n".join(lines) + "\n"


def _section(filings: list[ChangedFiling]) -> list[str]:
    """A table of the filings without changed columns, then each of the others."""
    plain = [filing for filing in filings if not filing.columns]
    lines = ["", *_HEADING, *(_row(filing) for filing in plain)] if plain else []
    for filing in filings:
        if filing.columns:
            lines += ["", *_details(filing)]
    return lines


_HEADING = ("| number | batch | algorithm | entity |", "| --- | ---: | --- | --- |")


def _row(filing: ChangedFiling) -> str:
    return (
        f"| {filing.filing_number} | {filing.batch_no} | {literal(filing.algorithm_name)} "
        f"| {literal(filing.entity_name)} |"
    )


def _details(filing: ChangedFiling) -> list[str]:
    lines = [
        (
            f"**{filing.filing_number}** {literal(filing.algorithm_name)}, "
            f"{literal(filing.entity_name)} (batch {filing.batch_no})"
        ),
        "",
    ]
    lines += [
        f"- {column}: {_value(old)} → {_value(new)}"
        for column, (old, new) in filing.columns.items()
    ]
    if filing.last_seen_in:
        lines.append(f"- last listed in version {filing.last_seen_in} of its list")
    return lines


def _value(value: str | None) -> str:
    return literal(value) if value else "(empty)"
