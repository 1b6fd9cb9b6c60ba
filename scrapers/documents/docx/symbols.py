"""w:sym: a character of a symbol font, as the Unicode character that looks the same.

Word stores the character's place in the font, from U+F000 up. The places of Adobe's Symbol font and
the names of its glyphs are those that reportlab and pdfminer carry; the glyphs of other symbol
fonts (Wingdings) have no agreed characters.
"""

import sys
from functools import cache

from lxml import etree

from scrapers.documents.docx.markup import attribute
from scrapers.documents.legible import OBJECT_MARK

_PRIVATE_FIRST, _PRIVATE_LAST = 0xF000, 0xF0FF
# Fonts that draw signs of their own in the places of letters.
_SYMBOL_FONTS = (
    "wingdings", "webdings", "mt extra", "marlett", "monotype sorts", "zapfdingbats", "bookshelf",
)  # fmt: skip
# The font draws these in two styles; for those the glyph list has private characters only.
_WITHOUT_STYLE = {
    f"{name}{style}": character
    for name, character in (
        ("register", "registered"),
        ("copyright", "copyright"),
        ("trademark", "trademark"),
    )
    for style in ("serif", "sans")
}


def symbol_text(symbol: etree._Element) -> str:
    """The character of a w:sym, or OBJECT_MARK where it has none."""
    try:
        code = int(attribute(symbol, "char") or "", 16)
    except ValueError:
        return OBJECT_MARK
    font = (attribute(symbol, "font") or "").strip().casefold()
    if font == "symbol" and (code <= 0xFF or _PRIVATE_FIRST <= code <= _PRIVATE_LAST):
        return _symbol_font().get(code & 0xFF, OBJECT_MARK)
    if code < 0x20 or 0xD800 <= code <= 0xF8FF or code > sys.maxunicode:
        return OBJECT_MARK
    return OBJECT_MARK if code <= 0xFF and font.startswith(_SYMBOL_FONTS) else chr(code)


@cache
def _symbol_font() -> dict[int, str]:
    """{place in the font: character}."""
    from pdfminer.glyphlist import glyphname2unicode
    from reportlab.pdfbase._fontdata_enc_symbol import SymbolEncoding

    return {
        place: glyphname2unicode[plain]
        for place, name in enumerate(SymbolEncoding)
        if name and (plain := _WITHOUT_STYLE.get(name, name)) in glyphname2unicode
    }
