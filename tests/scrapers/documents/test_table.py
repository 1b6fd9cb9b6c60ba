"""The register's table is read strictly: what is odd is named, never guessed at."""

import pytest

from scrapers.documents import ListRow, ListTable, read_list
from scrapers.errors import TableError
from tests.support.docx_making import (
    HEADINGS,
    docx,
    filing_cells,
    paragraph,
    row,
    spanning,
    table,
)
from tests.support.list_cells import cells_of


def problem(*blocks: str) -> TableError:
    with pytest.raises(TableError) as caught:
        read_list(docx(*blocks))
    return caught.value


def with_headings(*headings: str) -> TableError:
    return problem(table(row(*headings), row(*filing_cells())))


@pytest.mark.parametrize("name", [name for name in HEADINGS if name not in ("备注", "备案编号")])
def test_a_missing_heading_is_named(name):
    error = with_headings(*(heading for heading in HEADINGS if heading != name))
    assert f"missing heading {name}" in str(error)


def test_a_table_without_numbers_is_no_list():
    error = with_headings(*(name for name in HEADINGS if name != "备案编号"))
    assert "does not begin with headings but with '序号 | 算法名称" in str(error)


def test_an_unknown_heading_is_named():
    assert "unknown heading 注册地" in str(with_headings(*HEADINGS, "注册地"))


def test_a_column_without_heading_may_hold_no_text():
    kept = read_list(docx(table(row(*HEADINGS, ""), row(*filing_cells(), ""))))
    assert cells_of(kept) == [filing_cells()]
    error = problem(table(row(*HEADINGS, ""), row(*filing_cells(), "上海")))
    assert "a text without a heading" in str(error) and error.row_no == 1


@pytest.mark.parametrize("name", ["算法名称", "备案编号", "备注"])
def test_a_doubled_heading_is_named(name):
    assert f"doubled heading {name}" in str(with_headings(*HEADINGS, name))


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ((), "the document holds no table"),
        ((paragraph("备案清单"),), "the document holds no table"),
        ((table(row("", "")),), "the document holds no table"),
        ((table(row(*HEADINGS)),), "headings but no row"),
        ((table(row("备案清单")),), "no table has the heading 备案编号"),
    ],
)
def test_a_document_without_rows_says_what_it_lacks(blocks, message):
    assert message in str(problem(*blocks))


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        (row(*filing_cells()[:-1]), "7 cells that end elsewhere than the 8 headings"),
        (row(*filing_cells(), "更多"), "9 cells that end elsewhere than the 8 headings"),
        (row("合计"), "1 cells that end elsewhere than the 8 headings"),
        (row(spanning(8, "合计")), "a cell reaches over two headings"),
        (row(*filing_cells()[:6], spanning(2, "合计")), "a cell reaches over two headings"),
    ],
)
def test_a_ragged_row_is_named_by_its_number(odd, message):
    error = problem(table(row(*HEADINGS), row(*filing_cells(1)), row(*filing_cells(2)), odd))
    assert message in str(error)
    assert error.row_no == 3 and "row 3" in str(error)


def test_row_numbers_go_on_in_the_second_table():
    error = problem(
        table(row(*HEADINGS), row(*filing_cells(1))), table(row(*filing_cells(2)), row("?"))
    )
    assert error.row_no == 3


A_ROW = ListRow(1, "1", "算法甲", "服务提供者", "公司 A", "产品（APP）", "用途", "网信算备1号")


def changed(**fields: object) -> ListTable:
    return ListTable((A_ROW._replace(**fields),))


@pytest.mark.parametrize(
    "fields",
    [{"algorithm_name": " 算法 甲\n"}, {"entity_name": "公司A"}, {"purpose": "用\u3000途\u00a0"}],
)
def test_white_space_does_not_change_what_a_table_says(fields):
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
def test_anything_else_does(fields):
    assert changed(**fields).sha256 != changed().sha256


def test_another_order_of_rows_is_another_table():
    rows = [ListRow(1, algorithm_name="甲"), ListRow(2, algorithm_name="乙")]
    swapped = [ListRow(1, algorithm_name="乙"), ListRow(2, algorithm_name="甲")]
    assert ListTable(tuple(rows)).sha256 != ListTable(tuple(swapped)).sha256
