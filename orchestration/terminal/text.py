"""Data as text on a terminal: shown as it is, with nothing that acts.

Rich takes strings for its markup; `Text` is only ever text. What a terminal would obey, escape
sequences and signs that turn the direction of writing, is shown as a replacement character.
"""

import re
from pathlib import Path

from rich.text import Text

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"\s*[\n\t]\s*")


def harmless(text: str) -> str:
    """The text with line breaks and tabs, and without other signs that a terminal obeys."""
    return _ACTING.sub("\ufffd", text)


def cell(text: str, style: str = "") -> Text:
    """Text of whatever lines."""
    return Text(harmless(text), style)


def line(text: str, style: str = "") -> Text:
    """Text in one line."""
    return cell(_BREAKS.sub(" ", text.strip()), style)


def path_text(path: Path) -> str:
    """The path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
