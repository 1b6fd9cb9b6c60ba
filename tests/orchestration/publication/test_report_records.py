"""The search of the report in a browser, the pages of companies and registrations, and files."""

import csv
import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pytest
from playwright.sync_api import Page

from orchestration.publication.cells import neutralised, reads_as_number
from orchestration.publication.latest import REPORT
from orchestration.publication.report.page import write_report
from orchestration.warehouse.marts import DATABASE
from tests.orchestration.publication.report_factories import HARMFUL, make_report_context
from tests.support.browser import Watched, chromium, open_report

NUMBER = "000000000000000000001"
FORMULA = '=HYPERLINK("http://127.0.0.1/","here")'
TENCENT = "深圳市腾讯计算机系统有限公司"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    context = make_report_context(tmp_path_factory.mktemp("records"))
    with duckdb.connect(str(context.folder / DATABASE)) as connection:
        connection.execute(
            "update registrants set group_name = '字节', group_name_en = 'ByteDance' "
            "where registrant_id = '0000005'"
        )
        connection.execute(
            "update filing_events set event = 'amended', column_name = 'role', "
            "old_value = 'technical_supporter', new_value = 'provider' "
            "where filing_number like '%2'"
        )
        connection.execute(f"update filings set products = '{FORMULA}' where list_position = 2")
    write_report(context)
    return context.folder / REPORT


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def watched(browser: Any, report: Path) -> Watched:
    """The page in English; each test begins with an empty search."""
    opened = open_report(browser, report)
    wait_for_register(opened.page)
    return opened


@pytest.fixture
def page(watched: Watched) -> Iterator[Page]:
    watched.page.evaluate("location.hash = '#search'")
    watched.page.wait_for_selector("#record", state="hidden")
    if watched.page.is_visible("#clear"):
        watched.page.click("#clear")
    yield watched.page
    assert watched.messages == []


def wait_for_register(page: Page) -> None:
    page.wait_for_selector("[data-facet=register] option >> nth=1", state="attached")


def names(page: Page) -> list[str]:
    return page.locator("#results li > a").all_inner_texts()


def downloaded(page: Page, selector: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.click(selector)
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("推荐1", "1 registration"),
        ("generative_services-3", "1 registration"),
        ("JIANGSU finance", "1 registration"),
        ("腾\u200b讯 算法３", "1 registration"),
        ("没有", "0 registrations"),
        ("", ""),
    ],
)
def test_search_ignores_case_width_and_invisible_characters(page, words, found):
    page.fill("#words", words)
    assert page.inner_text("#found") == found


def test_old_name_of_an_algorithm_finds_what_it_is_called_now(page):
    page.fill("#words", "云雀")
    assert names(page) == ["豆包大模型算法"]
    assert "Recorded change: 云雀大模型算法" in page.inner_text("#results")


def test_former_name_of_a_company_finds_the_company(page):
    page.fill("#words", "旧名公司")
    assert names(page)[0].startswith("公司0000001")
    assert "former or other name: 旧名公司" in page.inner_text("#results ul >> nth=0")


@pytest.mark.parametrize(
    "words", ["Tencent", "tencen", "tengxun", "TengXunJi", "腾讯", "shenzhenshiteng"]
)
def test_latin_names_and_pinyin_find_a_chinese_company(page, words):
    page.fill("#words", words)
    assert names(page) == [TENCENT, "服务2", "算法3"]
    assert ("also searched for 腾讯" in page.inner_text("#found")) is ("tencen" in words.lower())


@pytest.mark.parametrize("words", ["ByteDance", "字节"])
def test_group_finds_its_companies(page, words):
    page.fill("#words", words)
    assert names(page) == ["公司0000005<b>", "推荐2"]
    assert "Group: " in page.inner_text("#results ul >> nth=1")
    page.click("#results li > a")
    page.wait_for_selector("#record dl")
    assert "Group\nByteDance" in page.inner_text("#record dl")


