"""Safe display of data on a terminal, without control characters or markup.

Rich interprets markup in strings but not in `Text`, so data is always passed as `Text`.
"""

import re
from pathlib import Path

from rich.text import Text

from orchestration.runtime.texts import harmless

_BREAKS = re.compile(r"\s*[\n\t]\s*")


def cell(text: str, style: str = "") -> Text:
    """Text that may span several lines."""
    return Text(harmless(text), style)


def line(text: str, style: str = "") -> Text:
    """Text on one line; line breaks and tabs become spaces."""
    return cell(_BREAKS.sub(" ", text.strip()), style)


def percent(share: float) -> str:
    """A share in whole per cent. Less than all is never shown as 100 %."""
    rounded = round(100 * share)
    return f"{99 if share < 1 <= rounded / 100 else rounded} %"


def path_text(path: Path) -> str:
    """The path, relative to the working directory if it is inside it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
