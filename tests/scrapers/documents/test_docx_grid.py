"""Columns of .docx tables are matched by their edges: slivers, omitted columns, spans."""

import pytest
from lxml import etree

from scrapers.documents.cells import UNKNOWN_WIDTH
from scrapers.documents.docx.columns import grid_edges
from scrapers.documents.docx.markup import TABLE_TAGS
from scrapers.errors import TableError
from tests.support.docx_builder import (
    HEADINGS,
    Xml,
    cell,
    document_xml,
    make_docx,
    make_filing_cells,
    row,
    spanning,
    table,
)
from tests.support.tables import cells_of, read_list

PRODUCTS, PURPOSE = HEADINGS.index("应用产品"), HEADINGS.index("主要用途")
WIDTHS = [703, 1565, 1612, 1620, 2732, 3915, 1777, 1695]


def with_sliver(width: int | str) -> list[int | str]:
    """The grid with one more column, between products and purpose."""
    return [*WIDTHS[:PURPOSE], width, *WIDTHS[PURPOSE:]]


def wider(cells: tuple[str, ...], place: int) -> str:
    """A row in which one cell covers two grid columns."""
    return row(*cells[:place], spanning(2, cells[place]), *cells[place + 1 :])


def read(*rows: str, widths=()) -> list[tuple[str, ...]]:
    return cells_of(read_list(make_docx(table(*rows, widths=widths))))


def test_sliver_may_belong_to_either_neighbour():
    assert read(
        wider(HEADINGS, PURPOSE),
        wider(make_filing_cells(1), PURPOSE),
        wider(make_filing_cells(2), PRODUCTS),
        row(*make_filing_cells(3)[:PURPOSE], "", *make_filing_cells(3)[PURPOSE:]),
        widths=with_sliver(21),
    ) == [make_filing_cells(1), make_filing_cells(2), make_filing_cells(3)]


@pytest.mark.parametrize("headings", [(*HEADINGS[:PURPOSE], "", *HEADINGS[PURPOSE:])])
def test_empty_sliver_in_heading_row_is_part_of_column_before(headings):
    rows = [
        row(*headings),
        wider(make_filing_cells(1), PURPOSE),
        wider(make_filing_cells(2), PRODUCTS),
    ]
    assert read(*rows, widths=with_sliver(30)) == [make_filing_cells(1), make_filing_cells(2)]


def test_row_may_end_a_sliver_before_headings():
    headings = row(*HEADINGS[:-1], spanning(2, HEADINGS[-1]))
    assert read(headings, row(*make_filing_cells()), widths=[*WIDTHS, 40]) == [make_filing_cells()]


def test_edge_off_by_more_than_a_sliver_is_refused():
    rows = [wider(HEADINGS, PURPOSE), wider(make_filing_cells(), PRODUCTS)]
    with pytest.raises(TableError, match="a cell that spans two headings"):
        read(*rows, widths=with_sliver(400))


@pytest.mark.parametrize("widths", [(), [0] * 9, [50] * 9, with_sliver(0), with_sliver("x")])
def test_columns_of_unknown_width_are_not_slivers(widths):
    rows = [wider(HEADINGS, PURPOSE), wider(make_filing_cells(), PRODUCTS)]
    with pytest.raises(TableError, match="a cell that spans two headings"):
        read(*rows, widths=widths)


@pytest.mark.parametrize(
    ("width", "twips"),
    [
        ("703", 703), ("35.15pt", 703), ("1in", 1440), ("1cm", 567), ("10mm", 567), ("3pc", 720),
        ("0", UNKNOWN_WIDTH), ("", UNKNOWN_WIDTH), ("5em", UNKNOWN_WIDTH),
    ],
)  # fmt: skip
def test_widths_may_have_units(width, twips):
    grid = document_xml(table(widths=[width, 1000])).encode()
    (found,) = etree.fromstring(grid).iter(*TABLE_TAGS)
    assert grid_edges(found) == [0, twips, twips + 1000]


