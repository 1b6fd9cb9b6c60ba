"""The front of the report, the order of its sections, and what it says of its sources."""

import json
from datetime import date

import pytest
from bs4 import BeautifulSoup

from orchestration.classification.measured import measured_accuracy
from orchestration.publication.context import ReleaseContext
from orchestration.publication.report.article import (
    Article,
    article_of,
    by_section,
    forecast_note,
)
from orchestration.publication.report.figures import Text
from orchestration.publication.report.front import sources_text
from orchestration.publication.report.page import render
from orchestration.publication.report.wording import measures
from orchestration.publication.state import Reached
from tests.orchestration.publication.report_factories import ARTICLE, make_report_context
from tests.support.sentences import wrong


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ReleaseContext:
    return make_report_context(tmp_path_factory.mktemp("front"))


@pytest.fixture(scope="module")
def page(context: ReleaseContext) -> str:
    with context.connect() as connection:
        return render(connection, context)


@pytest.fixture(scope="module")
def document(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "lxml")


def text_of(document: BeautifulSoup, selector: str, lang: str) -> str:
    return document.select_one(f"{selector} .{lang}").text


def test_front_counts_registrations_once_and_no_unknown_place(document):
    figures = {
        node.dt.select_one(".en").text: node.dd.text for node in document.select(".figures div")
    }
    assert figures == {
        "registrations in all; 1 is in two registers": "9",
        "deep-synthesis algorithms, 2 batches": "4",
        "generative AI services": "3",
        "recommendation algorithms": "3",
        "companies": "5",
        "province; 4 cities in deep synthesis": "1",
        "cancelled by March 2024": "1",
    }


def test_report_opens_with_the_registers_and_ends_with_the_claims(document):
    sections = [node["id"] for node in document.select("main > section")]
    assert sections == [
        "search", "registers", "batches", "regions", "sectors", "techniques", "filers",
        "last-batch", "changes", "pass-rates", "claims",
    ]  # fmt: skip
    article = document.select_one("#claims .article")
    assert (article.cite.text, article.a["href"]) == (ARTICLE[0], ARTICLE[2])
    assert article.select_one(".when").text == "2025‑03‑14"


def test_sectors_have_the_measured_accuracy(document):
    figures = measured_accuracy()
    english = text_of(document, "#sectors .lead", "en")
    chinese = text_of(document, "#sectors .lead", "zh")
    for name in ("reviewed_sector", "reviewed_sector_early", "rules_sector_held_out"):
        share, labels = f"{figures[name].share:.0%}", f"{figures[name].labels:,}"
        assert f"{share} ({labels} filings, 95% interval" in english
        assert f"{share}（{labels} 项，95% 置信区间" in chinese


def test_english_texts_have_one_kind_of_apostrophe_and_latin_fonts_first(page, document):
    texts = [node.text for node in document.select(".en")]
    assert any("’" in text for text in texts) and not [text for text in texts if "'" in text]
    for charts in json.loads(document.find(id="data-charts").string).values():
        assert charts["en"]["config"]["font"].startswith("Inter")
        assert charts["zh"]["config"]["font"].startswith("'PingFang SC'")
    assert page.index(":lang(zh)") < page.index("'PingFang SC'") < page.index(":lang(en)")


def test_article_is_the_one_that_the_claims_name():
    named = {
        "article_title": "《题》",
        "article_published_on": date(2026, 1, 2),
        "article_url": "u",
    }
    assert article_of([named]) == Article("《题》", date(2026, 1, 2), "u")
    assert article_of([]) is None


def test_claims_of_a_section_stay_together_in_the_order_of_the_article():
    claims = [{"section": section, "claim_no": at} for at, section in enumerate("abacb")]
    assert [claim["claim_no"] for claim in by_section(claims)] == [0, 2, 1, 4, 3]


