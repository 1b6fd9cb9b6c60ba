"""Data as text on a terminal: shown as it is, with nothing that acts.

Rich takes strings for its markup; `Text` is only ever text.
"""

import re
from pathlib import Path

from rich.text import Text

from orchestration.runtime.texts import harmless

_BREAKS = re.compile(r"\s*[\n\t]\s*")


def cell(text: str, style: str = "") -> Text:
    """Text that may have several lines."""
    return Text(harmless(text), style)


def line(text: str, style: str = "") -> Text:
    """Text in one line."""
    return cell(_BREAKS.sub(" ", text.strip()), style)


def path_text(path: Path) -> str:
    """The path relative to the working directory, where it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