@pytest.mark.parametrize("words", ["teng", "engxun", "xunteng"])
def test_pinyin_is_read_in_whole_syllables(page, words):
    page.fill("#words", words)
    assert names(page) == []


def test_number_comes_first_then_company_then_product(page):
    page.fill("#words", NUMBER)
    assert names(page) == ["豆包大模型算法"]
    page.fill("#words", "豆包")
    assert names(page) == ["豆包大模型算法"]
    assert "Product: 豆包(网站)" in page.inner_text("#results")


def test_harmful_name_is_shown_as_text(page):
    page.fill("#words", "alert(1)")
    assert names(page) == [HARMFUL]
    page.click("#results li > a")
    assert page.inner_text("#record h1") == HARMFUL


def test_place_in_english_is_the_city_before_its_province(page):
    page.fill("#words", "苏州")
    assert "Suzhou, Jiangsu" in page.inner_text("#results li >> nth=0")


def test_filters_work_alone_and_with_words_and_count_what_they_leave(page):
    page.select_option("[data-facet=register]", "generative_services")
    assert page.inner_text("#found") == "3 registrations"
    options = page.locator("[data-facet=status] option").all_inner_texts()
    assert options == ["All", "In force · 3"]
    page.fill("#words", "Tencent")
    assert page.inner_text("#found") == "1 company, 1 registration (also searched for 腾讯)"
    page.select_option("[data-facet=register]", "")
    page.select_option("[data-facet=status]", "cancelled")
    assert names(page) == [TENCENT, "算法3"]
    # What is chosen stays in the list when it leaves nothing.
    page.fill("#words", "豆包")
    assert page.inner_text("#found") == "0 registrations"
    assert page.locator("[data-facet=status] option").all_inner_texts()[-1] == "Cancelled · 0"


def test_address_of_a_search_opens_the_same_search(browser, report, page):
    page.fill("#words", "Tencent")
    page.select_option("[data-facet=list]", "deep_synthesis:1")
    fragment = page.evaluate("location.hash")
    assert page.get_attribute("#link-results", "href") == fragment
    again = open_report(browser, report, lang="zh", fragment=fragment[1:]).page
    again.wait_for_selector("#results li")
    assert names(again) == [TENCENT, "算法3"]
    assert again.inner_text("#found") == "1 家公司，1 项备案或登记（同时查找“腾讯”）"
    assert again.input_value("[data-facet=list]") == "deep_synthesis:1"
    again.close()


def matches(page, name: str, text: str) -> bool:
    """Whether a pattern in the scripts of the page matches a text."""
    return page.evaluate(
        """([name, text]) => {
          const source = document.scripts[document.scripts.length - 1].textContent;
          const [, pattern] = new RegExp(`const ${name} = /(.+)/;`).exec(source);
          return new RegExp(pattern).test(text);
        }""",
        [name, text],
    )


def test_results_as_csv_keep_numbers_and_run_no_formula(page):
    page.select_option("[data-facet=list]", "deep_synthesis:1")
    name, content = downloaded(page, "#save-results")
    assert name == "registrations.csv" and content.startswith(b"\xef\xbb\xbfNumber,Register,")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {row["Number"] for row in rows} == {f'="{serial:021d}"' for serial in (1, 2, 3)}
    assert {row["Products"] for row in rows} == {
        "豆包(网站)、今日头条(APP)",
        neutralised(FORMULA),
        "",
    }
    first = next(row for row in rows if row["Number"] == f'="{NUMBER}"')
    assert (first["Status"], first["City"], first["Batch"]) == ("In force", "Beijing", "1")
    assert first["Month of the list"] == '="2023-06"'
    assert first["Recorded changes of names"] == "云雀大模型算法；豆包大模型算法"


@pytest.mark.parametrize(
    "text",
    ["=1+1", " =1", "+86", "-", "--", "-1", "@x", "＝A1", "\tx", "a=b", "1-2", "'=1", "", "- a"],
)
def test_spreadsheet_texts_are_neutralised_as_in_the_other_files(page, text):
    assert matches(page, "formula", text) is (neutralised(text) != text)


