"""Pages whose table is turned: read as if it were level, whichever way the page is shown."""

import pytest

from scrapers.errors import DocumentError
from tests.support.pdf_builder import (
    HEADINGS,
    SIZE,
    Drawing,
    make_pdf,
    row,
    ruled_table,
    transformed,
    word,
)
from tests.support.tables import cells_of, read_cancellations

WIDTH, HEIGHT = SIZE
UPRIGHT = (HEIGHT, WIDTH)
TURNS = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, HEIGHT, 0),
    180: (-1, 0, 0, -1, WIDTH, HEIGHT),
    270: (0, -1, 1, 0, 0, WIDTH),
}


def rows_of(*pages, size=SIZE) -> list[tuple[str, ...]]:
    return cells_of(read_cancellations(make_pdf(*pages, size=size)))


def turned(drawing: Drawing, angle: int) -> Drawing:
    return transformed(drawing, *TURNS[angle])


def shown_turned(drawing: Drawing, angle: int) -> Drawing:
    """A page that viewers turn (/Rotate); reportlab swaps the sides of its paper itself."""

    def draw(canvas):
        canvas.setPageRotation(angle)
        drawing(canvas)

    return draw


@pytest.mark.parametrize("drawn_as", ["lines", "bars"])
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_table_is_read(angle, drawn_as):
    table = turned(ruled_table(HEADINGS, row(1), row(2), drawn_as=drawn_as), angle)
    assert rows_of([table], size=UPRIGHT if angle != 180 else SIZE) == [row(1), row(2)]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_viewers_turn_is_read(angle):
    size = UPRIGHT if angle != 180 else SIZE
    page = [shown_turned(ruled_table(HEADINGS, row(1), row(2)), angle)]
    assert rows_of(page, size=size) == [row(1), row(2)]


def test_a_turned_table_on_a_page_that_viewers_turn_back_is_read():
    table = turned(ruled_table(HEADINGS, row(1), row(2)), 180)
    assert rows_of([shown_turned(table, 180)]) == [row(1), row(2)]


def test_a_row_over_the_end_of_a_turned_page_is_joined():
    above = row(2, purpose="应用于文本")
    below = ("",) * 5 + ("生成场景。", "", "")
    first = turned(ruled_table(HEADINGS, row(1), above, without=("bottom",)), 90)
    second = turned(ruled_table(below, row(3), without=("top",)), 90)
    assert rows_of([first], [second], size=UPRIGHT) == [row(1), row(2), row(3)]


def test_one_turned_page_among_level_ones_is_read():
    second = transformed(ruled_table(row(3)), 0, 0.6, -0.6, 0, 600, 10)
    assert rows_of([ruled_table(HEADINGS, row(1))], [second], [ruled_table(row(2))])[1:] == [
        row(3),
        row(2),
    ]


def test_overprinting_watermarks_and_white_text_are_seen_through_on_turned_pages_too():
    table = ruled_table(HEADINGS, row(1), row(2))
    marks = [
        transformed(table, 1, 0, 0, 1, 0.3, 0),
        word(120, 426, "内部资料", size=20, colour=(0.8,)),
        word(100, 430, "白", colour=(1,)),
    ]
    page = [turned(drawing, 90) for drawing in (table, *marks)]
    assert rows_of(page, size=UPRIGHT) == [row(1), row(2)]


def test_a_level_page_number_on_a_turned_page_does_no_harm():
    pages = [
        [turned(ruled_table(HEADINGS, row(1)), 90), word(240, 10, "1")],
        [turned(ruled_table(row(2)), 90)],
    ]
    assert rows_of(*pages, size=UPRIGHT) == [row(1), row(2)]


def test_a_level_row_on_a_turned_page_stops_the_reading():
    page = [turned(ruled_table(HEADINGS, row(1), row(2)), 90), word(20, 20, row(3)[6])]
    with pytest.raises(DocumentError, match="page 1: the filing number 1101.* is in turned text"):
        rows_of(page, size=UPRIGHT)


@pytest.mark.parametrize(
    "matrix",
    [(-1, 0, 0, 1, WIDTH, 0), (0.97, 0.24, -0.24, 0.97, 60, -80)],
    ids=["mirrored", "slanted"],
)
def test_a_mirrored_or_slanted_table_stops_the_reading(matrix):
    with pytest.raises(DocumentError, match="page 2: the filing number .* slanted"):
        rows_of([ruled_table(HEADINGS, row(1))], [transformed(ruled_table(row(2)), *matrix)])