@pytest.mark.parametrize("name", ["gridBefore", "gridAfter"])
def test_columns_omitted_by_a_row_are_empty_cells(name):
    cells = make_filing_cells()[1:] if name == "gridBefore" else make_filing_cells()[:-1]
    omitted = f'<w:trPr><w:{name} w:val="1"/></w:trPr>'
    expected = ("", *cells) if name == "gridBefore" else (*cells, "")
    assert read(row(*HEADINGS), row(*cells).replace("<w:tr>", f"<w:tr>{omitted}")) == [expected]


def test_row_that_omits_no_columns_is_read():
    omitted = '<w:tr><w:trPr><w:gridBefore w:val="0"/></w:trPr>'
    cells = make_filing_cells()
    assert read(row(*HEADINGS), row(*cells).replace("<w:tr>", omitted)) == [cells]


def test_later_table_may_have_other_widths():
    first, second = make_filing_cells(1), make_filing_cells(2)
    turned = WIDTHS[::-1]
    content = make_docx(
        table(row(*HEADINGS), row(*first), widths=WIDTHS),
        table(row(*second), widths=turned),
    )
    assert cells_of(read_list(content)) == [first, second]


def test_horizontally_merged_cells_are_one_cell():
    start = cell("主要用途", properties='<w:hMerge w:val="restart"/>')
    more = cell("", properties="<w:hMerge/>")
    headings = row(*HEADINGS[:PURPOSE], start, more, *HEADINGS[PURPOSE + 1 :])
    assert read(headings, wider(make_filing_cells(), PURPOSE)) == [make_filing_cells()]


def test_first_cell_of_a_row_is_not_merged_to_the_left():
    cells = make_filing_cells()
    first = cell(cells[0], properties='<w:hMerge w:val="continue"/>')
    assert read(row(*HEADINGS), row(first, *cells[1:])) == [cells]


def test_cell_merged_over_two_headings_is_refused():
    start = cell("产品与用途", properties='<w:hMerge w:val="restart"/>')
    more = cell("", properties='<w:hMerge w:val="continue"/>')
    cells = make_filing_cells()
    with pytest.raises(TableError, match="a cell that spans two headings"):
        read(row(*HEADINGS), row(*cells[:PRODUCTS], start, more, *cells[PURPOSE + 1 :]))


def test_deleted_column_is_skipped_in_headings_and_rows():
    deleted = cell("旧", properties="<w:cellDel/>")
    rows = [row(cells[0], deleted, *cells[1:]) for cells in (HEADINGS, make_filing_cells())]
    assert read(*rows) == [make_filing_cells()]


@pytest.mark.parametrize("former", ['<w:gridSpan w:val="2"/>', "<w:vMerge/>", "<w:cellDel/>"])
def test_former_properties_of_a_cell_are_ignored(former):
    change = f"<w:tcPrChange><w:tcPr>{former}</w:tcPr></w:tcPrChange>"
    cells = make_filing_cells(2)
    changed = row(cells[0], cell(cells[1], properties=change), *cells[2:])
    assert read(row(*HEADINGS), row(*make_filing_cells(1)), changed)[1] == cells


def test_zero_width_characters_in_headings_are_ignored():
    headings = tuple(Xml(cell(f"{name[:2]}\u200b{name[2:]}\ufeff")) for name in HEADINGS)
    assert read(row(*headings), row(*make_filing_cells())) == [make_filing_cells()]


@pytest.mark.parametrize("name", ["gridBefore", "gridAfter"])
def test_columns_omitted_by_every_row_are_ignored(name):
    omitted = f'<w:tr><w:trPr><w:{name} w:val="1"/></w:trPr>'
    rows = [row(*cells).replace("<w:tr>", omitted) for cells in (HEADINGS, make_filing_cells())]
    assert read(*rows) == [make_filing_cells()]
