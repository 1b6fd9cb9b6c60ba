"""The shipped registers as typed facts: deep synthesis, and the lists of the two other registers.

`facts/*.tsv` contain the official lists of September 2026, cell by cell as printed. Only the
purpose is stored in parts, from which `wording` composes a sentence. The facts of the other
registers are in `recommendation` and `generative`. Tests make changed registers with
`dataclasses.replace`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from urllib.parse import urlsplit

from scrapers.replica.generative import ServiceList, load_service_lists
from scrapers.replica.recommendation import RecommendationList, load_recommendation_lists
from scrapers.replica.shipped import fact_rows


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
    """All content of the source.

    Deep synthesis: announcements in batch order, rows by batch, and cancellations. The other two
    registers: their lists in the order of the page, oldest first.
    """

    announcements: tuple[AnnouncementFact, ...]
    filings: Mapping[int, tuple[FilingFact, ...]]
    cancellations: tuple[CancellationFact, ...]
    recommendation_lists: tuple[RecommendationList, ...]
    service_lists: tuple[ServiceList, ...]

    def first(self, batches: int) -> "Register":
        """Only the first `batches` batches of deep synthesis, and everything else."""
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


@cache
def load_register() -> Register:
    """The shipped registers, read once.

    Deep synthesis has 18 batches, 7,764 filings and 57 cancellations.
    """
    announcements = tuple(
        AnnouncementFact(
            batch_no=int(row["batch_no"]),
            list_month=row["list_month"],
            published_on=date.fromisoformat(row["published_on"]),
            page_path=urlsplit(row["page_url"]).path,
        )
        for row in fact_rows("announcements.tsv")
    )
    filings: dict[int, list[FilingFact]] = {a.batch_no: [] for a in announcements}
    for row in fact_rows("filings.tsv"):
        batch_no = int(row.pop("batch_no"))
        filings[batch_no].append(FilingFact(batch_no=batch_no, **row))
    cancellations = tuple(
        CancellationFact(notice_date=date.fromisoformat(row.pop("notice_date")), **row)
        for row in fact_rows("cancellations.tsv")
    )
    by_batch = MappingProxyType({batch_no: tuple(rows) for batch_no, rows in filings.items()})
    return Register(
        announcements,
        by_batch,
        cancellations,
        load_recommendation_lists(),
        load_service_lists(),
    )
