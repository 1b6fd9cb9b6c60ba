"""How the report looks: no text overlaps or is cut, on screens, phones and paper."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from playwright.sync_api import Page

from orchestration.publication.latest import REPORT
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.releases import latest
from tests.support.browser import chromium, open_report
from tests.support.layout import faults

LANGS = ["zh", "en"]
# A function: the policy of the page forbids evaluating an expression more than once.
WITH_MANY_ROWS = "() => document.querySelectorAll('[data-rows] td').length > 1000"
# The words in cells of tables that are on more than one line, and the number of all words.
BROKEN_WORDS = """() => {
  const broken = [];
  let words = 0;
  for (const cell of document.querySelectorAll(".table :is(td, th), .claims :is(td, th)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node; (node = texts.nextNode());) {
      if (!node.parentElement.checkVisibility()) continue;
      for (const { 0: word, index } of node.data.matchAll(/[A-Za-z]{2,24}/g)) {
        words += 1;
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) broken.push(`${word} in ${cell.textContent}`);
      }
    }
  }
  return [words, broken];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def report(whole_register: FirstRun) -> Path:
    return latest(whole_register.data_dir) / REPORT


def test_texts_of_one_batch_do_not_overlap_and_are_not_cut(browser: Any, one_batch: FirstRun):
    page = open_report(browser, latest(one_batch.data_dir) / REPORT, width=390).page
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [1280, 390])
def test_texts_do_not_overlap_and_are_not_cut(browser: Any, report: Path, lang: str, width: int):
    page = open_report(browser, report, lang=lang, width=width).page
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_navigation_is_whole_at_1180_pixels(browser: Any, report: Path, lang: str):
    page = open_report(browser, report, lang=lang, width=1180).page
    assert page.evaluate(
        "(nav => nav.scrollWidth <= nav.clientWidth)(document.querySelector('nav'))"
    )
    page.close()


# Where the tools of each figure are, from the lower edge of its source; [[x, y], …] by figure.
TOOLS = """nodes => Object.fromEntries(nodes.map((node) => {
  const edge = node.querySelector(".source").getBoundingClientRect();
  const tools = [...node.querySelectorAll("figure > .tools > details > summary, [data-save]")];
  return [node.id, tools.map((tool) => {
    const at = tool.getBoundingClientRect();
    return [at.left - edge.left, at.top - edge.bottom].map(Math.round);
  })];
}))"""


@pytest.mark.parametrize("width", [1280, 390])
def test_tools_are_in_one_row_below_the_source_and_stay_there(
    browser: Any, report: Path, width: int
):
    page = open_report(browser, report, width=width).page
    before = page.eval_on_selector_all("main figure", TOOLS)
    for name, tools in before.items():
        heights = [y for _, y in tools]
        assert len(tools) >= 3 and min(heights) >= 0, name
        assert max(heights) - min(heights) < 6, name
    page.eval_on_selector_all(".tools > details", "nodes => nodes.forEach(n => (n.open = true))")
    page.wait_for_function(WITH_MANY_ROWS)
    assert page.eval_on_selector_all("main figure", TOOLS) == before
    page.close()


def open_with_data(browser: Any, report: Path, width: int = 1280) -> Page:
    """The page in English, with the data of every figure shown."""
    page = open_report(browser, report, width=width).page
    page.eval_on_selector_all("details.data", "nodes => nodes.forEach(node => (node.open = true))")
    page.wait_for_function(WITH_MANY_ROWS)
    return page


@pytest.mark.parametrize("width", [1280, 390])
def test_tables_break_lines_between_words(browser: Any, report: Path, width: int):
    page = open_with_data(browser, report, width)
    words, broken = page.evaluate(BROKEN_WORDS)
    assert words > 5_000 and broken == []
    page.close()


def test_open_data_and_query_stay_within_their_figure(browser: Any, report: Path):
    page = open_report(browser, report).page
    page.eval_on_selector_all(".tools > details", "nodes => nodes.forEach(n => (n.open = true))")
    page.wait_for_function(WITH_MANY_ROWS)
    outside = page.eval_on_selector_all(
        ".tools .table, .tools .code",
        """nodes => nodes.filter((node) => {
             const a = node.getBoundingClientRect(), figure = node.closest("figure");
             const b = figure.getBoundingClientRect();
             const tools = figure.querySelector(".save").getBoundingClientRect();
             return a.height < 20 || a.width < 0.9 * b.width || a.top < tools.bottom - 4
               || a.right > b.right + 1 || a.left < b.left - 1 || a.bottom > b.bottom + 1;
           }).map((node) => `${node.closest("figure").id}: ${node.className}`)""",
    )
    assert outside == []
    page.close()


@pytest.mark.parametrize("figure", ["sectors_ranked", "article_claims"])
def test_link_to_a_figure_opens_the_page_there(browser: Any, report: Path, figure: str):
    page = open_report(browser, report, fragment=figure).page
    assert (
        0 <= page.evaluate(f"document.getElementById('{figure}').getBoundingClientRect().top") < 90
    )
    page.close()


def test_legend_of_the_map_names_every_step(browser: Any, report: Path):
    page = open_report(browser, report).page
    texts = page.eval_on_selector_all(
        "[data-chart=regions_map] svg text", "nodes => nodes.map((node) => node.textContent)"
    )
    steps = ["<0.5%", "0.5–1%", "1–3%", "3–10%", "10–20%", "≥20%"]
    assert [text for text in texts if text in steps] == steps
    page.close()


def test_years_have_different_colours(browser: Any, report: Path):
    page = open_report(browser, report).page
    colours = page.eval_on_selector_all(
        "[data-chart=sectors_by_year] .mark-symbol.role-legend-symbol path",
        "nodes => nodes.map((node) => node.getAttribute('fill'))",
    )
    assert len(colours) == len(set(colours)) == 4
    page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_every_printed_page_is_used(browser: Any, report: Path, lang: str):
    page = open_report(browser, report, lang=lang).page
    with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        used = [
            (max(char["bottom"] for char in sheet.chars) - sheet.chars[0]["top"]) / sheet.height
            for sheet in printed.pages
        ]
        texts = [sheet.extract_text() for sheet in printed.pages]
    # The last page ends where the text does.
    assert min(used[:-1]) > 0.4 and len(used) < 24
    assert not any("▶" in text or "▸" in text for text in texts)
    page.close()
