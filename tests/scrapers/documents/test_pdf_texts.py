"""The text of a .pdf cell: lines, words, spread out letters, and letters of several fonts."""

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from scrapers.documents.pdf.marks import Box, Glyph, TextStyle
from scrapers.documents.pdf.texts import joined, line_text, squeezed, text_of
from scrapers.errors import DocumentError
from tests.support.pdf_builder import FONT, HEADINGS, make_pdf, row, ruled_table
from tests.support.tables import read_cancellations

LOOK = TextStyle("", (0, 0, 0), 1.0, True, False, Box(0, 0, 1000, 1000))
SIZE = 10.0


def signs(text: str, x: float = 0.0, base: float = 20.0, size: float = SIZE, gap: float = 0.0):
    """The signs of a line: Chinese ones are as wide as high, others half."""
    made = []
    for letter in text:
        width = size if ord(letter) > 0x2000 else size / 2
        made.append(Glyph(letter, x, base - size, x + width, base, x, base, size, 0, LOOK))
        x += width + gap * size
    return made


def test_lines_are_joined_from_the_top_in_any_order_of_printing():
    assert text_of([*signs("乙丙", base=32), *signs("甲")]) == "甲乙丙"


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ("甲", "乙", "甲乙"),
        ("AI ", "Video", "AI Video"),
        ("AI", " Video", "AI Video"),
        ("AI", "Video", "AIVideo"),
        ("Maker 1 ", "Studio", "Maker 1 Studio"),
        ("甲 ", "乙", "甲乙"),
        ("AI ", "视频", "AI 视频"),
        ("甲、 ", "乙", "甲、乙"),
        ("", "乙", "乙"),
    ],
)
def test_a_line_break_parts_words_where_white_space_is_printed(above, below, text):
    assert squeezed(joined(above, below)) == text


@pytest.mark.parametrize(
    ("gap", "letters", "text"),
    [
        (0.0, "AI算法", "AI算法"),
        (0.1, "Video", "Video"),
        (0.6, "服务提供者", "服务提供者"),
        (2.5, "服务提供者", "服务提供者"),
        (0.8, "Video", "Video"),
    ],
)
def test_letters_that_are_spread_out_evenly_stay_one_word(gap, letters, text):
    assert line_text(signs(letters, gap=gap)) == text


def test_a_wide_gap_is_a_space():
    latin = [*signs("AI"), *signs("Video", x=10 + 0.25 * SIZE)]
    chinese = [*signs("甲乙"), *signs("丙丁", x=20 + 3 * SIZE)]
    mixed = [*signs("甲乙"), *signs("AI", x=20 + 0.3 * SIZE)]
    assert [line_text(line) for line in (latin, chinese, mixed)] == [
        "AI Video",
        "甲乙 丙丁",
        "甲乙AI",
    ]


def test_fonts_with_other_heights_are_on_one_line_by_their_base():
    low = [sign._replace(top=sign.top - 5, bottom=sign.bottom - 5) for sign in signs("AI", x=10)]
    assert text_of([*signs("甲"), *low, *signs("乙", x=20)]) == "甲AI乙"


def test_a_raised_sign_stays_in_its_line():
    raised = signs("®", x=20, base=16.5, size=6)
    assert text_of([*signs("甲乙"), *raised, *signs("丙", x=26)]) == "甲乙®丙"


def test_ligatures_are_read_as_letters():
    assert text_of(signs("ﬁﬂow")) == "fiflow"


@pytest.mark.parametrize(
    "over",
    [signs("乙丙", x=3), signs("乙丙", base=26), [*signs("B", x=2), *signs("C", x=24)]],
    ids=["in the line", "between lines", "one letter"],
)
def test_texts_over_each_other_stop_the_reading(over):
    with pytest.raises(DocumentError, match="texts that lie over each other"):
        text_of([*signs("甲A丁"), *over])


def test_made_up_italics_keep_their_doubled_letters():
    def slanted(canvas, x, y, text):
        words = canvas.beginText()
        words.setFont(FONT, 8)
        words.setTextTransform(1, 0, 0.33, 1, x, y)
        words.textOut(text)
        canvas.drawText(words)

    record = row(1, name="爱爱llama", entity="Willing 公司II")
    (read,) = read_cancellations(make_pdf([ruled_table(HEADINGS, record, write=slanted)])).rows
    assert tuple(read.cells.values()) == record


def test_vertical_writing_in_a_cell_stops_the_reading():
    font = UnicodeCIDFont(FONT, isVertical=True)
    font.name = font.fontName = "Vertical"
    pdfmetrics.registerFont(font)

    def draw(canvas):
        canvas.setFont(font.fontName, 8)
        canvas.drawString(330, 440, "甲")

    with pytest.raises(DocumentError, match="page 1: turned text in a cell: '甲'"):
        read_cancellations(make_pdf([ruled_table(HEADINGS, row(1, products="")), draw]))
