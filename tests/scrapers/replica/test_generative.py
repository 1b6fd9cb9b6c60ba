"""Lists of generative AI services: every row of every table, in .docx and .pdf lists."""

from dataclasses import replace
from functools import cache

import pytest

from scrapers.replica.facts import load_register
from scrapers.replica.generative import ServiceFact, ServiceList
from scrapers.replica.generative_documents import service_document
from tests.scrapers.replica.documents import (
    read_docx_blocks,
    read_docx_tables,
    read_pdf_lines,
    read_pdf_rows,
    read_pdf_tables,
)

LISTS = {listed.month: listed for listed in load_register().service_lists}
TABLES = ("filed", "registered", "edge")
TOTALS = {
    "2024-04": (117, 0, 0), "2024-08": (71, 26, 0), "2024-11": (64, 31, 0), "2025-01": (50, 48, 0),
    "2025-03": (44, 54, 0), "2025-06": (93, 77, 0), "2025-08": (99, 26, 0), "2025-10": (73, 43, 0),
    "2025-12": (137, 129, 0), "2026-02": (48, 46, 0), "2026-04": (72, 49, 0),
    "2026-06": (120, 68, 0), "2026-08": (117, 133, 7),
}  # fmt: skip
PDF_MONTHS = {"2025-06", "2026-08"}

EARLY = ["序号", "属地", "模型名称", "备案单位", "备案号", "备案时间"]
LATE = ["序号", "属地", "大模型名称", "备案单位", "备案编号", "备案时间"]
OF_REGISTERED = ["序号", "属地", "应用/功能名称", "登记单位", "上线编号", "登记时间"]


def is_pdf(body: bytes) -> bool:
    return body.startswith(b"%PDF-")


def read_tables(body: bytes) -> list[list[list[str]]]:
    return read_pdf_tables(body) if is_pdf(body) else read_docx_tables(body)


@cache
def shipped_tables(month: str) -> list[list[list[str]]]:
    """The tables of a shipped list, read once, because reading a PDF takes a second."""
    return read_tables(service_document(LISTS[month]))


def expected_row(service: ServiceFact) -> list[str]:
    cells = [
        service.position,
        service.region,
        service.service_name,
        service.entity_name,
        service.service_number,
        service.passed_on,
    ]
    return [*cells, service.devices] if service.table == "edge" else cells


def expected_rows(listed: ServiceList) -> list[list[list[str]]]:
    """The rows of the tables that are not empty."""
    tables = [[expected_row(s) for s in listed.services if s.table == name] for name in TABLES]
    return [rows for rows in tables if rows]


def test_lists_have_known_number_of_services():
    counts = {
        month: tuple(len(listed.table(name)) for name in TABLES) for month, listed in LISTS.items()
    }
    assert counts == TOTALS
    assert sum(map(sum, TOTALS.values())) == 1_842


@pytest.mark.parametrize("month", LISTS)
def test_list_contains_its_facts(month):
    tables = shipped_tables(month)
    assert [table[1:] for table in tables] == expected_rows(LISTS[month])


def test_oddities_of_the_source_are_printed():
    late = shipped_tables("2025-12")[1]
    assert any(row[5].endswith("（补登）") for row in late)
    cut = shipped_tables("2025-10")[1]
    assert [row[4] for row in cut if row[0] == "286"] == ["Jiangsu-SiWeiXiangLiangZhiSuanYun-"]


def test_three_lists_are_pdf():
    assert {month for month, listed in LISTS.items() if is_pdf(service_document(listed))} == (
        PDF_MONTHS
    )


@pytest.mark.parametrize(
    ("month", "headings"),
    [
        ("2024-04", [EARLY]),
        ("2025-01", [EARLY, OF_REGISTERED]),
        ("2025-03", [LATE, OF_REGISTERED]),
        ("2025-06", [LATE, LATE]),
        ("2026-06", [LATE, OF_REGISTERED]),
        ("2026-08", [LATE, LATE, [*LATE, "适用场景"]]),
    ],
)
def test_headings_depend_on_month_and_format(month, headings):
    tables = shipped_tables(month)
    assert [table[0] for table in tables] == headings


def test_docx_list_has_title_above_each_table():
    assert read_docx_blocks(service_document(LISTS["2025-03"])) == [
        "生成式人工智能服务已备案信息（2025年3月）",
        "table",
        "生成式人工智能服务已登记信息（2025年3月）",
        "table",
    ]


def test_pdf_list_has_title_above_each_table():
    lines = read_pdf_lines(service_document(LISTS["2026-08"]))
    titles = [
        "生成式人工智能服务已备案信息（2026年8月）",
        "生成式人工智能服务已登记信息（2026年8月）",
        "端侧生成式人工智能服务已备案信息（2026年8月）",
    ]
    assert [line for line in lines if line.endswith("信息（2026年8月）")] == titles
    assert all(lines[lines.index(title) + 1].startswith("序号") for title in titles)


def test_edge_table_of_docx_list_has_column_of_devices():
    listed = replace(LISTS["2026-08"], month="2026-10")
    tables = read_docx_tables(service_document(listed))
    assert tables[2][0] == [*LATE, "适用场景"]
    assert [table[1:] for table in tables] == expected_rows(listed)


@pytest.mark.parametrize("month", sorted(PDF_MONTHS))
def test_pdf_table_has_headings_on_first_page_only_and_rows_split_between_pages(month):
    rows = read_pdf_rows(service_document(LISTS[month]))
    assert sum(row[0] == "序号" for row in rows) == len(expected_rows(LISTS[month]))
    assert any(not row[0] for row in rows)


def test_list_without_rows_has_headings_of_filed_table():
    for month in ("2024-04", "2025-06"):
        empty = replace(LISTS[month], services=())
        assert read_tables(service_document(empty)) == [[list(empty.headings)]]


@pytest.mark.parametrize("month", ["2024-08", "2026-08"])
def test_same_facts_give_same_bytes(month):
    assert service_document(LISTS[month]) == service_document(LISTS[month])
