"""What differs between two releases, filing by filing, and the same as a page for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

KEY = "filing_number"
# Where a filing stands and which file it was read from is no change to the filing.
IGNORED_COLUMNS = frozenset({"list_position", "row_no", "document_sha256", "list_version"})


@dataclass(frozen=True)
class Filing:
    """A filing as a line of the page shows it."""

    filing_number: str
    batch_no: int
    algorithm_name: str
    entity_name: str


@dataclass(frozen=True)
class Amendment:
    """A filing whose columns differ: {column: (old, new)}."""

    filing: Filing
    columns: Mapping[str, tuple[object, object]]


@dataclass(frozen=True)
class Changes:
    """The difference of a release to the one before; `before` is None for the first."""

    before: str | None
    filings: int
    batches: Mapping[int, int]
    added: tuple[Filing, ...] = ()
    amended: tuple[Amendment, ...] = ()
    gone: tuple[Filing, ...] = ()

    @property
    def summary(self) -> str:
        total = f"{self.filings:,} filings in {len(self.batches)} batches"
        if self.before is None:
            return f"first release: {total}"
        counts = ((self.added, "added"), (self.amended, "amended"), (self.gone, "gone"))
        parts = [f"{len(items):,} {name}" for items, name in counts if items]
        return f"{total}: {', '.join(parts) or 'same filings, other figures'}"


def compare(new: Path, old: Path | None) -> Changes:
    """Compare the `filings` of two releases' folders, by filing number.

    Reads the Parquet files: an analyst may have locked the DuckDB file by opening it to write.
    """
    with duckdb.connect() as connection:
        for name, release in (("new", new), ("old", old)):
            if release is not None:
                path = release / "parquet" / "filings.parquet"
                connection.read_parquet(str(path)).create_view(f"{name}_filings")
        batches = dict(
            connection.sql(
                "select batch_no, count(*) from new_filings group by 1 order by 1"
            ).fetchall()
        )
        total = sum(batches.values())
        if old is None:
            return Changes(None, total, batches)
        return Changes(
            old.name,
            total,
            batches,
            added=_missing(connection, "new_filings", "old_filings"),
            amended=_amended(connection),
            gone=_missing(connection, "old_filings", "new_filings"),
        )


def to_markdown(changes: Changes, name: str) -> str:
    """CHANGES.md: new filings, amended ones with old and new values, and those gone."""
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
    for title, filings in (("New filings", changes.added), ("Gone from the lists", changes.gone)):
        if filings:
            lines += ["", f"## {title} ({len(filings):,})", "", _HEADING]
            lines += [_row(filing) for filing in filings]
    if changes.amended:
        lines += ["", f"## Amended ({len(changes.amended):,})"]
        for amendment in changes.amended:
            filing = amendment.filing
            lines += ["", f"**{filing.filing_number}** {_cell(filing.algorithm_name)}, "
                      f"{_cell(filing.entity_name)} (batch {filing.batch_no})", ""]  # fmt: skip
            lines += [
                f"- {column}: {_value(old)} → {_value(new)}"
                for column, (old, new) in amendment.columns.items()
            ]
    return "\n".join(lines) + "\n"


_SHOWN = "filing_number, batch_no, algorithm_name, entity_name"
_HEADING = "| number | batch | algorithm | entity |\n| --- | ---: | --- | --- |"


def _missing(
    connection: duckdb.DuckDBPyConnection, present: str, absent: str
) -> tuple[Filing, ...]:
    rows = connection.sql(
        f"select {_SHOWN} from {present} anti join {absent} using ({KEY}) "
        "order by batch_no, filing_number"
    ).fetchall()
    return tuple(Filing(*row) for row in rows)


def _amended(connection: duckdb.DuckDBPyConnection) -> tuple[Amendment, ...]:
    """Filings in both releases that differ in a column which both releases have."""
    known = set(_columns(connection, "old_filings")) - IGNORED_COLUMNS - {KEY}
    compared = [name for name in _columns(connection, "new_filings") if name in known]
    differs = " or ".join(f'n."{name}" is distinct from o."{name}"' for name in compared)
    pairs = ", ".join(f'o."{name}", n."{name}"' for name in compared)
    rows = connection.sql(
        f"select n.filing_number, n.batch_no, n.algorithm_name, n.entity_name, {pairs} "
        f"from new_filings n join old_filings o using ({KEY}) where {differs} "
        "order by n.batch_no, n.filing_number"
    ).fetchall()
    amendments = []
    for row in rows:
        values = zip(compared, row[4::2], row[5::2], strict=True)
        amendments.append(
            Amendment(Filing(*row[:4]), {name: (a, b) for name, a, b in values if a != b})
        )
    return tuple(amendments)


def _columns(connection: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    return connection.sql(f"from {view} limit 0").columns


def _row(filing: Filing) -> str:
    return (
        f"| {filing.filing_number} | {filing.batch_no} | {_cell(filing.algorithm_name)} "
        f"| {_cell(filing.entity_name)} |"
    )


def _value(value: object) -> str:
    return "(empty)" if value in (None, "") else _cell(str(value))


def _cell(text: str) -> str:
    """Text as text: nothing in a name may act as Markdown or HTML."""
    for character in "\\`*_{}[]<>|~&":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split())
