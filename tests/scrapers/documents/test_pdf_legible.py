"""Fonts of a .pdf that do not say which letters they print."""

import re

import pytest
from pdfminer.psparser import PSLiteral
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from scrapers.documents.pdf.fonts import known_codes_of
from scrapers.errors import DocumentError
from tests.support.pdf_builder import HEADINGS, Drawing, make_pdf, row, ruled_table
from tests.support.tables import read_cancellations


def glyph(name: str) -> Drawing:
    """A glyph of this name over the first algorithm's cell, in a font that only names it."""

    class Names(pdfmetrics.Encoding):
        def makePDFObject(self):
            differences = pdfdoc.PDFArray([65, pdfdoc.PDFName(name)])
            return pdfdoc.PDFDictionary({"Differences": differences})

    def draw(canvas):
        font = pdfmetrics.Font(f"Odd-{name}", "Helvetica", "WinAnsiEncoding")
        font.encoding = Names("WinAnsiEncoding")
        pdfmetrics.registerFont(font)
        canvas.setFont(font.fontName, 8)
        canvas.drawString(100, 430, "A")

    return draw


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("uniE001", "U+E001"),
        ("uniFFFD", "U+FFFD"),
        ("uni0001", "U+0001"),
        ("uF0001", "U+F0001"),
    ],
)
def test_a_cell_with_an_illegible_sign_stops_the_reading(name, sign):
    content = make_pdf([ruled_table(HEADINGS, row(1)), glyph(name)])
    with pytest.raises(DocumentError, match=rf"page 1: .*in row 2 of a table: {re.escape(sign)}"):
        read_cancellations(content)


def test_a_font_without_a_way_back_to_letters_stops_the_reading():
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))

    def draw(canvas):
        canvas.setFont("MSung-Light", 8)
        canvas.drawString(100, 430, "甲乙")

    content = make_pdf([ruled_table(HEADINGS, row(1)), draw]).replace(
        b"/Ordering (CNS1)", b"/Ordering (None)"
    )
    with pytest.raises(DocumentError, match=r"page 1: .*in row 2 of a table: \(cid:\d+\)、\(cid:"):
        read_cancellations(content)


def test_letters_of_an_embedded_font_without_its_map_are_not_guessed():
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas):
        canvas.setFont("Vera", 8)
        canvas.drawString(100, 430, "ABC")

    content = make_pdf([ruled_table(HEADINGS, row(1)), draw])
    assert read_cancellations(content).rows[0]["algorithm_name"] == "算法1 ABC"
    without_map = content.replace(b"/ToUnicode", b"/ToUnicodf")
    with pytest.raises(DocumentError, match=r"page 1: .*in row 2 of a table: \(cid:\d+\)"):
        read_cancellations(without_map)


def name(text: str) -> PSLiteral:
    return PSLiteral(text)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"Subtype": name("Type0")}, None),
        ({"Subtype": name("Type1")}, None),
        ({"FontDescriptor": {"FontFile2": 1}, "Encoding": name("WinAnsiEncoding")}, None),
        ({"FontDescriptor": {"FontFile": 1, "Flags": 4}}, None),
        ({"FontDescriptor": {"FontFile2": 1, "Flags": 4}}, (False, False, False)),
        ({"FontDescriptor": {"FontFile2": 1, "Flags": 32}}, (True, True, True)),
        (
            {
                "FontDescriptor": {"FontFile2": 1, "Flags": 4},
                "Encoding": {"Differences": [65, name("g12"), name("B"), 70, name("uni7532")]},
            },
            (False, True, False),
        ),
        (
            {
                "FontDescriptor": {"FontFile3": 1, "Flags": 4},
                "Encoding": {"BaseEncoding": name("WinAnsiEncoding"), "Differences": [65]},
            },
            (True, True, True),
        ),
        ({"Subtype": name("Type3"), "Encoding": {"Differences": [66, name("a1x")]}}, (False,) * 3),
    ],
)
def test_a_font_says_which_of_its_codes_are_letters(spec, expected):
    letters = known_codes_of({"Subtype": name("TrueType"), **spec})
    assert expected == (letters and tuple(letters.has(code) for code in (65, 66, 67)))


def test_an_illegible_sign_outside_of_the_table_does_no_harm():
    content = make_pdf([glyph("uniE001"), ruled_table(HEADINGS, row(1), top=400)])
    assert len(read_cancellations(content).rows) == 1
