"""The article whose claims the report checks, and its forecasts compared with the lists."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from orchestration.publication.report.figures import Row, Text
from orchestration.publication.state import month_text


class Article(NamedTuple):
    """A published text: its title without brackets, the day on which it appeared, its address."""

    title: str
    published_on: date
    url: str


def article_of(claims: Sequence[Row]) -> Article | None:
    """The article of the claims; None without claims. All claims are of one article."""
    if not claims:
        return None
    first = claims[0]
    return Article(first["article_title"], first["article_published_on"], first["article_url"])


def by_section(claims: Sequence[Row]) -> list[Row]:
    """The claims by section of the article, in the order in which their sections first appear."""
    order = list(dict.fromkeys(claim["section"] for claim in claims))
    return sorted(claims, key=lambda claim: order.index(claim["section"]))


def forecast_note(claim: Row, last_list_month: str | None) -> Text | None:
    """How far the lists (up to YYYY-MM) cover the year of a forecast; None for other claims."""
    if not claim["forecast_year"] or not last_list_month:
        return None
    year = str(claim["forecast_year"])
    last = month_text(last_list_month)
    if last_list_month[:4] < year:
        return Text(
            f"预测的是 {year} 年，清单只到 {last.zh}",
            f"Forecast for {year}; the lists end before it, in {last.en}",
        )
    if last_list_month == f"{year}-12" or last_list_month[:4] > year:
        return Text(
            f"预测的是 {year} 年，清单已覆盖全年",
            f"Forecast for {year}; the lists cover the whole year",
        )
    return Text(
        f"预测的是 {year} 年，当年清单截至 {last.zh.split(' ', 2)[2]}",
        f"Forecast for {year}; the lists of {year} run to {last.en.split(' ')[0]}",
    )
