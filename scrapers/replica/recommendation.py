"""The lists of recommendation algorithms, as typed facts (`facts/recommendation_*.tsv`)."""

from dataclasses import dataclass

from scrapers.replica.shipped import AttachedList, fact_rows, fact_rows_by_month


@dataclass(frozen=True)
class RecommendationFact:
    """One row of a list.

    `position` is the printed row number, empty if Word numbers the rows. `category` is the printed
    算法类别. `filing_number` has 21 digits. `scenario` is the part of the purpose that is shipped.
    `note` is as printed.
    """

    position: str
    algorithm_name: str
    category: str
    entity_name: str
    products: str
    filing_number: str
    scenario: str
    note: str


@dataclass(frozen=True)
class RecommendationList(AttachedList):
    """One list; `attachment_no` counts the attachments of the page from 1."""

    attachment_no: int
    filings: tuple[RecommendationFact, ...]


def load_recommendation_lists() -> tuple[RecommendationList, ...]:
    """The shipped lists (19, with 1,014 filings), oldest first."""
    filings = fact_rows_by_month("recommendation_filings.tsv")
    return tuple(
        RecommendationList(
            month=(month := row["list_month"]),
            label=row["label"],
            attachment_no=number,
            filings=tuple(RecommendationFact(**filing) for filing in filings[month]),
        )
        for number, row in enumerate(fact_rows("recommendation_lists.tsv"), 1)
    )
