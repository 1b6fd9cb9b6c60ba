"""Escapes texts of the source, so that no name is interpreted as a command or as markup.

`harmless` is for any output: terminal, page, workbook or feed. `literal` and `prose` are for
Markdown as rendered by GitHub and the Dagster UI.
"""

import re

# Control characters of terminals, bidirectional controls, and unpaired surrogates.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CODE = re.compile(r"(`[^`]*`)")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>|~&$]")
# At these positions a zero-width space prevents a renderer from detecting a link or an emoji name.
# Escaping does not help, since renderers look for them after backslashes have been removed.
_AUTOLINK = re.compile(
    r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[\w-])|(?<=:)(?=[a-z+-][\w+-]*:)",
    re.ASCII | re.IGNORECASE,
)
_ZERO_WIDTH_SPACE = "\u200b"


def harmless(text: str) -> str:
    """Replace every control character except line breaks and tabs with U+FFFD."""
    # A shortcut for nearly all texts.
    return text if text.isprintable() else _CONTROL.sub("\ufffd", text)


def literal(text: str) -> str:
    """Escape a text for one line of Markdown, without markup, HTML or links."""
    return _escaped(_AUTOLINK.sub(_ZERO_WIDTH_SPACE, _one_line(text)))


def prose(text: str) -> str:
    """Escape one of our own descriptions for one line of Markdown.

    Its `code` spans and links are kept.
    """
    parts = _CODE.split(_one_line(text))
    # Every second part is code, in which only a bar is special: it would end a table cell.
    parts[::2] = map(_escaped, parts[::2])
    parts[1::2] = (part.replace("|", "\\|") for part in parts[1::2])
    return "".join(parts)


def _one_line(text: str) -> str:
    return harmless(" ".join(text.split()))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)
