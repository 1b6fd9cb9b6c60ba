"""Vertically merged cells of .docx tables have the same text in every row that they cover."""

import pytest

from scrapers.documents.docx.merges import Cell, placed_cells
from tests.support.docx_builder import (
    HEADINGS,
    cell,
    make_docx,
    make_filing_cells,
    merged_down,
    merged_up,
    row,
    spanning,
    table,
)
from tests.support.tables import cells_of, read_list

ENTITY, PRODUCTS, PURPOSE = map(HEADINGS.index, ("主体名称", "应用产品", "主要用途"))
WIDTHS = [703, 1565, 1612, 1620, 2732, 3915, 1777, 1695]
DELETED = "<w:trPr><w:del/></w:trPr>"


def read(*rows: str) -> list[tuple[str, ...]]:
    return cells_of(read_list(make_docx(table(*rows))))


def with_entity(number: int, entity: str) -> str:
    """The row of a filing with another cell for its entity."""
    cells = make_filing_cells(number)
    return row(*cells[:ENTITY], entity, *cells[ENTITY + 1 :])


def entities(*rows: str) -> list[str]:
    return [cells[ENTITY] for cells in read(row(*HEADINGS), *rows)]


def test_cells_after_a_deleted_one_move_to_its_left_edge():
    cells = [Cell("甲"), Cell("旧", is_deleted=True), Cell("乙")]
    placed = placed_cells(cells, (0, 100, 300, 600))
    assert [(item.cell.text, item.start, item.end) for item in placed] == [
        ("甲", 0, 100), ("乙", 100, 400)
    ]  # fmt: skip


def test_tracked_merge_counts_as_merge():
    rows = [
        row(*make_filing_cells(1)[:3], "公司", *make_filing_cells(1)[4:]),
        row(
            *make_filing_cells(2)[:3],
            cell("", properties='<w:cellMerge w:vMerge="cont"/>'),
            *make_filing_cells(2)[4:],
        ),
    ]
    assert [found[3] for found in read(row(*HEADINGS), *rows)] == ["公司", "公司"]


def test_tracked_merge_replaces_the_text_of_its_cells():
    start = cell("甲", properties='<w:cellMerge w:vMerge="rest"/>')
    more = cell("旧", properties='<w:cellMerge w:vMerge="cont"/>')
    assert entities(with_entity(1, start), with_entity(2, more)) == ["甲", "甲"]


def test_cell_merged_with_a_heading_is_empty():
    headings = row(*HEADINGS[:PURPOSE], merged_down("主要用途"), *HEADINGS[PURPOSE + 1 :])
    cells = make_filing_cells()
    below = row(*cells[:PURPOSE], merged_up(), *cells[PURPOSE + 1 :])
    assert read(headings, below)[0][PURPOSE] == ""


def test_merge_at_start_of_later_table_continues_previous_table():
    first, second = make_filing_cells(1), make_filing_cells(2)
    content = make_docx(
        table(row(*HEADINGS), row(*first)),
        table(row(*second[:3], merged_up(), *second[4:])),
    )
    assert cells_of(read_list(content))[1] == (*second[:3], "公司1", *second[4:])


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        ((merged_down("甲"), merged_up(), merged_up()), ["甲", "甲", "甲"]),
        ((merged_down("甲"), merged_up(), "丙", merged_up()), ["甲", "甲", "丙", "丙"]),
        ((merged_down("甲"), merged_down("乙"), merged_up()), ["甲", "乙", "乙"]),
        ((merged_down("甲"), merged_up("旧")), ["甲", "甲"]),
        (("甲", merged_up("乙")), ["甲", "乙"]),
        (("甲", merged_up("乙"), merged_up()), ["甲", "乙", "乙"]),
    ],
)
def test_cell_that_continues_the_one_above_has_its_text(cells, names):
    rows = (with_entity(number, text) for number, text in enumerate(cells, start=1))
    assert entities(*rows) == names


def test_merge_that_began_in_a_deleted_row_is_empty():
    deleted = with_entity(2, merged_down("乙")).replace("<w:tr>", f"<w:tr>{DELETED}")
    assert entities(with_entity(1, "甲"), deleted, with_entity(3, merged_up())) == ["甲", ""]


def test_merge_continues_across_a_deleted_row():
    deleted = with_entity(2, merged_up()).replace("<w:tr>", f"<w:tr>{DELETED}")
    rows = (with_entity(1, merged_down("甲")), deleted, with_entity(3, merged_up()))
    assert entities(*rows) == ["甲", "甲"]


def test_merge_into_later_table_with_other_widths_keeps_its_column():
    first, second = make_filing_cells(1), with_entity(2, merged_up())
    widths = [*WIDTHS[:2], WIDTHS[ENTITY], WIDTHS[2], *WIDTHS[ENTITY + 1 :]]
    shifted = [width + 300 for width in widths]
    content = make_docx(
        table(row(*HEADINGS), row(*first), widths=WIDTHS), table(second, widths=shifted)
    )
    assert cells_of(read_list(content))[1][ENTITY] == first[ENTITY]


def test_sliver_of_a_merged_cell_does_not_repeat_its_text():
    first, second = make_filing_cells(1), make_filing_cells(2)
    start = cell("甲", properties='<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>')
    content = make_docx(
        table(
            row(*HEADINGS[:PRODUCTS], spanning(2, HEADINGS[PRODUCTS]), *HEADINGS[PURPOSE:]),
            row(*first[:PRODUCTS], start, *first[PURPOSE:]),
            row(*second[:PRODUCTS], merged_up(), merged_up(), *second[PURPOSE:]),
            widths=[*WIDTHS[:PURPOSE], 21, *WIDTHS[PURPOSE:]],
        )
    )
    assert [cells[PRODUCTS] for cells in cells_of(read_list(content))] == ["甲", "甲"]