@pytest.mark.parametrize(
    ("lists", "notices", "zh", "en"),
    [
        (None, None, "清单", "Lists"),
        ("2026-07", None, "清单，截至 2026 年 7 月", "Lists, to July 2026"),
        ("2026-07", "2026-07", "清单和公告，截至 2026 年 7 月", "Lists and notices, to July 2026"),
        ("2026-08", "2026-07", "清单截至 2026 年 8 月，公告截至 2026 年 7 月",
         "Lists to August 2026, notices to July 2026"),
    ],
)  # fmt: skip
def test_source_names_a_month_once(lists, notices, zh, en):
    reached = (Reached(2, month, month) for month in (lists, notices))
    assert sources_text(Text("清单", "Lists"), *reached) == Text(zh, en)


def test_introduction_of_the_registers_says_what_covers_them_all(document):
    lead = text_of(document, "#registers .lead", "en")
    assert "the search and the claims cover all registers" in lead
    assert "查找和论断核对则涵盖所有清单" in text_of(document, "#registers .lead", "zh")


def test_every_identifier_occurs_once(document):
    found = [node["id"] for node in document.select("[id]")]
    assert len(found) == len(set(found)) > 50


@pytest.mark.parametrize(
    ("month", "zh", "en"),
    [
        ("2025-12", "预测的是 2026 年，清单只到 2025 年 12 月",
         "Forecast for 2026; the lists end before it, in December 2025"),
        ("2026-08", "预测的是 2026 年，当年清单截至 8 月",
         "Forecast for 2026; the lists of 2026 run to August"),
        ("2026-12", "预测的是 2026 年，清单已覆盖全年",
         "Forecast for 2026; the lists cover the whole year"),
        ("2027-02", "预测的是 2026 年，清单已覆盖全年",
         "Forecast for 2026; the lists cover the whole year"),
    ],
)  # fmt: skip
def test_forecast_is_compared_with_the_calendar_of_the_lists(month, zh, en):
    assert forecast_note({"forecast_year": 2026}, month) == Text(zh, en)


@pytest.mark.parametrize(("year", "month"), [(None, "2026-08"), (2026, None)])
def test_other_claims_have_no_note_about_the_calendar(year, month):
    assert forecast_note({"forecast_year": year}, month) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1 filings were cancelled", "one of several"),
        ("batches 1–1", "a range of one value"),
        ("from 12% to 12%", "a range of one value"),
        ("most frequent: moved_elsewhere", "a code"),
        ("未识别居首", "an unknown place"),
        ("None has the most filings", "a missing value"),
        ("two  spaces", "doubled space or mark"),
        ("0 / 0", "a share of nothing"),
    ],
)
def test_fault_of_a_sentence_is_found(text, fault):
    assert fault in wrong(f'<main><p><span class="en">{text}</span></p></main>')[0]


@pytest.mark.parametrize(
    "text", ["batches 1–18", "from 12% to 12.5%", "11 filings", "2,001 filings"]
)
def test_right_sentence_has_no_fault(text):
    assert wrong(f'<main><p><span class="en">{text}</span></p></main>') == []


def test_sentences_about_made_up_registers_are_right(page):
    assert wrong(page) == []


@pytest.mark.parametrize(
    ("conclusive", "low", "high", "unit", "zh", "en"),
    [
        (0, 12.0, 34.5, "percent", "共 2 种口径，结果为 12% 至 34.5%，均无定论",
         "Two measures give 12% to 34.5%; none of them is conclusive"),
        (1, 2.0, 5.0, "filing", "共 2 种口径，结果为 2 至 5 项；其中 1 种有定论",
         "Two measures give 2 to 5 filings; one of them is conclusive"),
        (2, 1.0, 1.0, "filing", "共 2 种口径，结果均为 1 项，均有定论",
         "Two measures give 1 filing; both of them are conclusive"),
        (1, 2023.0, 2025.0, "year", "共 2 种口径，结果为 2023 至 2025 年；其中 1 种有定论",
         "Two measures give 2023 to 2025; one of them is conclusive"),
    ],
)  # fmt: skip
def test_measures_of_a_claim_are_summarised(conclusive, low, high, unit, zh, en):
    assert measures(2, conclusive, low, high, unit) == Text(zh, en)
