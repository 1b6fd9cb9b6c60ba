"""w:sym: a character of a symbol font, as the Unicode character that looks the same.

Word stores the character's code in the font, from U+F000 up. The encoding of Adobe's Symbol font
comes from reportlab, and the characters of its glyphs come from pdfminer. The glyphs of other
symbol fonts, such as Wingdings, have no standard characters.
"""

import sys
from functools import cache

from lxml import etree

from scrapers.documents.docx.markup import attribute
from scrapers.documents.legible import OBJECT_MARK

_PRIVATE_FIRST, _PRIVATE_LAST = 0xF000, 0xF0FF
# Fonts that draw their own symbols in place of letters.
_SYMBOL_FONTS = (
    "wingdings", "webdings", "mt extra", "marlett", "monotype sorts", "zapfdingbats", "bookshelf",
)  # fmt: skip
# The font has these glyphs in two styles, for which the glyph list has only private characters.
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
    """The character of a w:sym, or OBJECT_MARK if it has none."""
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
    """{code in the font: character}."""
    from pdfminer.glyphlist import glyphname2unicode
    from reportlab.pdfbase._fontdata_enc_symbol import (  # type: ignore[import-not-found]
        SymbolEncoding,  # its stubs lack this module
    )

    return {
        code: glyphname2unicode[plain]
        for code, name in enumerate(SymbolEncoding)
        if name and (plain := _WITHOUT_STYLE.get(name, name)) in glyphname2unicode
    }
