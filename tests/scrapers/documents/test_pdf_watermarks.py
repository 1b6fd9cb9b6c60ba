"""Watermarks over a .pdf table: ignored if recognised, refused if unclear."""

import pytest

from scrapers.errors import DocumentError
from tests.support.pdf_builder import (
    FONT,
    HEADINGS,
    Drawing,
    make_pdf,
    make_printed_number,
    row,
    ruled_table,
    word,
)
from tests.support.tables import cells_of, read_cancellations

TABLE = ruled_table(HEADINGS, row(1), row(2), row(3), drawn_as="bars")
ROWS = [row(1), row(2), row(3)]
MARK = "内部资料"
PALE = (0.8,)


def rows_of(*page: Drawing) -> list[tuple[str, ...]]:
    return cells_of(read_cancellations(make_pdf(page)))


@pytest.mark.parametrize(
    "mark",
    [
        word(120, 426, MARK, size=20, colour=PALE),
        word(120, 426, MARK, size=20),
        word(62, 426, "算法算法算法", size=20),
        word(120, 390, MARK, size=60, colour=(1.0, 0.7, 0.7)),
        word(20, 200, "密", size=720, colour=PALE),
        word(120, 430, MARK * 3, colour=PALE),
        word(120, 430, MARK * 3, opacity=0.2),
        word(66, 428, "样", size=13, colour=PALE),
        word(100, 400, MARK, size=20, colour=PALE, angle=3),
        word(100, 400, MARK, size=20, colour=PALE, angle=45),
        word(100, 400, MARK, size=20, colour=PALE, angle=-60),
        word(100, 400, MARK, angle=30),
        word(140, 350, MARK, size=30, colour=PALE, angle=90),
        word(140, 350, MARK, size=30, colour=PALE, angle=180),
    ],
    ids=["large and pale", "large", "of the same letters", "over all", "around the table", "pale",
         "transparent", "in one cell", "3°", "45°", "-60°", "slanted only", "upright",
         "upside down"],
)  # fmt: skip
def test_watermark_is_ignored(mark):
    assert rows_of(TABLE, mark) == ROWS
    assert rows_of(mark, TABLE) == ROWS


def test_all_tiles_of_a_watermark_are_ignored_if_some_cross_lines():
    tiles = [
        word(45 + 130 * x, 396 + 17 * y, "张三 1234", colour=PALE)
        for x in range(5)
        for y in range(3)
    ]
    assert rows_of(TABLE, *tiles) == ROWS


def test_text_tagged_as_a_watermark_is_ignored():
    def tagged(canvas):
        canvas._code.append("/Artifact << /Type /Pagination /Subtype /Watermark >> BDC")
        word(66, 420, MARK)(canvas)
        canvas._code.append("EMC")

    assert rows_of(TABLE, tagged) == ROWS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (word(130, 430, MARK), "text crosses the line between two cells: '内部资料'"),
        (word(700, 430, MARK * 2), "text crosses the line between two cells"),
        (word(110, 430, "内部", colour=PALE), "another size or a paler colour in a cell: '内部'"),
        (word(110, 428, "样", size=13), "another size or a paler colour in a cell: '样'"),
        (word(68, 430, "内部"), "texts overlap"),
        (word(66, 433, "内部"), "texts overlap"),
        (word(120, 426, "内", angle=90), "rotated text in a cell: '内'"),
        (word(140, 436, "内", angle=180), "rotated text in a cell: '内'"),
    ],
    ids=[
        "overflow",
        "beyond the table",
        "pale",
        "large",
        "same line",
        "between lines",
        "90°",
        "180°",
    ],
)
def test_text_that_may_or_may_not_belong_to_a_cell_is_refused(text, message):
    with pytest.raises(DocumentError, match=rf"page 1: .*{message}"):
        rows_of(TABLE, text)


def test_pale_text_alone_in_a_row_of_dark_text_is_refused():
    table = ruled_table(HEADINGS, row(1, products=""))
    with pytest.raises(DocumentError, match="a paler colour in a cell: '内部'"):
        rows_of(table, word(320, 430, "内部", colour=PALE))


def test_row_that_is_grey_throughout_is_kept():
    def grey(canvas, x, y, text):
        canvas.setFont(FONT, 8)
        canvas.setFillGray(0.6)
        canvas.drawString(x, y, text)
        canvas.setFillGray(0)

    content = [ruled_table(HEADINGS, row(1), row(2)), ruled_table(row(3), top=406, write=grey)]
    assert rows_of(*content) == ROWS


def test_large_title_in_the_table_is_accepted():
    title = ruled_table(("注销备案编号的算法清单",), widths=(700,), size=14, top=478)
    assert rows_of(title, TABLE) == ROWS


@pytest.mark.parametrize("red", [(1, 0, 0), (0, 0.7, 0.3), (0.2, 0.2, 1)])
def test_coloured_text_in_a_cell_is_kept(red):
    table = ruled_table(HEADINGS, row(1, name=""))
    assert rows_of(table, word(66, 430, "算法"), word(84, 430, "一", colour=red)) == [
        row(1, name="算法一")
    ]


@pytest.mark.parametrize("angle", [0, -8])
def test_watermark_with_an_unknown_filing_number_is_refused(angle):
    mark = word(100, 410, make_printed_number(9), size=14, colour=PALE, angle=angle)
    with pytest.raises(DocumentError, match=r"page 1: the filing number 1101.* or a watermark"):
        rows_of(TABLE, mark)


def test_text_over_a_line_next_to_another_text_is_refused():
    table = ruled_table(HEADINGS, row(1, name="", role=""))
    with pytest.raises(DocumentError, match="page 1: text crosses the line between two cells"):
        rows_of(table, word(138, 430, "甲乙"), word(154, 430, "丙"))
