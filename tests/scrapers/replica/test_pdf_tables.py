"""PDF tables below one another."""

from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest

from scrapers.replica.pdf_tables import PORTRAIT, PdfTable, table_pdf
from tests.scrapers.replica.documents import read_pdf_tables

WIDTHS = (30.0, 100.0)


def table(title: str, rows: int) -> PdfTable:
    return PdfTable(title, [("序号", "名称"), *((str(n), f"甲{n}") for n in range(rows))], WIDTHS)


def lines_by_page(body: bytes) -> list[list[str]]:
    with pdfplumber.open(BytesIO(body)) as document:
        return [page.extract_text().splitlines() for page in document.pages]


def test_second_table_begins_on_the_same_page_if_there_is_room():
    (page,) = lines_by_page(table_pdf([table("一", 3), table("二", 2)]))
    assert page == [
        "一",
        "序号 名称",
        "0 甲0",
        "1 甲1",
        "2 甲2",
        "二",
        "序号 名称",
        "0 甲0",
        "1 甲1",
    ]


@pytest.mark.parametrize("rows", range(20, 28))
def test_title_is_on_one_page_with_heading_and_first_row(rows):
    tables = [table("一", rows), table("二", 9)]
    body = table_pdf(tables)
    pages = lines_by_page(body)
    (page,) = [page for page in pages if "二" in page]
    assert page[page.index("二") :][:3] == ["二", "序号 名称", "0 甲0"]
    assert read_pdf_tables(body) == [[list(row) for row in item.rows] for item in tables]


def test_heading_is_repeated_on_each_page_if_asked_for():
    (first, second) = lines_by_page(table_pdf([replace(table("一", 35), repeats_heading=True)]))
    assert (first[1], second[0], second[-1]) == ("序号 名称", "序号 名称", "34 甲34")
    (_, without) = lines_by_page(table_pdf([table("一", 35)]))
    assert second == ["序号 名称", *without]


def test_portrait_page_has_more_rows_than_landscape():
    assert len(lines_by_page(table_pdf([table("一", 35)]))) == 2
    assert len(lines_by_page(table_pdf([table("一", 35)], PORTRAIT))) == 1


def test_long_latin_text_wraps_without_added_characters():
    number = "Guangdong-" + "XiaoTianCaiJiaZhangGuanLi" * 2 + "-20260706S0059"
    body = table_pdf([PdfTable("一", [("序号", "编号"), ("1", number)], WIDTHS)])
    with pdfplumber.open(BytesIO(body)) as document:
        cell = document.pages[0].extract_table()[1][1]
    assert cell.count("\n") >= 3
    assert "Guangdong-\n" in cell and cell.replace("\n", "") == number
