"""The tables of any register are read by the layouts that it declares."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from scrapers import documents
from scrapers.documents import Column, TableLayout
from scrapers.documents.parsing import parse
from scrapers.errors import DocumentError, TableError
from scrapers.registers.cancellation_notices import NOTICE_TABLE
from scrapers.registers.deep_synthesis import LIST_TABLE
from scrapers.registers.generative_services import GENERATIVE_SERVICES
from tests.support.docx_builder import HEADINGS, make_docx, merged_up, row, table
from tests.support.pdf_builder import make_pdf, ruled_table
from tests.support.tables import cells_of, make_row

SERVICES = TableLayout(
    columns={
        "position": Column("序号"),
        "region_name": Column("属地"),
        "service_name": Column("模型名称", aliases=("服务 名称", "模型/服务名称")),
        "service_number": Column("备案号", aliases=("上线编号",)),
    },
    key="service_number",
    name="filed",
)
DEVICES = replace(
    SERVICES,
    columns={**SERVICES.columns, "devices": Column("终端"), "note": Column("备注", optional=True)},
    name="edge",
)
BOTH = (SERVICES, DEVICES)
SERVICE_HEADINGS = SERVICES.headings
FIRST, SECOND = ("1", "北京", "甲模型", "Beijing-Jia-20230831"), ("2", "上海", "乙模型", "")
WIDTHS = (40.0, 80.0, 120.0, 160.0)


def services(*rows: tuple[str, ...], headings: tuple[str, ...] = SERVICE_HEADINGS) -> bytes:
    return make_docx(table(row(*headings), *(row(*cells) for cells in rows)))


def services_pdf(*pages: list[tuple[str, ...]]) -> bytes:
    return make_pdf(*([ruled_table(*rows, widths=WIDTHS)] for rows in pages))


def problem(content: bytes, *layouts: TableLayout) -> TableError:
    with pytest.raises(TableError) as caught:
        parse(content, layouts)
    return caught.value


@pytest.mark.parametrize("heading", ["模型名称", "服务名称", "模型／服务 名称"])
def test_heading_matches_in_any_of_its_wordings(heading):
    content = services(FIRST, headings=("序号", "属地", heading, "备案号"))
    assert cells_of(parse(content, (SERVICES,))) == [FIRST]


def test_key_heading_matches_in_any_of_its_wordings():
    content = services(FIRST, headings=("序号", "属地", "模型名称", "上线编号"))
    assert parse(content, (SERVICES,)).rows == (
        make_row(SERVICES, 1, **dict(zip(SERVICES.columns, FIRST, strict=True))),
    )


def test_two_wordings_of_a_heading_are_a_duplicate_heading():
    content = services((*FIRST, ""), headings=(*SERVICE_HEADINGS, "服务名称"))
    assert "duplicate heading 模型名称" in str(problem(content, SERVICES))


@pytest.mark.parametrize(
    "content",
    [services(FIRST, SECOND), services_pdf([SERVICE_HEADINGS, FIRST, SECOND])],
    ids=["docx", "pdf"],
)
def test_table_is_read_by_a_layout_without_grammar(content):
    read = parse(content, (SERVICES,))
    assert cells_of(read) == [FIRST, SECOND]
    assert [item.table for item in read.rows] == ["filed", "filed"]
    assert read.highest_position == 2


def test_rows_without_grammar_are_separated_by_position_at_page_end():
    content = services_pdf([SERVICE_HEADINGS, FIRST], [("2", "上海", "乙模型", "Shanghai-Yi")])
    assert [cells[0] for cells in cells_of(parse(content, (SERVICES,)))] == ["1", "2"]


def test_halves_of_a_row_without_grammar_are_joined():
    content = services_pdf([SERVICE_HEADINGS, FIRST], [("", "市", "", "-B")], [SECOND])
    assert cells_of(parse(content, (SERVICES,)))[0] == ("1", "北京市", "甲模型", f"{FIRST[3]}-B")


def test_part_of_a_row_without_key_is_refused_without_grammar():
    content = services_pdf([SERVICE_HEADINGS, FIRST, ("", "", "乙模型", "")])
    with pytest.raises(DocumentError, match="page 1: part of a row without a 备案号"):
        parse(content, (SERVICES,))


def test_each_row_has_the_name_of_its_table():
    second = ("1", "北京", "丙模型", "Beijing-Bing", "手机")
    content = make_docx(
        table(row(*SERVICE_HEADINGS), row(*FIRST)),
        table(row(*DEVICES.headings[:-1]), row(*second)),
        table(row(*SERVICE_HEADINGS), row(*SECOND)),
    )
    read = parse(content, BOTH)
    assert [(item.row_no, item.table) for item in read.rows] == [
        (1, "filed"), (2, "edge"), (3, "filed")
    ]  # fmt: skip
    assert cells_of(read) == [FIRST, (*second, ""), SECOND]


def test_headings_that_match_no_table_are_refused_with_the_expected_ones():
    error = problem(services((*FIRST, ""), headings=(*SERVICE_HEADINGS, "备注")), *BOTH)
    assert "headings that match no table: '序号 | 属地 | 模型名称 | 备案号 | 备注'" in str(error)
    assert "序号、属地、模型名称、备案号 or 序号、属地、模型名称、备案号、终端、备注" in str(error)
    assert "update the register's columns in scrapers/registers" in str(error)


def test_heading_that_no_table_has_is_named():
    headings = ("序号", "属地", "产品", "备案号")
    error = problem(services(FIRST, headings=headings), *BOTH)
    assert "'序号 | 属地 | 产品 | 备案号', unknown heading 产品. Expected" in str(error)


def test_headings_that_match_two_tables_are_those_of_the_first():
    registered = replace(SERVICES, name="registered")
    read = parse(services(FIRST), (SERVICES, registered))
    assert [item.table for item in read.rows] == ["filed"]


def test_document_without_any_key_heading_is_refused_with_all_of_them():
    content = make_docx(table(row("清单")))
    assert "no table has the heading 备案号 or 备案编号" in str(problem(content, *BOTH, LIST_TABLE))


def test_rows_of_several_tables_continue_below_repeated_headings():
    names, widths = (*SERVICE_HEADINGS, "终端"), (*WIDTHS, 60.0)
    content = make_pdf(
        [ruled_table(SERVICE_HEADINGS, FIRST, widths=WIDTHS)],
        [ruled_table(names, ("1", "京", "丙", "C", "手"), widths=widths)],
        [ruled_table(names, ("", "", "", "D", "机"), ("2", "沪", "丁", "E", "表"), widths=widths)],
    )
    assert cells_of(parse(content, BOTH)) == [
        FIRST, ("1", "京", "丙", "CD", "手机", ""), ("2", "沪", "丁", "E", "表", "")
    ]  # fmt: skip


def test_first_layout_returns_on_a_later_page():
    names, widths = (*SERVICE_HEADINGS, "终端"), (*WIDTHS, 60.0)
    content = make_pdf(
        [ruled_table(SERVICE_HEADINGS, FIRST, widths=WIDTHS)],
        [ruled_table(names, ("1", "京", "丙", "C", "手机"), widths=widths)],
        [ruled_table(SERVICE_HEADINGS, ("2", *FIRST[1:]), widths=WIDTHS)],
    )
    assert [item.table for item in parse(content, BOTH).rows] == ["filed", "edge", "filed"]


def test_cell_merged_with_the_key_heading_is_empty():
    cells = (*FIRST[:3], merged_up("Beijing-Jia-20230831"))
    assert cells_of(parse(services(cells), (SERVICES,))) == [(*FIRST[:3], "")]


@pytest.mark.parametrize(
    ("heading", "printed"),
    [
        ("备案编号", "备 案 编 号"),
        ("日期", "⽇期"),
        ("⽇期", "日期"),
        ("截止日", "截⽌⽇"),
        ("No.", "Ｎｏ．"),
    ],
)
def test_key_heading_matches_in_every_form_of_its_characters(heading, printed):
    layout = TableLayout({"key": Column(heading), "name": Column("名称")}, "key")
    content = make_docx(table(row(printed, "名称"), row("1", "甲")))
    assert cells_of(parse(content, (layout,))) == [("1", "甲")]


@pytest.mark.parametrize("layout", [LIST_TABLE, NOTICE_TABLE, *BOTH, *GENERATIVE_SERVICES.tables])
def test_layout_can_be_pickled(layout):
    assert pickle.loads(pickle.dumps(layout)) == layout  # noqa: S301 (our own bytes)


def test_layout_of_lists_has_the_printed_headings():
    assert LIST_TABLE.headings == HEADINGS


def test_readers_do_not_depend_on_filing_numbers():
    modules = list(Path(documents.__file__).parent.rglob("*.py"))
    assert len(modules) > 40
    assert [path for path in modules if "filing_number" in path.read_text()] == []
