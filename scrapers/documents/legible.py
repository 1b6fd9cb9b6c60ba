"""Illegible characters: what a font or an editor leaves in place of a letter.

A name with such a character is not the name that a person sees, so it must not pass as data.
"""

import re

# Replaces visible content that is not text, such as a picture: U+FFFC, object replacement.
OBJECT_MARK = "\ufffc"
# pdfminer's placeholder for a glyph without a letter; the marks of an object and of a lost
# character; the private use areas; non-characters; control characters other than white space.
# Literal characters, so that the pattern means the same to Python and to Polars.
ILLEGIBLE = (
    r"\(cid:[0-9]+\)"
    "|[\ufffc\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef\ufffe\uffff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
# Strings of Python can contain halves of surrogate pairs; those of Polars cannot.
_ILLEGIBLE = re.compile(f"{ILLEGIBLE}|[\ud800-\udfff]")
SHOWN = 5


def illegible_characters(text: str) -> list[str]:
    """Each illegible character of a text once, in order, in printable form."""
    if text.isprintable() and not any(mark in text for mark in ("(cid:", "\ufffc", "\ufffd")):
        return []
    found = dict.fromkeys(_ILLEGIBLE.findall(text))
    return [sign if sign.startswith("(") else f"U+{ord(sign):04X}" for sign in found]


def shown_characters(signs: list[str]) -> str:
    """The first few characters for a message, and the number of others."""
    more = len(signs) - SHOWN
    return "、".join(signs[:SHOWN]) + (f" and {more} more" if more > 0 else "")
