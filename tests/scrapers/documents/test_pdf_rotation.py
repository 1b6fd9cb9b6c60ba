"""Rotated tables and rotated pages."""

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
ROTATIONS = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, HEIGHT, 0),
    180: (-1, 0, 0, -1, WIDTH, HEIGHT),
    270: (0, -1, 1, 0, 0, WIDTH),
}


def rows_of(*pages, size=SIZE) -> list[tuple[str, ...]]:
    return cells_of(read_cancellations(make_pdf(*pages, size=size)))


def rotated(drawing: Drawing, angle: int) -> Drawing:
    return transformed(drawing, *ROTATIONS[angle])


def displayed_rotated(drawing: Drawing, angle: int) -> Drawing:
    """A page that viewers rotate (/Rotate). reportlab swaps the page sides."""

    def draw(canvas):
        canvas.setPageRotation(angle)
        drawing(canvas)

    return draw


@pytest.mark.parametrize("drawn_as", ["lines", "bars"])
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_rotated_table_has_its_rows(angle, drawn_as):
    table = rotated(ruled_table(HEADINGS, row(1), row(2), drawn_as=drawn_as), angle)
    assert rows_of([table], size=UPRIGHT if angle != 180 else SIZE) == [row(1), row(2)]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_page_with_rotate_attribute_has_its_rows(angle):
    size = UPRIGHT if angle != 180 else SIZE
    page = [displayed_rotated(ruled_table(HEADINGS, row(1), row(2)), angle)]
    assert rows_of(page, size=size) == [row(1), row(2)]


def test_rotated_table_on_a_page_rotated_back_has_its_rows():
    table = rotated(ruled_table(HEADINGS, row(1), row(2)), 180)
    assert rows_of([displayed_rotated(table, 180)]) == [row(1), row(2)]


def test_row_split_between_rotated_pages_is_joined():
    above = row(2, purpose="应用于文本")
    below = ("",) * 5 + ("生成场景。", "", "")
    first = rotated(ruled_table(HEADINGS, row(1), above, without=("bottom",)), 90)
    second = rotated(ruled_table(below, row(3), without=("top",)), 90)
    assert rows_of([first], [second], size=UPRIGHT) == [row(1), row(2), row(3)]


def test_rotated_page_between_upright_pages_has_its_rows():
    second = transformed(ruled_table(row(3)), 0, 0.6, -0.6, 0, 600, 10)
    assert rows_of([ruled_table(HEADINGS, row(1))], [second], [ruled_table(row(2))])[1:] == [
        row(3),
        row(2),
    ]


def test_overprints_watermarks_and_white_text_are_ignored_on_rotated_pages():
    table = ruled_table(HEADINGS, row(1), row(2))
    marks = [
        transformed(table, 1, 0, 0, 1, 0.3, 0),
        word(120, 426, "内部资料", size=20, colour=(0.8,)),
        word(100, 430, "白", colour=(1,)),
    ]
    page = [rotated(drawing, 90) for drawing in (table, *marks)]
    assert rows_of(page, size=UPRIGHT) == [row(1), row(2)]


def test_horizontal_page_number_on_a_rotated_page_is_accepted():
    pages = [
        [rotated(ruled_table(HEADINGS, row(1)), 90), word(240, 10, "1")],
        [rotated(ruled_table(row(2)), 90)],
    ]
    assert rows_of(*pages, size=UPRIGHT) == [row(1), row(2)]


def test_horizontal_row_on_a_rotated_page_is_refused():
    page = [rotated(ruled_table(HEADINGS, row(1), row(2)), 90), word(20, 20, row(3)[6])]
    with pytest.raises(DocumentError, match=r"page 1: the filing number 1101.* is in rotated text"):
        rows_of(page, size=UPRIGHT)


@pytest.mark.parametrize(
    "matrix",
    [(-1, 0, 0, 1, WIDTH, 0), (0.97, 0.24, -0.24, 0.97, 60, -80)],
    ids=["mirrored", "slanted"],
)
def test_mirrored_or_slanted_table_is_refused(matrix):
    with pytest.raises(DocumentError, match=r"page 2: the filing number .* slanted"):
        rows_of([ruled_table(HEADINGS, row(1))], [transformed(ruled_table(row(2)), *matrix)])
