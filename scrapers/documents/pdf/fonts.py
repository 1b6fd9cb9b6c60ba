"""Which character codes of an embedded font stand for characters that the document names.

A font without a ToUnicode map may number its glyphs freely. pdfminer assumes a standard encoding
for such codes and would return wrong characters (ISO 32000-1, 9.6.6 and 9.10.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pdfminer.encodingdb import name2unicode
from pdfminer.pdftypes import dict_value, int_value, list_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name

_SYMBOLIC, _NONSYMBOLIC = 1 << 2, 1 << 5
_FONT_FILES = ("FontFile", "FontFile2", "FontFile3")


@dataclass(frozen=True)
class KnownCodes:
    """The codes that a font names, and whether its other codes follow a standard encoding."""

    is_usual: bool
    named: Mapping[int, bool] = field(default_factory=dict)

    def has(self, code: int) -> bool:
        """Whether a code that is missing from the ToUnicode map stands for a character."""
        return self.named.get(code, self.is_usual)


def known_codes_of(spec: Mapping[str, Any]) -> KnownCodes | None:
    """Return the codes that a font dictionary names, or None if pdfminer decodes them correctly."""
    kind = literal_name(spec.get("Subtype"))
    descriptor = dict_value(spec.get("FontDescriptor", {}))
    is_embedded = kind == "Type3" or any(name in descriptor for name in _FONT_FILES)
    encoding = resolve1(spec.get("Encoding"))
    if kind == "Type0" or not is_embedded or isinstance(encoding, PSLiteral):
        return None
    flags = int_value(descriptor.get("Flags", 0))
    is_usual = bool(flags & _NONSYMBOLIC) and not flags & _SYMBOLIC
    if not isinstance(encoding, dict):
        # For a Type 1 font, pdfminer uses the glyph names of the font file.
        return None if "FontFile" in descriptor else KnownCodes(is_usual)
    return KnownCodes(is_usual or "BaseEncoding" in encoding, _named(encoding))


def _named(encoding: Mapping[str, Any]) -> dict[int, bool]:
    """Map each code in an encoding's Differences to whether its glyph name is a character's."""
    named: dict[int, bool] = {}
    code = 0
    for item in map(resolve1, list_value(encoding.get("Differences", []))):
        if isinstance(item, int):
            code = item
        elif isinstance(item, PSLiteral):
            named[code] = _is_of_a_letter(str(item.name))
            code += 1
    return named


def _is_of_a_letter(name: str) -> bool:
    try:
        return bool(name2unicode(name))
    except (KeyError, ValueError):
        return False
