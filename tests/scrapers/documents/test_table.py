"""Tables are read strictly: anything unexpected is an error that names it."""

from dataclasses import replace

import pytest

from scrapers.documents import DocumentTable
from scrapers.errors import TableError
from scrapers.registers.cancellation_notices import NOTICE_TABLE
from scrapers.registers.deep_synthesis import LIST_TABLE
from tests.support.docx_builder import (
    HEADINGS,
    make_docx,
    make_filing_cells,
    paragraph,
    row,
    spanning,
    table,
)
from tests.support.tables import cells_of, make_row, read_list


def problem(*blocks: str) -> TableError:
    with pytest.raises(TableError) as caught:
        read_list(make_docx(*blocks))
    return caught.value


def with_headings(*headings: str) -> TableError:
    return problem(table(row(*headings), row(*make_filing_cells())))


@pytest.mark.parametrize("name", [name for name in HEADINGS if name not in ("备注", "备案编号")])
def test_missing_heading_is_refused(name):
    error = with_headings(*(heading for heading in HEADINGS if heading != name))
    assert f"missing heading {name}" in str(error)


def test_table_without_key_heading_is_refused():
    error = with_headings(*(name for name in HEADINGS if name != "备案编号"))
    assert "begins with '序号 | 算法名称" in str(error)


def test_unknown_heading_is_refused():
    assert "unknown heading 注册地" in str(with_headings(*HEADINGS, "注册地"))


def test_column_without_heading_must_be_empty():
    kept = read_list(make_docx(table(row(*HEADINGS, ""), row(*make_filing_cells(), ""))))
    assert cells_of(kept) == [make_filing_cells()]
    error = problem(table(row(*HEADINGS, ""), row(*make_filing_cells(), "上海")))
    assert "text in a column without a heading" in str(error) and error.row_no == 1


@pytest.mark.parametrize("name", ["算法名称", "备案编号", "备注"])
def test_duplicate_heading_is_refused(name):
    assert f"duplicate heading {name}" in str(with_headings(*HEADINGS, name))


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ((), "the document contains no table"),
        ((paragraph("备案清单"),), "the document contains no table"),
        ((table(row("", "")),), "the document contains no table"),
        ((table(row(*HEADINGS)),), "headings but no rows"),
        ((table(row("备案清单")),), "no table has the heading 备案编号"),
    ],
)
def test_document_without_rows_is_refused(blocks, message):
    assert message in str(problem(*blocks))


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        (row(*make_filing_cells()[:-1]), "7 cells that do not line up with the 8 headings"),
        (row(*make_filing_cells(), "更多"), "9 cells that do not line up with the 8 headings"),
        (row("合计"), "1 cells that do not line up with the 8 headings"),
        (row(spanning(8, "合计")), "a cell that spans two headings"),
        (row(*make_filing_cells()[:6], spanning(2, "合计")), "a cell that spans two headings"),
    ],
)
def test_row_of_another_width_is_refused_with_its_number(odd, message):
    error = problem(
        table(row(*HEADINGS), row(*make_filing_cells(1)), row(*make_filing_cells(2)), odd)
    )
    assert message in str(error)
    assert error.row_no == 3 and "row 3" in str(error)


def test_row_numbers_continue_in_second_table():
    error = problem(
        table(row(*HEADINGS), row(*make_filing_cells(1))),
        table(row(*make_filing_cells(2)), row("?")),
    )
    assert error.row_no == 3


A_ROW = {
    "position": "1",
    "algorithm_name": "算法甲",
    "role": "服务提供者",
    "entity_name": "公司 A",
    "products": "产品（APP）",
    "purpose": "用途",
    "filing_number": "网信算备1号",
}


def changed(row_no: int = 1, **cells: str) -> DocumentTable:
    return DocumentTable((make_row(LIST_TABLE, row_no, **(A_ROW | cells)),))


@pytest.mark.parametrize(
    "fields",
    [{"algorithm_name": " 算法 甲\n"}, {"entity_name": "公司A"}, {"purpose": "用\u3000途\u00a0"}],
)
def test_hash_ignores_white_space(fields):
    assert changed(**fields).sha256 == changed().sha256


@pytest.mark.parametrize(
    "fields",
    [
        {"algorithm_name": "算法乙"},
        {"note": "已注销"},
        {"position": ""},
        {"products": "产品(APP)"},
        {"row_no": 2},
        {"algorithm_name": "算法甲服务", "role": "提供者"},
        {"purpose": "", "note": "用途"},
    ],
)
def test_hash_depends_on_every_cell_and_row_number(fields):
    assert changed(**fields).sha256 != changed().sha256


def test_hash_depends_on_order_of_rows():
    def named(*names: str) -> DocumentTable:
        rows = (make_row(LIST_TABLE, n, algorithm_name=name) for n, name in enumerate(names, 1))
        return DocumentTable(tuple(rows))

    assert named("甲", "乙").sha256 != named("乙", "甲").sha256


@pytest.mark.parametrize(
    ("positions", "highest"),
    [(["1", "12", "3"], 12), (["", "第2号"], 0), ([" 1 0 "], 10), (["7", "12345678"], 7), ([], 0)],
)
def test_highest_position_ignores_everything_but_short_numbers(positions, highest):
    rows = (make_row(LIST_TABLE, n, position=text) for n, text in enumerate(positions, 1))
    assert DocumentTable(tuple(rows)).highest_position == highest


SECOND_ROW = {
    "algorithm_name": "算法乙",
    "role": "服务技术支持者",
    "entity_name": "公司 B",
    "purpose": "用途 二",
    "filing_number": "网信算备2号",
}


@pytest.mark.parametrize(
    ("layout", "ends", "sha256"),
    [
        (
            LIST_TABLE,
            [{}, {"note": "变更"}],
            "948b51e97a6e032c31e0c56638a9ae260340528b41c96db7c724cef96d73c32a",
        ),
        (
            NOTICE_TABLE,
            [{"cancelled_month": "2025年1月"}, {"cancelled_month": "2025年2月"}],
            "3f5fdc43709b115a342e322a7e651cd8fb6c3b617fce9844e4d943d651821433",
        ),
    ],
    ids=["list", "notice"],
)
def test_hash_equals_archived_hash(layout, ends, sha256):
    first, second = (A_ROW | ends[0]), (SECOND_ROW | ends[1])
    table = DocumentTable((make_row(layout, 1, **first), make_row(layout, 2, **second)))
    assert table.sha256 == sha256


def test_hash_depends_on_name_of_table():
    named = replace(LIST_TABLE, name="filed")
    tables = [DocumentTable((make_row(layout, 1, **A_ROW),)) for layout in (LIST_TABLE, named)]
    assert tables[0].sha256 != tables[1].sha256
