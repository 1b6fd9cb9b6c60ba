"""The report page: its queries, its data, what may run in it, and how a browser shows it."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from bs4 import BeautifulSoup

import orchestration.publication.report.page as page_module
from orchestration.publication.context import ReleaseContext
from orchestration.publication.latest import REPORT
from orchestration.publication.purposes import purpose_remark
from orchestration.publication.report.bundle import vega_script
from orchestration.publication.report.figures import LANGS, Figure, measure
from orchestration.publication.report.page import render, write_report
from orchestration.publication.report.page_data import to_json
from orchestration.publication.report.sections import SECTIONS
from orchestration.publication.report.tiles import TILES
from tests.orchestration.publication.report_factories import HARMFUL, make_report_context
from tests.support.browser import Watched, chromium, open_report

FIGURES = [figure for section in SECTIONS for figure in section.figures]
CHARTS = {figure.name for figure in FIGURES if figure.draw}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ReleaseContext:
    made = make_report_context(tmp_path_factory.mktemp("report"))
    write_report(made)
    return made


@pytest.fixture(scope="module")
def page(context) -> str:
    return (context.folder / REPORT).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document(page) -> BeautifulSoup:
    return BeautifulSoup(page, "lxml")


def rows_of(context: ReleaseContext, query: str) -> list[dict[str, Any]]:
    with context.connect() as connection:
        return measure(connection, query)


def data_of(document: BeautifulSoup, name: str) -> Any:
    return json.loads(document.find(id=f"data-{name}").string)


def text_of(document: BeautifulSoup, selector: str, lang: str) -> str:
    return document.select_one(f"{selector} .{lang}").text


@pytest.mark.parametrize("figure", [item for item in FIGURES if item.draw], ids=lambda f: f.name)
def test_chart_is_a_valid_specification_in_both_languages(context, figure):
    rows = rows_of(context, figure.query)
    for lang in LANGS:
        # Raises SchemaValidationError. The report itself is made without this check.
        assert figure.draw(lang, rows).to_dict(validate=True)["$schema"]


def test_policy_allows_only_the_two_scripts_of_the_page(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(sha256(text.encode()).digest()).decode() for text in scripts]
    allowed = " ".join(f"&#39;sha256-{digest}&#39;" for digest in digests)
    assert len(scripts) == 2
    assert policy.replace("'", "&#39;").startswith(
        f"default-src &#39;none&#39;; script-src {allowed};"
    )


def test_name_in_the_data_cannot_end_its_script_element(page, document):
    assert HARMFUL not in page and "\\u003c/script\\u003e\\u003cscript" in page
    listed = data_of(document, "rows")["last_batch_filings"]
    assert HARMFUL in [row[listed["columns"].index("algorithm_name")] for row in listed["rows"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<&>\u2028\u2029", '"\\u003c\\u0026\\u003e\\u2028\\u2029"'),
        ([date(2025, 1, 2), Decimal("0.5")], '["2025-01-02",0.5]'),
    ],
)
def test_json_is_safe_inside_html(value, text):
    assert to_json(value) == text


def test_json_of_an_unknown_type_is_an_error():
    with pytest.raises(TypeError, match="cannot hold"):
        to_json({1, 2})


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure_shows_its_finding_in_both_languages(context, document, figure: Figure):
    finding = figure.finding(rows_of(context, figure.query))
    for lang in LANGS:
        assert text_of(document, f"#{figure.name} h3", lang) == finding.of(lang) != ""
        assert ("Sector and technique" in text_of(document, f"#{figure.name} .source", "en")) is (
            figure.is_assigned
        )
    assert figure.sql in document.select_one(f"#{figure.name} pre").text


def test_every_chart_has_a_specification_without_rows_in_both_languages(document):
    charts = data_of(document, "charts")
    assert set(charts) == CHARTS
    for languages in charts.values():
        assert set(languages) == set(LANGS)
        for spec in languages.values():
            assert spec["width"] == "container"
            assert '"rows"' in json.dumps(spec)


def test_origin_names_the_replica_only_for_a_release_of_the_replica(context, page):
    assert "Lists to March 2024." in page and "Fetched on 2025-01-02" in page
    for source, states_wording in (("replica", True), ("live", False), ("live, replica", True)):
        released = replace(context, source=source)
        with released.connect() as connection:
            assert (purpose_remark(source).en in render(connection, released)) is states_wording


def test_claim_with_several_measures_shows_a_range_that_includes_its_own(document):
    claims = document.select(".claims tbody tr:not(.group)")
    shown = ["All measures" in claim.text for claim in claims]
    assert shown == [False, True, True, False]
    assert "Three measures give 12% to 34.5%; two of them are conclusive" in claims[1].text
    assert "共 3 种口径，结果为 12% 至 34.5%；其中 2 种有定论" in claims[1].text
    assert "Two measures give 42%; one of them is conclusive" in claims[2].text
    assert "共 2 种口径，结果均为 42%；其中 1 种有定论" in claims[2].text
    assert [claim.select_one(".verdict .en").text for claim in claims] == [
        "supported", "contradicted", "inconclusive", "not measurable",
    ]  # fmt: skip
    assert [claim.select_one(".verdict .zh").text for claim in claims] == [
        "成立", "不成立", "无定论", "无法测算",
    ]  # fmt: skip
    assert "Claim 1 has 40% of China’s filings" in claims[0].text


def test_a_claim_about_a_sector_shows_the_range_of_reading_error(document):
    claims = document.select(".claims tbody tr:not(.group)")
    assert ["Range of reading error" in claim.text for claim in claims] == [
        False, True, False, False,
    ]  # fmt: skip
    assert "18.3% to 23%" in claims[1].text and "18.3% 至 23%" in claims[1].text


@pytest.mark.parametrize("chart", ["sectors_by_year", "sectors_over_time", "last_batch_sectors"])
def test_charts_of_shares_of_sectors_show_the_range_of_reading_error(document, chart):
    for lang, title in (("en", "Range of reading error"), ("zh", "审读误差范围")):
        spec = json.dumps(data_of(document, "charts")[chart][lang], ensure_ascii=False)
        assert f'"field": "share_range", "title": "{title}"' in spec
        assert "datum.share_low" in spec and "datum.share_high" in spec


def test_chart_of_claims_has_a_colour_for_each_verdict_with_a_value(document):
    spec = json.dumps(data_of(document, "charts")["article_claims"]["zh"], ensure_ascii=False)
    assert '"domain": ["成立", "不成立", "无定论"]' in spec


def test_cities_with_the_same_english_name_are_distinguished(context):
    names = [(row["city_zh"], row["city_en"]) for row in rows_of(context, "cities")]
    assert names == [
        ("北京", "Beijing"), ("苏州", "Suzhou (Jiangsu)"), ("宿州", "Suzhou (Anhui)"),
        ("南宁", "Nanning"),
    ]  # fmt: skip


def test_provinces_are_ranked_and_named_without_their_suffix(context):
    rows = rows_of(context, "regions")
    assert [(row["province_zh"], row["filings"], row["rank"], row["place"]) for row in rows] == [
        ("北京", 4, 1, 1), ("江苏", 1, 2, 2), ("安徽", 1, 2, 3), ("广西", 1, 2, 4),
    ]  # fmt: skip


def test_tiers_follow_the_rank_over_all_batches(context):
    rows = rows_of(context, "tiers")
    found = [(row["batch_no"], row["tier"], row["filings"]) for row in rows]
    assert found == [(1, 1, 3), (1, 2, 0), (2, 1, 3), (2, 2, 1)]


def test_filing_counts_for_each_pair_of_input_and_output(context):
    rows = rows_of(context, "inputs_outputs")
    pairs = {(row["input"], row["output"]): (row["filings"], row["share"]) for row in rows}
    assert pairs == {
        ("text", "text"): (6, 6 / 7), ("audio", "text"): (1, 1 / 7),
        ("image", "text"): (1, 1 / 7), ("text", "image"): (1, 1 / 7),
    }  # fmt: skip


def test_last_batch_is_compared_with_all_earlier_batches(context):
    rows = {row["sector"]: row for row in rows_of(context, "last_batch_sectors")}
    assert {code: row["filings"] for code, row in rows.items()} == {
        "finance": 1, "law": 2, "general": 1,
    }  # fmt: skip
    earlier = {code: row["earlier_share"] for code, row in rows.items()}
    assert earlier == {"finance": 1 / 3, "law": 0.0, "general": 2 / 3}


def test_entities_are_grouped_by_number_of_filings(context):
    rows = rows_of(context, "filings_per_entity")
    assert [(row["filings_each"], row["entities"], row["filings"]) for row in rows] == [
        ("1", 2, 2), ("2", 1, 2), ("3–5", 2, 8), ("6–10", 1, 6), ("11+", 1, 11),
    ]  # fmt: skip
    assert [rows[0]["share_of_entities"], rows[0]["share_of_filings"]] == [2 / 7, 2 / 29]


def test_lists_of_filings_have_their_order_and_state(context):
    listed = [int(row["filing_number"]) for row in rows_of(context, "last_batch_filings")]
    assert listed == [4, 5, 6, 7]
    assert [int(row["filing_number"]) for row in rows_of(context, "cancelled_filings")] == [3]


def test_cancelled_numbers_are_counted_by_notice_and_match(context):
    rows = rows_of(context, "cancellations")
    assert [(row["status"], row["records"]) for row in rows] == [
        ("listed", 1), ("not_listed", 1), ("other_kind", 1),
    ]  # fmt: skip


def test_map_has_one_tile_per_province_and_position():
    assert len({tile.province_code for tile in TILES}) == len(TILES) == 34
    assert len({(tile.column, tile.row) for tile in TILES}) == 34


def test_vega_script_is_bundled_once_and_cannot_end_its_element(tmp_path, monkeypatch):
    made: list[int] = []

    def bundle() -> str:
        made.append(1)
        return "const text = '</script>';"

    monkeypatch.setattr("vl_convert.javascript_bundle", bundle)
    first, again = vega_script(tmp_path), vega_script(tmp_path)
    assert first == again == "(() => {const text = '<\\/script>';})();"
    assert len(made) == 1


def test_every_chart_can_be_drawn_without_rows():
    for figure in FIGURES:
        if figure.draw:
            assert figure.draw("en", []).to_dict()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for all tests of this module."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def watched(browser, context) -> Watched:
    """The page in a browser, opened once for all tests that follow."""
    return open_report(browser, context.folder / REPORT)


def test_browser_draws_every_chart_without_messages_or_requests(watched, context):
    drawn = watched.page.eval_on_selector_all(
        "[data-chart]",
        "nodes => nodes.filter(n => n.querySelector('svg path')).map(n => n.dataset.chart)",
    )
    assert set(drawn) == CHARTS
    assert watched.messages == []
    assert watched.requests == [f"{(context.folder / REPORT).as_uri()}?lang=en"]


def test_map_has_a_tile_with_a_name_for_every_province(watched):
    names = watched.page.eval_on_selector_all(
        "[data-chart=regions_map] svg text", "nodes => nodes.map(node => node.textContent)"
    )
    assert {tile.en for tile in TILES} <= set(names)


def test_chart_data_is_in_the_specification_or_in_rows():
    for figure in FIGURES:
        if figure.draw:
            assert "datasets" not in figure.draw("en", []).to_dict(), figure.name


def test_table_below_a_chart_shows_its_rows(watched):
    watched.page.click("#cities .data summary")
    watched.page.wait_for_selector("#cities td")
    cells = watched.page.eval_on_selector_all("#cities td", "nodes => nodes.map(n => n.innerText)")
    assert "Suzhou (Anhui)" in cells


def test_language_button_switches_texts_and_charts(watched):
    watched.page.click("#lang")
    watched.page.wait_for_selector("html[data-ready=zh]")
    assert watched.page.inner_text("#cities h3").startswith("备案来自")
    assert watched.page.get_attribute("[data-chart=cities]", "aria-label").startswith("备案来自")
    assert "苏州" in watched.page.text_content("[data-chart=cities]")
    assert watched.messages == []


@pytest.fixture(scope="module")
def totals_only(tmp_path_factory) -> ReleaseContext:
    """The report of a release with more registrations than a page has."""
    made = make_report_context(tmp_path_factory.mktemp("totals"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_module, "MOST_REGISTRATIONS", 1)
        write_report(made)
    return made


def test_page_of_totals_has_no_single_registration_and_says_where_they_are(totals_only, context):
    text = (totals_only.folder / REPORT).read_text(encoding="utf-8")
    document = BeautifulSoup(text, "lxml")
    assert "packed-register" not in text and not document.select("input")
    rows = data_of(document, "rows")
    lists = {figure.query for figure in FIGURES if figure.is_list}
    assert lists == {"last_batch_filings", "cancelled_filings"}
    assert set(data_of(BeautifulSoup(_page(context), "lxml"), "rows")) - set(rows) == lists
    assert "in parquet/registrations.parquet" in text_of(document, "#search p", "en")
    assert "见 parquet/registrations.parquet" in text_of(document, "#search p", "zh")


def test_browser_draws_a_page_of_totals_and_shows_where_the_rows_are(browser, totals_only):
    watched = open_report(browser, totals_only.folder / REPORT, fragment="filing-0001")
    assert watched.page.is_visible("#search .lead .en")
    assert watched.page.inner_text("#search .lead .en").endswith("those of a number or a name.")
    watched.page.click("#lang")
    watched.page.wait_for_selector("html[data-ready=zh]")
    assert watched.page.is_visible("#search .lead .zh")
    assert watched.messages == []


def _page(context: ReleaseContext) -> str:
    return (context.folder / REPORT).read_text(encoding="utf-8")
