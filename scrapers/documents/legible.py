"""Characters of a text that say nothing: what a font or an editor leaves where a letter should be.

A name that holds one is not the name that a reader sees, so no such text may pass as data.
"""

import re

# Set in a text for something seen that has no text, such as a picture: U+FFFC, object replacement.
OBJECT_MARK = "\ufffc"
# pdfminer's sign for a glyph without a letter; the marks of an object and of a lost character;
# the private use areas; non-characters; control characters other than white space. The characters
# themselves, so that the pattern means the same to Python and to Polars.
ILLEGIBLE = (
    r"\(cid:[0-9]+\)"
    "|[\ufffc\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef\ufffe\uffff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
# Python's texts can hold halves of surrogate pairs; Polars's cannot.
_ILLEGIBLE = re.compile(f"{ILLEGIBLE}|[\ud800-\udfff]")
SHOWN = 5


def illegible_signs(text: str) -> list[str]:
    """Each illegible character of the text once, in order, in a form that can be printed."""
    if text.isprintable() and not any(mark in text for mark in ("(cid:", "\ufffc", "\ufffd")):
        return []
    found = dict.fromkeys(_ILLEGIBLE.findall(text))
    return [sign if sign.startswith("(") else f"U+{ord(sign):04X}" for sign in found]


def shown_signs(signs: list[str]) -> str:
    """The first few for a message, and how many more there are."""
    more = len(signs) - SHOWN
    return "、".join(signs[:SHOWN]) + (f" and {more} more" if more > 0 else "")
