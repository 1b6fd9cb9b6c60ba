"""Ruled lines of .pdf tables: how they are drawn, missing lines, merged cells, decorations."""

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from scrapers.documents.pdf import pdf_tables
from scrapers.errors import DocumentError, TableError
from tests.support.pdf_builder import (
    FONT,
    HEADINGS,
    LEFT,
    PADDING,
    TOP,
    WIDTHS,
    Drawing,
    make_pdf,
    row,
    ruled_table,
    transformed,
    word,
)
from tests.support.tables import LIST_LAYOUTS, NOTICE_LAYOUTS, cells_of, read_cancellations

ROW_HEIGHT = 18.0


def rows_of(content: bytes) -> list[tuple[str, ...]]:
    return cells_of(read_cancellations(content))


@pytest.mark.parametrize("drawn_as", ["lines", "rects", "bars"])
@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_table_has_its_rows_in_each_style_of_lines(drawn_as, scale):
    table = ruled_table(HEADINGS, row(1), row(2), drawn_as=drawn_as)
    content = make_pdf(
        [transformed(table, scale, 0, 0, scale, 0, 0)], size=(760 * scale, 500 * scale)
    )
    assert rows_of(content) == [row(1), row(2)]


@pytest.mark.parametrize(
    "without",
    [
        ("top",),
        ("bottom",),
        ("top", "bottom"),
        ("left", "right"),
        ("top", "bottom", "left", "right"),
    ],
    ids=" ".join,
)
def test_table_with_open_sides_has_its_rows(without):
    first = [ruled_table(HEADINGS, row(1), row(2), without=without)]
    second = [ruled_table(row(3), row(4), without=without)]
    assert rows_of(make_pdf(first, second)) == [row(1), row(2), row(3), row(4)]


def test_page_with_only_vertical_lines_continues_a_row():
    long_row = row(2, purpose="应用于文本\n生成场景。")
    halves = [tuple(text.split("\n")[0] for text in long_row), ("",) * 5 + ("生成场景。", "", "")]
    first = [ruled_table(HEADINGS, row(1), halves[0], without=("bottom",))]
    second = [ruled_table(halves[1], without=("top", "bottom"))]
    assert rows_of(make_pdf(first, second)) == [row(1), row(2, purpose="应用于文本生成场景。")]


def test_cell_edges_are_in_twips():
    (table,) = pdf_tables(make_pdf([ruled_table(HEADINGS, row(1))]), LIST_LAYOUTS)
    ends = [20 * sum(WIDTHS[: n + 1]) for n in range(len(WIDTHS))]
    assert all(abs(end - wanted) <= 10 for end, wanted in zip(table[1].ends, ends, strict=True))


def test_cell_under_two_headings_is_refused():
    over_two = (*row(2)[:3], "测试公司2 产品2", *row(2)[5:])
    widths = (*WIDTHS[:3], WIDTHS[3] + WIDTHS[4], *WIDTHS[5:])
    head = ruled_table(HEADINGS, row(1))
    with pytest.raises(TableError, match="spans two headings"):
        rows_of(make_pdf([head, ruled_table(over_two, top=TOP - 2 * ROW_HEIGHT, widths=widths)]))


def test_texts_that_touch_a_cell_edge_stay_separate():
    def without_padding(canvas, x, y, text):
        canvas.setFont(FONT, 8)
        canvas.drawString(x - PADDING, y, text)

    full = row(1, name="算法" * 5 + "甲")  # 11 letters of 8 points fill 88 points
    widths = (WIDTHS[0], 88.0, *WIDTHS[2:])
    assert rows_of(
        make_pdf([ruled_table(HEADINGS, full, widths=widths, write=without_padding)])
    ) == [full]


def test_cells_under_one_heading_are_joined():
    parted = (*row(1)[:5], "应用于文本", "生成场景。", *row(1)[6:])
    widths = (*WIDTHS[:5], 60.0, WIDTHS[5] - 60.0, *WIDTHS[6:])
    content = make_pdf(
        [ruled_table(HEADINGS), ruled_table(parted, top=TOP - ROW_HEIGHT, widths=widths)]
    )
    assert rows_of(content) == [row(1)]