@pytest.mark.parametrize(
    "text",
    ["007", "1234567890123456", "2024-05", "8848", "1.5", "12%", "1e5", "1:30", "2025年5月",
     "5G", "a1", "", "１"],
)  # fmt: skip
def test_spreadsheet_codes_are_kept_as_in_the_other_files(page, text):
    assert matches(page, "code", text) is reads_as_number(text)


def test_company_has_its_registrations_names_and_history(browser, report):
    opened = open_report(browser, report, fragment="entity-0000001")
    page = opened.page
    assert page.title().startswith("公司0000001<b> · China’s registers")
    text = page.inner_text("#record")
    assert "旧名; 旧名公司" in text and "Entity code\n0000001" in text
    assert "Algorithm renamed: 云雀大模型算法 → 豆包大模型算法" in text
    assert "List row amended: Role: Technical supporter → Provider" in text
    links = page.locator("#record td a").evaluate_all("nodes => nodes.map(n => n.hash)")
    assert links == [
        f"#filing-{NUMBER}", "#filing-000000000000000000002", "#filing-recommendation-1",
        "#filing-generative_services-1",
    ]  # fmt: skip
    assert not page.is_visible("#content")
    assert opened.messages == [] and len(opened.requests) == 1
    page.close()


def test_service_without_company_code_has_a_page_by_its_name(browser, report):
    page = open_report(browser, report, lang="zh", fragment="entity-name%3A%E7%94%B2").page
    text = page.inner_text("#record")
    assert "清单未给出代码" in text and "已备案" in text
    page.click("#record td a")
    page.wait_for_selector("text=通过日期")
    assert "2023-08-31" in page.inner_text("#record")
    page.close()


def test_registration_has_its_facts_and_official_pages(browser, report):
    page = open_report(browser, report, fragment=f"filing-{NUMBER}").page
    text = page.inner_text("#record")
    assert "Purpose (reworded)\n应用于文本生成场景。" in text
    assert (
        page.get_attribute("#record a:text('announcement')", "href")
        == "https://www.cac.gov.cn/1.htm"
    )
    assert (
        page.get_attribute("#record a:text('list file')", "href")
        == "https://www.cac.gov.cn/list.docx"
    )
    page.click("#record dd a >> nth=0")
    page.wait_for_function("() => document.title.startsWith('公司0000001')")
    page.close()


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("filing-999", "本页的清单中没有编号为“999”的登记。"),
        ("entity-%E7%94%B2%", "本页的清单中没有代码为“%E7%94%B2%”的公司。"),
    ],
)
def test_unknown_record_is_said_to_be_unknown(browser, report, fragment, sentence):
    page = open_report(browser, report, lang="zh", fragment=fragment).page
    assert sentence in page.inner_text("#record") and page.title().startswith("未找到")
    page.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_of_a_record_has_a_code_or_a_missing_value(browser, tmp_path, lang):
    context = make_report_context(tmp_path)
    with duckdb.connect(str(context.folder / DATABASE)) as connection:
        connection.execute("update filing_events set event = 'new_kind' where event_no = 1")
        connection.execute("update registrations set status = 'quarantined' where number like '%2'")
        records = connection.sql(
            "select 'filing-' || number from registrations "
            "union select 'entity-' || registrant_id from registrations"
        ).fetchall()
    write_report(context)
    opened = open_report(browser, context.folder / REPORT, lang=lang)
    wait_for_register(opened.page)
    texts = {}
    for (record,) in records:
        opened.page.evaluate("hash => { location.hash = hash; }", f"#{quote(record)}")
        opened.page.wait_for_selector("#record", state="visible")
        # The made-up numbers of services have the name of their register.
        texts[record] = re.sub(r"\w+-\d+\b", "", opened.page.inner_text("#record"))
    assert len(set(texts.values())) == len(records) > 10
    code = re.compile(r"\w*[a-z]_[a-z]\w*|\bnew kind\b|quarantined|\b(?:null|undefined|NaN|None)\b")
    assert [hit[0] for text in texts.values() for hit in code.finditer(text)] == []
    assert opened.messages == []
    opened.page.close()


