"""The shape in which both readers hand a document's tables on: rows of cells over grid columns."""

import re
from dataclasses import dataclass

_BREAK = re.compile(r"[ \t\u3000]*[\r\n]+[ \t\u3000]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and the grid columns it covers (`start` to before `end`)."""

    text: str
    start: int
    end: int


GridRow = tuple[Cell, ...]
Table = list[GridRow]


def join_lines(text: str, between_words: str) -> str:
    """A cell's text on one line.

    Chinese needs nothing where lines meet; two Latin letters get `between_words`, since only
    the reader knows whether its breaks were typed (" ") or are mere wrapping ("").
    """
    if "\n" not in text and "\r" not in text:
        return text.strip()

    def joint(match: re.Match[str]) -> str:
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        letters = before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
        return between_words if letters else ""

    return _BREAK.sub(joint, text).strip()
