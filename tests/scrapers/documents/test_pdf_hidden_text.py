"""Visibility of text in a .pdf: hidden, covered, clipped and overprinted text."""

import io

import pdfplumber
import pytest
from pdfminer.pdfcolor import PDFColorSpace
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from scrapers.documents.pdf import pdf_tables
from scrapers.documents.pdf.colours import as_rgb
from scrapers.documents.pdf.layers import Layers
from scrapers.documents.pdf.marks import Marks
from scrapers.documents.pdf.painting import marks_of
from scrapers.documents.pdf.visibility import visibility_of
from scrapers.errors import DocumentError
from tests.support.pdf_builder import (
    FONT,
    HEADINGS,
    Drawing,
    box,
    make_pdf,
    make_pdf_with_form,
    make_printed_number,
    picture,
    row,
    ruled_table,
    transformed,
    word,
)
from tests.support.tables import LIST_LAYOUTS, cells_of, read_cancellations

TABLE = ruled_table(HEADINGS, row(1), row(2))
IN_NAME = (100.0, 430.0)  # within the cell of the first algorithm's name, behind the name
NAME_BOX = (64.0, 426.0, 86.0, 14.0)


def rows_of(*page: Drawing) -> list[tuple[str, ...]]:
    return cells_of(read_cancellations(make_pdf(page)))


@pytest.mark.parametrize(
    "unseen",
    [
        word(*IN_NAME, "隐", mode=3),
        word(*IN_NAME, "隐", mode=7),
        word(*IN_NAME, "白", colour=(1,)),
        word(*IN_NAME, "白", colour=(1, 1, 1)),
        word(*IN_NAME, "白", colour=(0, 0, 0, 0)),
        word(*IN_NAME, "白", colour=(0.96, 0.97, 0.96)),
        word(*IN_NAME, "透", opacity=0.02),
        word(*IN_NAME, "微", size=0.8),
        word(-60, 430, "页外"),
    ],
    ids=[
        "mode 3",
        "mode 7",
        "grey",
        "rgb",
        "cmyk",
        "nearly",
        "transparent",
        "tiny",
        "off the page",
    ],
)
def test_invisible_text_is_ignored(unseen):
    assert rows_of(TABLE, unseen) == [row(1), row(2)]


