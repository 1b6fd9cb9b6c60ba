"""Columns of .docx tables are told by where they end: slivers, omitted columns, spans."""

import pytest

from scrapers.documents import read_list
from scrapers.errors import TableError
from tests.support.docx_making import (
    HEADINGS,
    Xml,
    cell,
    docx,
    filing_cells,
    row,
    spanning,
    table,
)
from tests.support.list_cells import cells_of

PRODUCTS, PURPOSE = HEADINGS.index("应用产品"), HEADINGS.index("主要用途")
WIDTHS = [703, 1565, 1612, 1620, 2732, 3915, 1777, 1695]


def with_sliver(width: int) -> list[int]:
    """The grid with one more column, between products and purpose."""
    return [*WIDTHS[:PURPOSE], width, *WIDTHS[PURPOSE:]]


def wider(cells: tuple[str, ...], place: int) -> str:
    """A row in which one cell covers two grid columns."""
    return row(*cells[:place], spanning(2, cells[place]), *cells[place + 1 :])


def read(*rows: str, widths=()) -> list[tuple[str, ...]]:
    return cells_of(read_list(docx(table(*rows, widths=widths))))


def test_a_sliver_may_belong_to_either_neighbour():
    assert read(
        wider(HEADINGS, PURPOSE),
        wider(filing_cells(1), PURPOSE),
        wider(filing_cells(2), PRODUCTS),
        row(*filing_cells(3)[:PURPOSE], "", *filing_cells(3)[PURPOSE:]),
        widths=with_sliver(21),
    ) == [filing_cells(1), filing_cells(2), filing_cells(3)]


@pytest.mark.parametrize("headings", [(*HEADINGS[:PURPOSE], "", *HEADINGS[PURPOSE:])])
def test_an_empty_sliver_among_the_headings_has_no_name(headings):
    rows = [row(*headings), wider(filing_cells(1), PURPOSE), wider(filing_cells(2), PRODUCTS)]
    assert read(*rows, widths=with_sliver(30)) == [filing_cells(1), filing_cells(2)]


def test_a_row_may_end_a_sliver_before_the_headings_do():
    headings = row(*HEADINGS[:-1], spanning(2, HEADINGS[-1]))
    assert read(headings, row(*filing_cells()), widths=[*WIDTHS, 40]) == [filing_cells()]


def test_an_edge_off_by_more_than_a_sliver_is_refused():
    rows = [wider(HEADINGS, PURPOSE), wider(filing_cells(), PRODUCTS)]
    with pytest.raises(TableError, match="a cell reaches over two headings"):
        read(*rows, widths=with_sliver(400))


@pytest.mark.parametrize("widths", [(), [0] * 9, [50] * 9])
def test_columns_of_unknown_width_are_no_slivers(widths):
    rows = [wider(HEADINGS, PURPOSE), wider(filing_cells(), PRODUCTS)]
    with pytest.raises(TableError, match="a cell reaches over two headings"):
        read(*rows, widths=widths)


def test_widths_with_units_are_read():
    widths = [f"{width / 20}pt" for width in with_sliver(21)]
    rows = [wider(HEADINGS, PURPOSE), wider(filing_cells(), PRODUCTS)]
    assert read(*rows, widths=widths) == [filing_cells()]


@pytest.mark.parametrize("name", ["gridBefore", "gridAfter"])
def test_columns_that_a_row_leaves_out_are_empty_cells(name):
    cells = filing_cells()[1:] if name == "gridBefore" else filing_cells()[:-1]
    omitted = f'<w:trPr><w:{name} w:val="1"/></w:trPr>'
    expected = ("", *cells) if name == "gridBefore" else (*cells, "")
    assert read(row(*HEADINGS), row(*cells).replace("<w:tr>", f"<w:tr>{omitted}")) == [expected]


def test_a_later_table_has_widths_of_its_own():
    first, second = filing_cells(1), filing_cells(2)
    turned = WIDTHS[::-1]
    content = docx(
        table(row(*HEADINGS), row(*first), widths=WIDTHS),
        table(row(*second), widths=turned),
    )
    assert cells_of(read_list(content)) == [first, second]


def test_horizontally_merged_cells_are_one_cell():
    start = cell("主要用途", properties='<w:hMerge w:val="restart"/>')
    more = cell("", properties="<w:hMerge/>")
    headings = row(*HEADINGS[:PURPOSE], start, more, *HEADINGS[PURPOSE + 1 :])
    assert read(headings, wider(filing_cells(), PURPOSE)) == [filing_cells()]


def test_a_cell_merged_over_two_headings_is_refused():
    start = cell("产品与用途", properties='<w:hMerge w:val="restart"/>')
    more = cell("", properties='<w:hMerge w:val="continue"/>')
    cells = filing_cells()
    with pytest.raises(TableError, match="a cell reaches over two headings"):
        read(row(*HEADINGS), row(*cells[:PRODUCTS], start, more, *cells[PURPOSE + 1 :]))


def test_a_deleted_column_is_gone_from_headings_and_rows():
    deleted = cell("旧", properties="<w:cellDel/>")
    rows = [row(cells[0], deleted, *cells[1:]) for cells in (HEADINGS, filing_cells())]
    assert read(*rows) == [filing_cells()]


@pytest.mark.parametrize("former", ['<w:gridSpan w:val="2"/>', "<w:vMerge/>", "<w:cellDel/>"])
def test_former_properties_of_a_cell_are_history(former):
    change = f"<w:tcPrChange><w:tcPr>{former}</w:tcPr></w:tcPrChange>"
    cells = filing_cells(2)
    changed = row(cells[0], cell(cells[1], properties=change), *cells[2:])
    assert read(row(*HEADINGS), row(*filing_cells(1)), changed)[1] == cells


def test_signs_of_no_width_in_headings_and_numbers_do_not_matter():
    headings = tuple(Xml(cell(f"{name[:2]}\u200b{name[2:]}\ufeff")) for name in HEADINGS)
    assert read(row(*headings), row(*filing_cells())) == [filing_cells()]


@pytest.mark.parametrize("name", ["gridBefore", "gridAfter"])
def test_columns_that_every_row_leaves_out_are_none(name):
    omitted = f'<w:tr><w:trPr><w:{name} w:val="1"/></w:trPr>'
    rows = [row(*cells).replace("<w:tr>", omitted) for cells in (HEADINGS, filing_cells())]
    assert read(*rows) == [filing_cells()]
