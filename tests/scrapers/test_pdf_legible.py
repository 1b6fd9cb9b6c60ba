"""Fonts of a .pdf that do not say which letters they print."""

import re

import pytest
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from scrapers.documents import read_cancellations
from scrapers.errors import DocumentError
from tests.support.pdf_making import HEADINGS, Drawing, pdf, row, ruled


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
    content = pdf([ruled(HEADINGS, row(1)), glyph(name)])
    with pytest.raises(DocumentError, match=rf"page 1: .*in row 2 of a table: {re.escape(sign)}"):
        read_cancellations(content)


def test_a_font_without_a_way_back_to_letters_stops_the_reading():
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))

    def draw(canvas):
        canvas.setFont("MSung-Light", 8)
        canvas.drawString(100, 430, "甲乙")

    content = pdf([ruled(HEADINGS, row(1)), draw]).replace(b"/Ordering (CNS1)", b"/Ordering (None)")
    with pytest.raises(DocumentError, match=r"page 1: .*in row 2 of a table: \(cid:\d+\)、\(cid:"):
        read_cancellations(content)


def test_an_illegible_sign_outside_of_the_table_does_no_harm():
    content = pdf([glyph("uniE001"), ruled(HEADINGS, row(1), top=400)])
    assert len(read_cancellations(content).rows) == 1