def test_white_text_on_a_dark_background_is_visible():
    def white(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.setFont(FONT, 8)
        canvas.setFillGray(1)
        canvas.drawString(x, y, text)
        canvas.setFillGray(0)

    ground = box(30, 442, 700, 18, (0.1, 0.2, 0.5))
    assert rows_of(ground, ruled_table(HEADINGS, write=white), ruled_table(row(1), top=442)) == [
        row(1)
    ]


def rounded(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.5)
    canvas.roundRect(*NAME_BOX, 4, stroke=0, fill=1)
    canvas.setFillGray(0)


def shaded(canvas: Canvas) -> None:
    x, y, width, height = NAME_BOX
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(x, y, width, height)
    canvas.clipPath(path, stroke=0, fill=0)
    canvas.linearGradient(x, y, x + width, y, (colors.navy, colors.blue))
    canvas.restoreState()


@pytest.mark.parametrize("ground", [rounded, shaded])
def test_white_text_on_an_irregular_shape_is_refused(ground):
    table = ruled_table(HEADINGS, row(1, name=""))
    with pytest.raises(DocumentError, match=r"page 1: text (that may be visible|of another size)"):
        rows_of(table, ground, word(66, 430, "算法1", colour=(1,)))
    assert rows_of(table, ground, word(66, 430, "算法1")) == [row(1)]


def test_dark_text_on_a_dark_background_is_hidden():
    hidden = [box(*NAME_BOX, (0.1,)), word(66, 430, "算法1", colour=(0.12,))]
    assert rows_of(ruled_table(HEADINGS, row(1, name="")), *hidden) == [row(1, name="")]


def test_covered_and_reprinted_text_has_the_new_value():
    assert rows_of(TABLE, box(*NAME_BOX), word(66, 430, "新名")) == [row(1, name="新名"), row(2)]


def test_highlighted_text_is_visible():
    def highlight(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setBlendMode("Multiply")
        canvas.setFillColorRGB(1, 1, 0)
        canvas.rect(*NAME_BOX, stroke=0, fill=1)
        canvas.restoreState()

    assert rows_of(TABLE, highlight) == [row(1), row(2)]


def test_text_under_a_picture_is_hidden():
    with pytest.raises(DocumentError, match="a cell holds a picture"):
        rows_of(TABLE, picture(*NAME_BOX))


@pytest.mark.parametrize(
    "unseen",
    [{"mode": 3}, {"colour": (1,)}, {"opacity": 0.0}],
    ids=["invisible", "white", "transparent"],
)
def test_hidden_filing_number_is_refused_unless_a_row_has_it(unseen):
    assert len(rows_of(TABLE, word(100, 300, make_printed_number(2), **unseen))) == 2
    with pytest.raises(
        DocumentError, match=r"page 1: the filing number 1101.* is in text that is hid"
    ):
        rows_of(TABLE, word(100, 300, make_printed_number(3), **unseen))


def test_clipped_text_is_refused():
    def clipped(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(62, 424, 90, 18)
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.setFont(FONT, 8)
        canvas.drawString(66, 430, "一二三四五六七八九十甲乙丙丁")
        canvas.restoreState()

    with pytest.raises(DocumentError, match="page 1: text is cut off at the edge of its cell"):
        rows_of(ruled_table(HEADINGS, row(1, name="")), clipped)


def letter_by_letter(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(62, 424, 90, 18)
    canvas.clipPath(path, stroke=0, fill=0)
    for number, glyph in enumerate("一二三四五六七八九十甲乙丙丁"):
        word(66 + 8 * number, 430, glyph)(canvas)


def third_line(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(62, 422, 90, 20)
    canvas.clipPath(path, stroke=0, fill=0)
    word(66, 432, "算法一二三")(canvas)
    word(66, 419, "四五六")(canvas)


@pytest.mark.parametrize("draw", [letter_by_letter, third_line])
def test_text_that_continues_outside_the_clip_is_refused(draw):
    def clipped(canvas: Canvas) -> None:
        canvas.saveState()
        draw(canvas)
        canvas.restoreState()

    with pytest.raises(DocumentError, match="page 1: text is cut off at the edge of its cell"):
        rows_of(ruled_table(HEADINGS, row(1, name="")), clipped)


def test_text_covered_by_the_next_cell_is_refused():
    long_name = word(66, 430, "一二三四五六七八九十甲乙丙丁")
    with pytest.raises(DocumentError, match="page 1: text is cut off at the edge of its cell"):
        rows_of(ruled_table(HEADINGS, row(1, name="", role="")), long_name, box(150, 424.5, 80, 17))


DOUBLES = row(1, name="谢谢1122法", entity="llama爱爱公司11")


@pytest.mark.parametrize(
    "shifts",
    [[(0.3, 0)], [(0, 0.3)], [(0.5, 0.5)], [(-0.4, 0.2)], [(1, 0)], [(0.2, 0), (0.4, 0), (0.6, 0)]],
    ids=str,
)
@pytest.mark.parametrize("turn", ["texts", "pages"])
def test_overprinted_letters_count_once_and_doubled_letters_twice(shifts, turn):
    def again(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.setFont(FONT, 8)
        for right, up in [(0, 0), *shifts]:
            canvas.drawString(x + right, y + up, text)

    if turn == "texts":
        assert rows_of(ruled_table(HEADINGS, DOUBLES, write=again)) == [DOUBLES]
    else:
        table = ruled_table(HEADINGS, DOUBLES)
        reprints = (transformed(table, 1, 0, 0, 1, right, up) for right, up in shifts)
        assert rows_of(table, *reprints) == [DOUBLES]


def test_shadow_is_ignored_and_does_not_make_text_pale():
    def shadowed(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.setFont(FONT, 8)
        for shift, grey in ((0.8, 0.7), (0, 0)):
            canvas.setFillGray(grey)
            canvas.drawString(x + shift, y - shift, text)

    assert rows_of(ruled_table(HEADINGS, DOUBLES, write=shadowed)) == [DOUBLES]


@pytest.mark.parametrize(
    ("name", "colour", "rgb"),
    [
        ("DeviceGray", 1.0, (1, 1, 1)),
        ("ICCBased", (0.5,), (0.5, 0.5, 0.5)),
        ("DeviceRGB", (1.0, 0.0, 2.0), (1, 0, 1)),
        ("DeviceCMYK", (0.0, 0.0, 0.0, 0.0), (1, 1, 1)),
        ("DeviceCMYK", (0.0, 1.0, 1.0, 0.0), (1, 0, 0)),
        ("DeviceCMYK", (0.0, 0.0, 0.0, 1.0), (0, 0, 0)),
        ("Separation", 0.0, (1, 1, 1)),
        ("Separation", 1.0, (0, 0, 0)),
        ("Lab", (100.0, 0.0, 0.0), (1, 1, 1)),
        ("Indexed", 3.0, None),
        ("Pattern", "P1", None),
        ("DeviceN", (1.0, 1.0), None),
    ],
)
def test_as_rgb_converts_colours_of_each_colour_space(name, colour, rgb):
    parts = len(colour) if isinstance(colour, tuple) else 1
    assert as_rgb(colour, PDFColorSpace(name, parts)) == rgb


def marks(content: bytes, resources: str, catalogue: str = "", form: str = "") -> Marks:
    with pdfplumber.open(
        io.BytesIO(make_pdf_with_form(content, resources, catalogue, form))
    ) as document:
        page = document.pages[0]
        return marks_of(page.page_obj, document.rsrcmgr, Layers.of(document.doc))


LAYERS = "/OCProperties << /OCGs [8 0 R 9 0 R] /D << /OFF [8 0 R] >> >>"
GROUPS = "/Properties << /Off 8 0 R /On 9 0 R /Both << /OCGs [8 0 R 9 0 R] >> >>"


@pytest.mark.parametrize(("layer", "is_seen"), [("Off", False), ("On", True), ("Both", True)])
def test_text_in_a_hidden_layer_is_hidden(layer, is_seen):
    content = f"BT /F1 9 Tf 20 50 Td /OC /{layer} BDC (a) Tj EMC (b) Tj ET".encode()
    seen = visibility_of(marks(content, GROUPS, LAYERS)).visible
    assert "".join(glyph.text for glyph in seen) == ("ab" if is_seen else "b")


def test_form_inherits_the_graphics_state_of_its_page():
    content = b"1 g /Form Do 0 g /Form Do"
    glyphs = marks(content, "/XObject << /Form 7 0 R >>").glyphs
    assert [glyph.style.colour for glyph in glyphs] == [(1, 1, 1), (0, 0, 0)]


def test_form_in_a_hidden_layer_is_hidden():
    content = b"/Form Do BT /F1 9 Tf 20 50 Td (a) Tj ET"
    seen = visibility_of(marks(content, "/XObject << /Form 7 0 R >>", LAYERS, "/OC 8 0 R")).visible
    assert [glyph.text for glyph in seen] == ["a"]


def test_matrix_of_a_form_does_not_affect_text_after_it():
    content = b"/Form Do BT /F1 9 Tf 20 50 Td (a) Tj ET"
    form, page = marks(content, "/XObject << /Form 7 0 R >>", "", "/Matrix [2 0 0 2 0 0]").glyphs
    assert (form.start, form.size, page.start, page.size) == (40, 18, 20, 9)


def test_text_in_an_unknown_colour_is_refused(monkeypatch):
    monkeypatch.setattr("scrapers.documents.pdf.painting.as_rgb", lambda colour, space: None)
    with pytest.raises(DocumentError, match="page 1: text that may be visible or hidden"):
        pdf_tables(make_pdf([TABLE]), LIST_LAYOUTS)


@pytest.mark.parametrize(("layer", "is_visible"), [("Off", False), ("On", True), ("Both", True)])
def test_layers_that_are_off_by_default_are_hidden_unless_listed_as_on(layer, is_visible):
    layers = "/OCProperties << /OCGs [8 0 R 9 0 R] /D << /BaseState /OFF /ON [9 0 R] >> >>"
    content = f"BT /F1 9 Tf 20 50 Td /OC /{layer} BDC (a) Tj EMC ET".encode()
    assert bool(visibility_of(marks(content, GROUPS, layers)).visible) == is_visible


def test_text_nested_in_a_hidden_layer_is_hidden():
    content = b"BT /F1 9 Tf 20 50 Td /OC /Off BDC /OC /On BDC (a) Tj EMC (b) Tj EMC (c) Tj ET"
    visible = visibility_of(marks(content, GROUPS, LAYERS)).visible
    assert [glyph.text for glyph in visible] == ["c"]


@pytest.mark.parametrize("operator", ["W", "W*"])
def test_text_outside_a_clipping_path_is_hidden(operator):
    content = f"0 0 15 99 re {operator} n BT /F1 9 Tf 5 50 Td (a) Tj 30 0 Td (b) Tj ET".encode()
    visible = visibility_of(marks(content, "")).visible
    assert [glyph.text for glyph in visible] == ["a"]


def test_matrix_of_a_form_does_not_affect_lines_after_it():
    content = b"/Form Do 10 50 m 110 50 l S"
    found = marks(content, "/XObject << /Form 7 0 R >>", "", "/Matrix [2 0 0 2 0 0]")
    assert [tuple(rule) for rule in found.rules] == [(10, 50, 110, 50)]


def see_through(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("RGBA", (4, 4), (0, 0, 0, 90))), *NAME_BOX, mask="auto")


def transparent(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setFillAlpha(0.3)
    picture(*NAME_BOX)(canvas)
    canvas.restoreState()


@pytest.mark.parametrize("over", [see_through, transparent])
def test_text_under_a_transparent_picture_is_visible(over):
    assert rows_of(TABLE, over) == [row(1), row(2)]


def test_clipped_text_in_another_font_does_not_continue_the_cell():
    def clipped(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(62, 424, 12.5, 18)
        canvas.clipPath(path, stroke=0, fill=0)
        word(66, 430, "甲")(canvas)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(75, 430, "hidden")
        canvas.restoreState()

    assert rows_of(ruled_table(HEADINGS, row(1, name="")), clipped) == [row(1, name="甲")]


def test_transparent_text_on_a_picture_is_hidden():
    hidden = word(*IN_NAME, "透", opacity=0.02)
    assert rows_of(picture(*NAME_BOX), TABLE, hidden) == [row(1), row(2)]


def test_shadow_of_one_text_does_not_make_it_pale():
    shadow, text = word(66.8, 429.2, "算法1", colour=(0.7,)), word(66, 430, "算法1")
    assert rows_of(ruled_table(HEADINGS, row(1, name="")), shadow, text) == [row(1)]


def test_glyph_without_a_character_is_refused(monkeypatch):
    monkeypatch.setattr("scrapers.documents.pdf.painting._Collector._text_of", lambda *_: "")
    with pytest.raises(DocumentError, match=r"page 1: row 1 of a table .*U\+FFFD"):
        pdf_tables(make_pdf([TABLE]), LIST_LAYOUTS)
