"""The filings of a release with their labels, and which of them are due for a reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from orchestration.classification.labels import REGISTER, has_texts_read, text_keys
from orchestration.classification.reviews import (
    Candidate,
    Label,
    Subject,
    has_read,
    order_of,
    why_due,
)
from orchestration.cli.query.released import OpenRelease
from orchestration.cli.review.answers import Sector
from orchestration.cli.show.records import has_registrations
from scrapers.errors import FilingsError

# The columns of `filings` that are needed, with their types.
_NUMBERS = {
    "batch_no": pl.Int64, "sector_confidence": pl.Float64, "confidence_by_rules": pl.Float64,
}  # fmt: skip
_TEXTS = (
    "filing_number", "list_month", "algorithm_name", "entity_name", "role", "products", "purpose",
    "purpose_origin", "sector_by_rules", "inputs_by_rules", "outputs_by_rules",
)  # fmt: skip
SCHEMA = {**_NUMBERS, **dict.fromkeys(_TEXTS, pl.String)}


@dataclass(frozen=True)
class Due:
    """A filing to read, and why."""

    candidate: Candidate
    why: str


@dataclass(frozen=True)
class Reviewable:
    """What a release has for a review.

    `filings` has the columns of `SCHEMA` and `is_amended`, in the order of the lists. `sectors` are
    in their order. `elsewhere` has the register of each number that is in other registers.
    """

    filings: pl.DataFrame
    sectors: Sequence[Sector]
    elsewhere: Mapping[str, str]


def reviewable(release: OpenRelease) -> Reviewable:
    """Read the filings and sectors of a release.

    Raises FilingsError if the release was made before sectors could be reviewed.
    """
    filings = release.connection.table("filings")
    if missing := [name for name in SCHEMA if name not in filings.columns]:
        raise FilingsError(
            f"release {release.name} lacks {', '.join(missing)}, which reviews need",
            remedy="Run `filings refresh`",
        )
    schema = {**SCHEMA, "is_amended": pl.Boolean}
    # Not through Arrow: Polars cannot compute with the lossless booleans of an open release.
    rows = release.connection.execute(
        f"select {', '.join(SCHEMA)}, amended_at is not null from filings order by batch_no, row_no"
    ).fetchall()
    sectors = release.connection.execute(
        "select sector, sector_name_zh, definition from sectors order by sector_order"
    ).fetchall()
    return Reviewable(
        pl.DataFrame(rows, schema, orient="row"),
        [Sector(*row) for row in sectors],
        _elsewhere(release),
    )


def _elsewhere(release: OpenRelease) -> dict[str, str]:
    """The register of each number; empty in releases of earlier program versions."""
    if not has_registrations(release.connection):
        return {}
    return dict(
        release.connection.execute(
            "select number, register from registrations where register <> ?", [REGISTER]
        ).fetchall()
    )


def with_labels(filings: pl.DataFrame, labels: Mapping[str, Label]) -> dict[str, Candidate]:
    """The filings with their labels, by number.

    `filings` has the columns of `SCHEMA`, and `is_amended`: whether a later version of its list
    changed the filing.
    """
    keyed = filings.hstack(text_keys(filings))
    standing = _numbers_with_texts_read(keyed, labels.values())
    return {
        row["filing_number"]: Candidate(
            Subject(**{name: value for name, value in row.items() if name != "is_amended"}),
            labels.get(row["filing_number"]),
            is_amended=row["filing_number"] in labels and row["filing_number"] not in standing,
        )
        for row in keyed.iter_rows(named=True)
    }


def _numbers_with_texts_read(keyed: pl.DataFrame, labels: Iterable[Label]) -> set[str]:
    names = ("filing_number", "names_key", "purpose_key", "shipped_purpose_key")
    read = pl.DataFrame(
        [tuple(getattr(label, name) for name in names) for label in labels],
        schema=dict.fromkeys(
            ("filing_number", "read_names", "read_purpose", "read_shipped"), pl.String
        ),
        orient="row",
    )
    return set(keyed.join(read, on="filing_number").filter(has_texts_read())["filing_number"])


def due_filings(
    candidates: Iterable[Candidate], *, batch_no: int | None = None, reader: str | None = None
) -> list[Due]:
    """The filings that are due, those to read first at the top.

    `batch_no` limits them to a batch. Filings that `reader` has read are left out.
    """
    found = [
        Due(candidate, why)
        for candidate in candidates
        if batch_no in (None, candidate.subject.batch_no)
        and (why := why_due(candidate))
        and not (reader and has_read(candidate, reader))
    ]
    return sorted(found, key=lambda due: order_of(due.candidate, due.why))


def require_batch(candidates: Iterable[Candidate], batch_no: int | None) -> None:
    """Raise FilingsError if the release does not have the batch that is asked for."""
    known = {candidate.subject.batch_no for candidate in candidates}
    if batch_no is not None and batch_no not in known:
        newest = f"Its newest is {max(known)}" if known else None
        raise FilingsError(f"the release has no batch {batch_no}", remedy=newest)