def test_back_returns_to_the_results_where_the_reader_was(page):
    page.fill("#words", "Tencent")
    page.evaluate("scrollTo({ top: 300, behavior: 'instant' })")
    page.focus("#words")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    at = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    page.wait_for_selector("#record h1")
    assert page.inner_text("#record h1") == "服务2" and page.title().startswith("服务2 · ")
    page.go_back()
    page.wait_for_selector("#record", state="hidden")
    assert page.title().startswith("China’s registers")
    assert names(page) == [TENCENT, "服务2", "算法3"]
    assert page.evaluate("[scrollY, document.activeElement.textContent]") == [at, "服务2"]


def test_slash_goes_to_the_search_from_any_page(page):
    page.evaluate("location.hash = '#entity-0000002'")
    page.wait_for_selector("#record h1")
    page.keyboard.press("/")
    page.wait_for_selector("#words:focus")
    page.keyboard.type("腾/")
    assert page.input_value("#words") == "腾/"


def test_charts_are_drawn_after_a_page_of_a_company(browser, report):
    opened = open_report(browser, report, fragment="entity-0000002", lang="zh")
    page = opened.page
    assert not page.query_selector("[data-chart] svg")
    page.set_viewport_size({"width": 900, "height": 700})
    page.click(".back a")
    page.wait_for_selector("[data-chart=cities] svg path")
    page.evaluate("location.hash = '#entity-0000002'")
    page.wait_for_selector("#record h1")
    page.set_viewport_size({"width": 1200, "height": 700})
    page.go_back()
    page.wait_for_function(
        "() => document.querySelector('[data-chart=cities] svg').clientWidth > 300"
    )
    assert opened.messages == []
    page.close()


def test_language_of_a_company_page_can_be_switched(browser, report):
    page = open_report(browser, report, fragment="entity-0000002").page
    assert "Cancelled (2024‑01)" in page.inner_text("#record")
    page.click("#lang")
    page.wait_for_selector("text=已注销（2024 年 1 月）")
    page.close()


def test_browser_without_decompression_is_named_as_the_reason(browser, report):
    opened = open_report(browser, report, before="delete window.DecompressionStream")
    page = opened.page
    page.wait_for_function("() => document.getElementById('found').textContent")
    assert "cannot unpack the register" in page.inner_text("#found")
    page.evaluate("location.hash = '#entity-0000002'")
    page.wait_for_selector("#record p:has-text('cannot unpack')")
    assert opened.messages == []
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_chart_is_saved_with_its_title_and_source(browser, report, width):
    opened = open_report(browser, report, width=width, color_scheme="dark")
    page = opened.page
    name, svg = downloaded(page, "#cities [data-save=svg]")
    text = svg.decode()
    assert name == "cities.svg" and "var(--" not in text and "Source:" in text
    assert "Suzhou (Jiangsu)" in text and 'fill="#15191c"' in text
    name, png = downloaded(page, "#cities [data-save=png]")
    assert name == "cities.png" and png.startswith(b"\x89PNG")
    pixels = struct.unpack(">II", png[16:24])
    assert pixels[0] >= 2 * min(width - 60, 480) and opened.messages == []
    page.close()


def test_data_of_a_figure_is_saved_as_csv(page):
    name, content = downloaded(page, "#cities [data-save=csv]")
    assert name == "cities.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["city_en"] for row in rows][:2] == ["Beijing", "Suzhou (Jiangsu)"]


def test_link_of_a_figure_leads_to_it(page):
    page.click("#cities [data-save=link]")
    assert page.evaluate("location.hash") == "#cities"
    assert page.get_attribute("#cities [data-save=link]", "href") == "#cities"
