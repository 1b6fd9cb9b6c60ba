"""Recommendation lists: every row of every list, and the irregularities of the documents."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from scrapers.replica.facts import load_register
from scrapers.replica.recommendation import RecommendationFact, RecommendationList
from scrapers.replica.recommendation_docx import recommendation_docx
from tests.scrapers.replica.documents import read_docx_blocks, read_docx_tables

HEADINGS = ["序号", "算法名称", "算法类别", "主体名称", "应用产品", "主要用途", "备案编号", "备注"]
LISTS = {listed.month: listed for listed in load_register().recommendation_lists}
TOTALS = {
    "2022-08": 30, "2022-10": 70, "2023-01": 123, "2023-04": 39, "2023-12": 41, "2024-04": 69,
    "2024-06": 32, "2024-08": 44, "2024-10": 32, "2024-12": 40, "2025-03": 45, "2025-05": 10,
    "2025-07": 51, "2025-09": 56, "2025-11": 69, "2026-01": 43, "2026-03": 66, "2026-05": 78,
    "2026-07": 76,
}  # fmt: skip


def expected_row(filing: RecommendationFact) -> list[str]:
    return [
        filing.position,
        filing.algorithm_name,
        filing.category,
        filing.entity_name,
        filing.products,
        f"应用于{filing.scenario}场景。",
        f"网信算备{filing.filing_number}号",
        filing.note,
    ]


def xml(listed: RecommendationList) -> str:
    with ZipFile(BytesIO(recommendation_docx(listed))) as archive:
        return archive.read("word/document.xml").decode()


def test_lists_have_known_number_of_filings():
    assert {month: len(listed.filings) for month, listed in LISTS.items()} == TOTALS
    assert sum(TOTALS.values()) == 1_014


def test_number_of_notes_is_known():
    notes = [filing.note for listed in LISTS.values() for filing in listed.filings]
    assert sum(map(bool, notes)) == 60


@pytest.mark.parametrize("month", LISTS)
def test_list_contains_its_facts(month):
    listed = LISTS[month]
    (table,) = read_docx_tables(recommendation_docx(listed))
    assert table == [HEADINGS, *(expected_row(filing) for filing in listed.filings)]


def test_first_filing_is_printed_as_in_the_source():
    (table,) = read_docx_tables(recommendation_docx(LISTS["2022-08"]))
    assert table[1] == [
        "1", "网易传媒信息推送算法", "个性化推送类", "北京网易传媒有限公司", "网易新闻（APP）",
        "应用于通知栏新闻推送场景。", "网信算备110101135224302220011号", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("month", "first_line"), [("2022-08", "附件"), ("2025-03", "附件11"), ("2026-01", "附件")]
)
def test_list_has_number_and_title_above_its_table(month, first_line):
    blocks = read_docx_blocks(recommendation_docx(LISTS[month]))
    year, number = month.split("-")
    title = f"境内互联网信息服务算法备案清单（{year}年{int(number)}月）"
    assert blocks == [first_line, title, "table"]


def test_only_list_of_july_2025_is_numbered_by_word():
    numbered = {month: xml(listed).count('<w:numId w:val="1"/>') for month, listed in LISTS.items()}
    assert {month: count for month, count in numbered.items() if count} == {"2025-07": 51}


def test_one_list_has_headings_with_numbering_switched_off():
    assert xml(LISTS["2023-12"]).count('<w:numId w:val="0"/>') == len(HEADINGS)


def test_some_lists_have_numbers_or_products_in_several_runs():
    number = LISTS["2025-09"].filings[0].filing_number
    assert f"<w:t>{number}</w:t>" in xml(LISTS["2025-09"])
    assert f"<w:t>网信算备{number}号</w:t>" not in xml(LISTS["2025-09"])
    assert "<w:t>APP</w:t>" in xml(LISTS["2023-12"])
    assert "<w:t>APP</w:t>" not in xml(LISTS["2024-04"])


def test_same_facts_give_same_bytes():
    listed = LISTS["2025-05"]
    first = recommendation_docx(listed)
    assert recommendation_docx(listed) == first
    amended = replace(listed.filings[0], note="已注销")
    changed = recommendation_docx(replace(listed, filings=(amended, *listed.filings[1:])))
    assert changed != first
