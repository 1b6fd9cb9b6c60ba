"""Texts inside Markdown pages, whatever signs they hold."""

import re

_CODE = re.compile(r"(`[^`]*`)")


def literal(text: str) -> str:
    """Text as text, in one line: nothing in a name may act as Markdown or HTML."""
    return _escaped(" ".join(text.split()))


def prose(text: str) -> str:
    """A description, in one line: its `code` stays code, everything else is text."""
    parts = _CODE.split(" ".join(text.split()))
    # Each second part is code, in which only a bar could act: it would end a table's cell.
    parts[::2] = map(_escaped, parts[::2])
    parts[1::2] = (part.replace("|", "\\|") for part in parts[1::2])
    return "".join(parts)


def _escaped(text: str) -> str:
    for character in "\\`*_{}[]<>|~&":
        text = text.replace(character, "\\" + character)
    return text