@pytest.mark.parametrize("drawn_as", ["lines", "rects", "bars"])
def test_cell_merged_downwards_fills_every_row(drawn_as):
    rows = [row(1, month="2025年6月"), row(2, month=""), row(3, month=""), row(4)]
    content = make_pdf([ruled_table(HEADINGS, *rows, merged={(1, 7): 3}, drawn_as=drawn_as)])
    assert rows_of(content) == [*(row(n, month="2025年6月") for n in (1, 2, 3)), row(4)]


def test_filing_number_merged_over_rows_is_refused():
    rows = [row(1), row(2, number=""), row(3)]
    with pytest.raises(DocumentError, match="page 1: a filing number spans several rows"):
        rows_of(make_pdf([ruled_table(HEADINGS, *rows, merged={(1, 6): 2})]))


def test_merged_cell_without_a_filing_number_is_accepted():
    rows = [row(1, number=""), row(2, number=""), row(3)]
    assert rows_of(make_pdf([ruled_table(HEADINGS, *rows, merged={(1, 6): 2})])) == rows


def test_empty_cell_stays_empty():
    content = make_pdf([ruled_table(HEADINGS, row(1), row(2, month=""), row(3))])
    assert rows_of(content) == [row(1), row(2, month=""), row(3)]


def test_heading_merged_down_adds_no_text_to_the_row():
    content = make_pdf([ruled_table(HEADINGS, row(1, purpose=""), row(2), merged={(0, 5): 2})])
    assert rows_of(content) == [row(1, purpose=""), row(2)]


def test_rows_without_a_line_between_them_are_refused():
    both = tuple(f"{one}\n{other}" for one, other in zip(row(2), row(3), strict=True))
    with pytest.raises(DocumentError, match="page 1: a cell has several filing numbers"):
        rows_of(make_pdf([ruled_table(HEADINGS, row(1), both)]))


@pytest.mark.parametrize("lower", [0, 3], ids=["on the baseline of the row", "below it"])
@pytest.mark.parametrize("texts", [("产品1", "产品2", "产品3"), ("产品1", "", "产品3")])
def test_merged_cell_with_text_in_several_rows_is_refused(texts, lower):
    rows = [row(n, products=text) for n, text in enumerate(texts, 1)]

    inner = ruled_table(HEADINGS, *rows, merged={(1, 4): 3})
    base = TOP - 12 - lower
    words = [word(314, base - ROW_HEIGHT * n, text) for n, text in enumerate(texts, 1) if n > 1]
    with pytest.raises(DocumentError, match="page 1: a merged cell has text in several of its"):
        rows_of(make_pdf([inner, *words]))


def test_long_text_in_a_merged_cell_is_joined():
    name = "很长的\n一个\n名称"
    rows = [row(1, products=name, purpose="甲\n乙"), row(2, products=""), row(3, products="")]
    content = make_pdf([ruled_table(HEADINGS, *rows, merged={(1, 4): 3})])
    assert [cells[4] for cells in rows_of(content)] == ["很长的一个名称"] * 3


def test_text_on_the_line_between_two_rows_is_refused():
    table = ruled_table(HEADINGS, row(1, products=""), row(2, products=""))
    with pytest.raises(
        DocumentError, match="page 1: text lies on the line between two rows: '产品'"
    ):
        rows_of(make_pdf([table, word(314, TOP - 2 * ROW_HEIGHT - 2, "产品")]))


def test_table_inside_a_cell_is_refused():
    inner = ruled_table(("a", "b"), ("c", "d"), top=TOP - 22, widths=(20, 20))
    table = ruled_table(HEADINGS, row(1, products="一\n二\n三\n四"))
    with pytest.raises(DocumentError, match="page 1: a table lies inside another table"):
        rows_of(make_pdf([table, transformed(inner, 0.8, 0, 0, 0.8, 300, 86)]))


def line(x0: float, y0: float, x1: float, y1: float) -> Drawing:
    return lambda canvas: canvas.line(x0, y0, x1, y1)


