"""Texts of the source as texts, wherever they are shown: nothing in a name may act.

`harmless` is for every place: a terminal, a page, a workbook, a feed. `literal` and `prose` are for
Markdown, as GitHub and the Dagster UI read it.
"""

import re

# What a terminal obeys, what turns the direction of writing, and halves of characters.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CODE = re.compile(r"(`[^`]*`)")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>|~&$]")
# After these signs a zero-width space keeps an address, or the name of an emoji, from being
# found: renderers look for them in the finished text, where a backslash has gone.
_ADDRESS = re.compile(
    r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[\w-])|(?<=:)(?=[a-z+-][\w+-]*:)",
    re.ASCII | re.IGNORECASE,
)
_BREAK = "\u200b"


def harmless(text: str) -> str:
    """The text with line breaks and tabs, and with U+FFFD for every other sign that acts."""
    # `isprintable` settles nearly every text at once.
    return text if text.isprintable() else _ACTING.sub("\ufffd", text)


def literal(text: str) -> str:
    """Text as text, in one line of Markdown: no markup, no HTML, no link."""
    return _escaped(_ADDRESS.sub(_BREAK, _one_line(text)))


def prose(text: str) -> str:
    """A description of ours in one line: its `code` stays code, all else is text or an address."""
    parts = _CODE.split(_one_line(text))
    # Each second part is code, in which only a bar could act: it would end a table's cell.
    parts[::2] = map(_escaped, parts[::2])
    parts[1::2] = (part.replace("|", "\\|") for part in parts[1::2])
    return "".join(parts)


def _one_line(text: str) -> str:
    return harmless(" ".join(text.split()))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)
