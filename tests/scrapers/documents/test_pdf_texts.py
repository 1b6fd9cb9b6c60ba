"""Text of a .pdf cell: lines, words, letter spacing and mixed fonts."""

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


def glyphs(text: str, x: float = 0.0, base: float = 20.0, size: float = SIZE, gap: float = 0.0):
    """The glyphs of a line: Chinese ones are square, others half as wide."""
    made = []
    for letter in text:
        width = size if ord(letter) > 0x2000 else size / 2
        made.append(Glyph(letter, x, base - size, x + width, base, x, base, size, 0, LOOK))
        x += width + gap * size
    return made


def test_lines_are_joined_from_the_top_in_any_painting_order():
    assert text_of([*glyphs("乙丙", base=32), *glyphs("甲")]) == "甲乙丙"


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
def test_line_break_separates_words_only_at_printed_white_space(above, below, text):
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
def test_letter_spaced_text_is_one_word(gap, letters, text):
    assert line_text(glyphs(letters, gap=gap)) == text


def test_wide_gap_is_a_space():
    latin = [*glyphs("AI"), *glyphs("Video", x=10 + 0.25 * SIZE)]
    chinese = [*glyphs("甲乙"), *glyphs("丙丁", x=20 + 3 * SIZE)]
    mixed = [*glyphs("甲乙"), *glyphs("AI", x=20 + 0.3 * SIZE)]
    assert [line_text(line) for line in (latin, chinese, mixed)] == [
        "AI Video",
        "甲乙 丙丁",
        "甲乙AI",
    ]


def test_fonts_of_different_heights_are_aligned_by_baseline():
    low = [
        glyph._replace(top=glyph.top - 5, bottom=glyph.bottom - 5) for glyph in glyphs("AI", x=10)
    ]
    assert text_of([*glyphs("甲"), *low, *glyphs("乙", x=20)]) == "甲AI乙"


def test_superscript_stays_in_its_line():
    raised = glyphs("®", x=20, base=16.5, size=6)
    assert text_of([*glyphs("甲乙"), *raised, *glyphs("丙", x=26)]) == "甲乙®丙"


def test_ligatures_become_letters():
    assert text_of(glyphs("ﬁﬂow")) == "fiflow"


@pytest.mark.parametrize(
    "over",
    [glyphs("乙丙", x=3), glyphs("乙丙", base=26), [*glyphs("B", x=2), *glyphs("C", x=24)]],
    ids=["in the line", "between lines", "one letter"],
)
def test_overlapping_texts_are_refused(over):
    with pytest.raises(DocumentError, match="texts overlap"):
        text_of([*glyphs("甲A丁"), *over])


def test_synthetic_italics_keep_doubled_letters():
    def slanted(canvas, x, y, text):
        words = canvas.beginText()
        words.setFont(FONT, 8)
        words.setTextTransform(1, 0, 0.33, 1, x, y)
        words.textOut(text)
        canvas.drawText(words)

    record = row(1, name="爱爱llama", entity="Willing 公司II")
    (read,) = read_cancellations(make_pdf([ruled_table(HEADINGS, record, write=slanted)])).rows
    assert tuple(read.cells.values()) == record


def test_vertical_writing_in_a_cell_is_refused():
    font = UnicodeCIDFont(FONT, isVertical=True)
    font.name = font.fontName = "Vertical"
    pdfmetrics.registerFont(font)

    def draw(canvas):
        canvas.setFont(font.fontName, 8)
        canvas.drawString(330, 440, "甲")

    with pytest.raises(DocumentError, match="page 1: rotated text in a cell: '甲'"):
        read_cancellations(make_pdf([ruled_table(HEADINGS, row(1, products="")), draw]))