def test_underlines_strikes_and_highlights_part_no_cells():
    name_left, name_right = LEFT + WIDTHS[0] + 4, LEFT + WIDTHS[0] + WIDTHS[1] - 4
    base = TOP - ROW_HEIGHT - 12
    name = "算法一二三四五六七"
    width = 8 * len(name)
    assert name_right - name_left < 2 * width
    bars = [name_left + 8 * n for n in range(1, 6)]
    content = make_pdf(
        [
            ruled_table(HEADINGS, row(1, name=name), row(2)),
            line(name_left, base - 1, name_left + width, base - 1),
            line(name_left, base + 3, name_left + width, base + 3),
            *(line(x, base - 2, x, base + 8) for x in bars),
        ]
    )
    assert rows_of(content) == [row(1, name=name), row(2)]


@pytest.mark.parametrize("drawn_as", ["lines", "rects", "bars"])
@pytest.mark.parametrize("size", [14, 15])
def test_lines_between_texts_that_fill_their_cells_are_not_decorations(drawn_as, size):
    rows = [row(1), row(2)]
    columns = zip(HEADINGS, *rows, strict=True)
    longest = (max(stringWidth(text, FONT, size) for text in column) for column in columns)
    widths = [width + 2 * PADDING for width in longest]
    table = ruled_table(HEADINGS, *rows, drawn_as=drawn_as, widths=widths, size=size)
    assert rows_of(make_pdf([table], size=(1800, 500))) == rows


def test_stray_line_adds_no_column():
    content = make_pdf([ruled_table(HEADINGS, row(1), row(2)), line(140, 433, 165, 433)])
    assert rows_of(content) == [row(1), row(2)]


def test_cells_that_do_not_form_rows_are_refused():
    left = ruled_table(*[("甲",)] * 5, widths=(60,))
    right = transformed(ruled_table(*[("乙\n乙",)] * 3, widths=(60,)), 1, 0, 0, 1, 60, 0)
    with pytest.raises(DocumentError, match="page 1: the cells of a table do not form rows"):
        rows_of(make_pdf([left, right]))


def test_frame_around_the_page_is_not_a_table():
    frame = ruled_table(("",), widths=(700.0,), top=490.0)
    assert rows_of(make_pdf([frame, ruled_table(HEADINGS, row(1), top=440)])) == [row(1)]


def test_two_tables_on_a_page_are_in_order():
    second = ruled_table(HEADINGS, row(2), top=300)
    content = make_pdf([ruled_table(HEADINGS, row(1)), word(LEFT, 310, "二、另一批"), second])
    assert rows_of(content) == [row(1), row(2)]


@pytest.mark.parametrize(("columns", "rows"), [(75, 75), (400, 1)])
def test_page_with_too_many_ruled_lines_is_refused(columns, rows):
    upright = [line(10 + 4 * x, 0, 10 + 4 * x, 2000) for x in range(columns)]
    level = [line(0, 10 + 4 * y, 2000, 10 + 4 * y) for y in range(rows)]
    apart = [line(1700, 10 + 4 * y, 1800, 10 + 4 * y) for y in range(400 - rows)]
    with pytest.raises(
        DocumentError, match="page 1: the page has more ruled lines than a list has"
    ):
        rows_of(make_pdf([*upright, *level, *apart], size=(2000, 2000)))


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("pdf.ruling.MAX_TABLES", "the page has over 1 tables"),
        ("pdf.ruling.MAX_CELLS_OF_A_ROW", "a row has over 1 cells"),
        ("bounds.MAX_ROWS", "a document of over 1 rows"),
    ],
)
def test_page_with_more_tables_rows_or_cells_than_the_limit_is_refused(monkeypatch, limit, message):
    monkeypatch.setattr(f"scrapers.documents.{limit}", 1)
    tables = ruled_table(HEADINGS, row(1)), ruled_table(row(2), top=300)
    with pytest.raises(DocumentError, match=f"page 1: {message}"):
        pdf_tables(make_pdf(tables), NOTICE_LAYOUTS)


def test_blank_on_the_line_between_two_rows_is_accepted():
    blank = word(314, TOP - 2 * ROW_HEIGHT - 2, " ")
    assert rows_of(make_pdf([ruled_table(HEADINGS, row(1), row(2)), blank])) == [row(1), row(2)]
