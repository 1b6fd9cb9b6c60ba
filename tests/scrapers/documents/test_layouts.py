"""Any register's tables are read by the layouts that it declares."""

import ast
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scrapers import documents
from scrapers.documents import Column, TableLayout, read_document
from scrapers.documents.parsing import parse
from scrapers.errors import DocumentError, TableError
from scrapers.registers.cancellation_notices import NOTICE_TABLE
from scrapers.registers.deep_synthesis import LIST_TABLE
from tests.support.docx_builder import HEADINGS, make_docx, make_filing_cells, merged_up, row, table
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
def test_a_heading_may_be_printed_in_any_of_its_wordings(heading):
    content = services(FIRST, headings=("序号", "属地", heading, "备案号"))
    assert cells_of(parse(content, (SERVICES,))) == [FIRST]


def test_the_key_may_be_printed_in_any_of_its_wordings():
    content = services(FIRST, headings=("序号", "属地", "模型名称", "上线编号"))
    assert parse(content, (SERVICES,)).rows == (
        make_row(SERVICES, 1, **dict(zip(SERVICES.columns, FIRST, strict=True))),
    )


def test_two_wordings_of_a_heading_are_one_heading_doubled():
    content = services((*FIRST, ""), headings=(*SERVICE_HEADINGS, "服务名称"))
    assert "doubled heading 模型名称" in str(problem(content, SERVICES))


@pytest.mark.parametrize(
    "content",
    [services(FIRST, SECOND), services_pdf([SERVICE_HEADINGS, FIRST, SECOND])],
    ids=["docx", "pdf"],
)
def test_a_table_is_read_by_a_layout_without_a_grammar(content):
    read = read_document(content, (SERVICES,))
    assert cells_of(read) == [FIRST, SECOND]
    assert [item.table for item in read.rows] == ["filed", "filed"]
    assert read.highest_position == 2


def test_rows_without_a_grammar_are_told_apart_by_their_positions_at_a_pages_end():
    content = services_pdf([SERVICE_HEADINGS, FIRST], [("2", "上海", "乙模型", "Shanghai-Yi")])
    assert [cells[0] for cells in cells_of(parse(content, (SERVICES,)))] == ["1", "2"]


def test_halves_of_a_row_without_a_grammar_are_joined():
    content = services_pdf([SERVICE_HEADINGS, FIRST], [("", "市", "", "-B")], [SECOND])
    assert cells_of(parse(content, (SERVICES,)))[0] == ("1", "北京市", "甲模型", f"{FIRST[3]}-B")


def test_a_piece_of_a_row_without_a_grammar_lacks_the_key():
    content = services_pdf([SERVICE_HEADINGS, FIRST, ("", "", "乙模型", "")])
    with pytest.raises(DocumentError, match="page 1: part of a row without a 备案号"):
        parse(content, (SERVICES,))


def test_each_row_says_which_table_of_the_document_it_is_of():
    second = ("1", "北京", "丙模型", "Beijing-Bing", "手机")
    content = make_docx(
        table(row(*SERVICE_HEADINGS), row(*FIRST)),
        table(row(*DEVICES.headings[:-1]), row(*second)),
        table(row(*SERVICE_HEADINGS), row(*SECOND)),
    )
    read = read_document(content, BOTH)
    assert [(item.row_no, item.table) for item in read.rows] == [
        (1, "filed"), (2, "edge"), (3, "filed")
    ]  # fmt: skip
    assert cells_of(read) == [FIRST, (*second, ""), SECOND]


def test_headings_that_fit_no_table_are_named_with_those_of_each():
    error = problem(services((*FIRST, ""), headings=(*SERVICE_HEADINGS, "备注")), *BOTH)
    assert "headings that are those of no table: '序号 | 属地 | 模型名称 | 备案号 | 备注'" in str(
        error
    )
    assert "序号、属地、模型名称、备案号 or 序号、属地、模型名称、备案号、终端、备注" in str(error)
    assert "the register's columns in scrapers/registers must follow" in str(error)


def test_headings_that_fit_two_tables_are_refused():
    registered = replace(SERVICES, name="registered")
    error = problem(services(FIRST), SERVICES, registered)
    assert "headings of several tables, filed and registered" in str(error)


def test_a_document_of_several_tables_says_which_keys_it_lacks():
    content = make_docx(table(row("清单")))
    assert "no table has the heading 备案号 or 备案编号" in str(problem(content, *BOTH, LIST_TABLE))


def test_several_tables_over_pages_repeat_their_own_headings():
    names, widths = (*SERVICE_HEADINGS, "终端"), (*WIDTHS, 60.0)
    content = make_pdf(
        [ruled_table(SERVICE_HEADINGS, FIRST, widths=WIDTHS)],
        [ruled_table(names, ("1", "京", "丙", "C", "手"), widths=widths)],
        [ruled_table(names, ("", "", "", "D", "机"), ("2", "沪", "丁", "E", "表"), widths=widths)],
    )
    assert cells_of(parse(content, BOTH)) == [
        FIRST, ("1", "京", "丙", "CD", "手机", ""), ("2", "沪", "丁", "E", "表", "")
    ]  # fmt: skip


def test_a_table_of_another_layout_keeps_its_headings_on_the_next_page():
    names, widths = (*SERVICE_HEADINGS, "终端"), (*WIDTHS, 60.0)
    content = make_pdf(
        [ruled_table(SERVICE_HEADINGS, FIRST, widths=WIDTHS)],
        [ruled_table(names, ("1", "京", "丙", "C", "手机"), widths=widths)],
        [ruled_table(SERVICE_HEADINGS, ("2", *FIRST[1:]), widths=WIDTHS)],
    )
    assert [item.table for item in parse(content, BOTH).rows] == ["filed", "edge", "filed"]


def test_a_cell_merged_with_the_key_heading_says_nothing():
    cells = (*FIRST[:3], merged_up("Beijing-Jia-20230831"))
    assert cells_of(parse(services(cells), (SERVICES,))) == [(*FIRST[:3], "")]


@pytest.mark.parametrize("heading", ["备案编号", "日期", "No.", "⽇期"])
def test_headings_are_found_in_every_form_of_their_characters(heading):
    layout = TableLayout({"key": Column(heading), "name": Column("名称")}, "key")
    for printed in (heading, "日期" if "期" in heading else heading, " ".join(heading)):
        content = make_docx(table(row(printed, "名称"), row("1", "甲")))
        assert cells_of(parse(content, (layout,))) == [("1", "甲")]


@pytest.mark.parametrize("layout", [LIST_TABLE, NOTICE_TABLE, *BOTH])
def test_a_layout_passes_to_another_process(layout):
    assert pickle.loads(pickle.dumps(layout)) == layout


def test_the_layout_of_a_list_has_the_headings_that_are_printed():
    assert LIST_TABLE.headings == HEADINGS
    assert cells_of(parse(services(make_filing_cells(), headings=HEADINGS), (LIST_TABLE,)))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_the_readers_know_no_register():
    forbidden = ("scrapers.registers", "scrapers.fields.filing_number")
    modules = list(Path(documents.__file__).parent.rglob("*.py"))
    assert len(modules) > 40
    assert [
        (path.name, name)
        for path in modules
        for name in imports_of(path)
        if name.startswith(forbidden)
    ] == []
