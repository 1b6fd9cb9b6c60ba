"""The shipped register: batches 1 to 18 and the cancellation notices, as typed facts.

`facts/*.tsv` contain the official lists of September 2026, cell by cell as printed. Only the
purpose is stored in parts, from which `wording` composes a sentence. The formats of the source are
in `docx`, `pdf` and `pages`. Tests make changed registers with `dataclasses.replace`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType
from urllib.parse import urlsplit


@dataclass(frozen=True)
class AnnouncementFact:
    """One numbered batch; `list_month` is YYYY-MM, and `page_path` starts at the host's root."""

    batch_no: int
    list_month: str
    published_on: date
    page_path: str


@dataclass(frozen=True)
class FilingFact:
    """One row of a list.

    `position` is the printed row number, empty if Word numbers the rows. `role` is provider or
    technical_supporter. `filing_number` has 21 digits. `note` is as printed.

    The parts of the purpose may be empty: `scenario`; `clients`; `given`, the user's input; `made`,
    the output, joined by ； (a part that starts with = has its own verb); `serves`, the use of the
    output; and `means`, the techniques, joined by ；.
    """

    batch_no: int
    position: str
    algorithm_name: str
    role: str
    entity_name: str
    products: str
    filing_number: str
    scenario: str
    clients: str
    given: str
    made: str
    serves: str
    means: str
    note: str


@dataclass(frozen=True)
class CancellationFact:
    """One row of a cancellation notice: `role` and `cancelled_month` (2025年7月) as printed."""

    notice_id: str
    notice_date: date
    title: str
    algorithm_name: str
    role: str
    entity_name: str
    products: str
    filing_number: str
    cancelled_month: str


@dataclass(frozen=True)
class Register:
    """All content of the source: announcements in batch order, rows by batch, and cancellations."""

    announcements: tuple[AnnouncementFact, ...]
    filings: Mapping[int, tuple[FilingFact, ...]]
    cancellations: tuple[CancellationFact, ...]

    def first(self, batches: int) -> "Register":
        """The register with only its first `batches` batches, and with all cancellations."""
        kept = self.announcements[:batches]
        return replace(
            self,
            announcements=kept,
            filings=MappingProxyType({a.batch_no: self.filings[a.batch_no] for a in kept}),
        )

    def announcement(self, batch_no: int) -> AnnouncementFact:
        """The announcement of one batch. Raises KeyError, which lists the known batches."""
        for announcement in self.announcements:
            if announcement.batch_no == batch_no:
                return announcement
        known = [a.batch_no for a in self.announcements]
        raise KeyError(f"no batch {batch_no} in this register; it has {known}")


def _rows(name: str) -> list[dict[str, str]]:
    # QUOTE_NONE, because some names contain a straight quotation mark.
    text = (files(__package__) / "facts" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def load_register() -> Register:
    """The shipped register (18 batches, 7,764 filings, 57 cancellations), read once."""
    announcements = tuple(
        AnnouncementFact(
            batch_no=int(row["batch_no"]),
            list_month=row["list_month"],
            published_on=date.fromisoformat(row["published_on"]),
            page_path=urlsplit(row["page_url"]).path,
        )
        for row in _rows("announcements.tsv")
    )
    filings: dict[int, list[FilingFact]] = {a.batch_no: [] for a in announcements}
    for row in _rows("filings.tsv"):
        batch_no = int(row.pop("batch_no"))
        filings[batch_no].append(FilingFact(batch_no=batch_no, **row))
    cancellations = tuple(
        CancellationFact(notice_date=date.fromisoformat(row.pop("notice_date")), **row)
        for row in _rows("cancellations.tsv")
    )
    by_batch = MappingProxyType({batch_no: tuple(rows) for batch_no, rows in filings.items()})
    return Register(announcements, by_batch, cancellations)
