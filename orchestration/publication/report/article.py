"""The article whose claims the report checks, and its forecasts compared with the lists."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from orchestration.publication.report.figures import Row, Text
from orchestration.publication.state import month_text


class Article(NamedTuple):
    """A published text: its title, the day on which it appeared, and its address."""

    title: str
    published_on: date
    url: str


ARTICLE = Article(
    "算法备案全景洞察趋势解码：技术迭代、行业裂变与生态重构",
    date(2025, 3, 14),
    "https://blog.csdn.net/chuangfumao/article/details/146255668",
)
_FORECASTS = "trends"


def article_of(claims: Sequence[Row]) -> Article:
    """The article as the rows of the claims name it; where they do not, the one known above."""
    first = claims[0] if claims else {}
    return Article(
        first.get("article_title") or ARTICLE.title,
        first.get("article_published_on") or ARTICLE.published_on,
        first.get("article_url") or ARTICLE.url,
    )


def by_section(claims: Sequence[Row]) -> list[Row]:
    """The claims by section of the article, in the order in which their sections first appear."""
    order = list(dict.fromkeys(claim["section"] for claim in claims))
    return sorted(claims, key=lambda claim: order.index(claim["section"]))


def forecast_note(claim: Row, last_list_month: str | None) -> Text | None:
    """How far the lists (up to YYYY-MM) cover the year of a forecast; None for other claims."""
    year = str(claim.get("forecast_year") or claim["scope"] or "")
    if claim["section"] != _FORECASTS or not year.isdigit() or not last_list_month:
        return None
    last = month_text(last_list_month)
    if last_list_month[:4] < year:
        return Text(
            f"预测的是 {year} 年，清单只到 {last.zh}",
            f"Forecast for {year}; the lists end before it, in {last.en}",
        )
    if last_list_month == f"{year}-12" or last_list_month[:4] > year:
        return Text(
            f"预测的是 {year} 年，清单已覆盖全年（截至 {last.zh}）",
            f"Forecast for {year}; the lists cover the whole year (up to {last.en})",
        )
    return Text(
        f"预测的是 {year} 年，当年清单截至 {last.zh.split(' ', 2)[2]}",
        f"Forecast for {year}; the lists of {year} run to {last.en.split(' ')[0]}",
    )
