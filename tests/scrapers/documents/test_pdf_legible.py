"""Fonts of a .pdf that do not identify their characters."""

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
    """Draw a glyph of this name in the first algorithm's cell, in a font that only names it."""

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
def test_cell_with_an_unreadable_character_is_refused(name, sign):
    content = make_pdf([ruled_table(HEADINGS, row(1)), glyph(name)])
    with pytest.raises(
        DocumentError,
        match=rf"page 1: row 2 of a table has unreadable characters: {re.escape(sign)}",
    ):
        read_cancellations(content)


def test_font_without_a_known_character_set_is_refused():
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))

    def draw(canvas):
        canvas.setFont("MSung-Light", 8)
        canvas.drawString(100, 430, "甲乙")

    content = make_pdf([ruled_table(HEADINGS, row(1)), draw]).replace(
        b"/Ordering (CNS1)", b"/Ordering (None)"
    )
    with pytest.raises(
        DocumentError,
        match=r"page 1: row 2 of a table has unreadable characters: \(cid:\d+\)、\(cid:",
    ):
        read_cancellations(content)


def test_embedded_font_without_a_unicode_map_is_refused():
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas):
        canvas.setFont("Vera", 8)
        canvas.drawString(100, 430, "ABC")

    content = make_pdf([ruled_table(HEADINGS, row(1)), draw])
    assert read_cancellations(content).rows[0]["algorithm_name"] == "算法1 ABC"
    without_map = content.replace(b"/ToUnicode", b"/ToUnicodf")
    with pytest.raises(
        DocumentError, match=r"page 1: row 2 of a table has unreadable characters: \(cid:\d+\)"
    ):
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
def test_known_codes_of_a_font_dictionary(spec, expected):
    letters = known_codes_of({"Subtype": name("TrueType"), **spec})
    assert expected == (letters and tuple(letters.has(code) for code in (65, 66, 67)))


def test_unreadable_character_outside_the_table_is_accepted():
    content = make_pdf([glyph("uniE001"), ruled_table(HEADINGS, row(1), top=400)])
    assert len(read_cancellations(content).rows) == 1
