"""Characters of a text that say nothing: what a font or an editor leaves where a letter should be.

A name that holds one is not the name that a reader sees, so no such text may pass as data.
"""

import re

# pdfminer's sign for a glyph without a letter; the replacement character; the private use areas;
# surrogates and non-characters; control characters other than white space.
_ILLEGIBLE = re.compile(
    r"\(cid:\d+\)|\ufffd"
    r"|[\ue000-\uf8ff\U000f0000-\U0010ffff]"
    r"|[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
    r"|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
SHOWN = 5


def illegible_signs(text: str) -> list[str]:
    """Each illegible character of the text once, in order, in a form that can be printed."""
    if text.isprintable() and "(cid:" not in text and "\ufffd" not in text:
        return []
    found = dict.fromkeys(_ILLEGIBLE.findall(text))
    return [sign if sign.startswith("(") else f"U+{ord(sign):04X}" for sign in found]


def shown_signs(signs: list[str]) -> str:
    """The first few for a message, and how many more there are."""
    more = len(signs) - SHOWN
    return "、".join(signs[:SHOWN]) + (f" and {more} more" if more > 0 else "")
