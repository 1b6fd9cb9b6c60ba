"""Assembles the text of glyphs, line by line."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter

from scrapers.documents.pdf.marks import Glyph
from scrapers.errors import DocumentError, shortened

# Glyphs whose baselines differ by less than this share of the size are on one line. A raised ®
# differs less, two lines of text always more.
_SAME_LINE = 0.45
# The gap between letters of a word is less than this share of the size, and the gap between any
# two glyphs of a text less than the size.
_WORD_GAP, _ANY_GAP = 0.18, 1.0
# Lines of text are at least this share of their size apart, and letters overlap by at most this
# share of their width.
_CLOSEST_LINE, _MOST_OVERLAP = 0.75, 0.5
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Group glyphs into lines from the top, each line from the left."""
    lines: list[list[Glyph]] = []
    size = 0.0
    for glyph in sorted(glyphs, key=attrgetter("base")):
        size = max(size, glyph.size) if lines else glyph.size
        if lines and glyph.base - lines[-1][-1].base < _SAME_LINE * size:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            size = glyph.size
    for line in lines:
        line.sort(key=attrgetter("start"))
    return lines


def line_text(line: Sequence[Glyph]) -> str:
    """Return the text of a line, with a space for a gap between two words.

    White space at either end stays: it distinguishes a break between words from one inside a word.
    """
    stretched = _stretching(line)
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in line:
        if glyph.is_blank:
            parts.append(" ")
        else:
            if before and parts[-1] != " " and _are_parted(before, glyph, stretched):
                parts.append(" ")
            parts.append(glyph.text)
            before = glyph
    return "".join(parts).translate(_LIGATURES)


def text_of(glyphs: Iterable[Glyph]) -> str:
    """Return the text of a cell on one line. Trailing white space stays.

    Raises DocumentError if texts overlap.
    """
    text = ""
    above: list[Glyph] = []
    for line in lines_of(glyphs):
        if _lies_over(above, line) or any(_covers(a, b) for a, b in pairwise(line)):
            raise DocumentError(
                f"texts overlap: {shortened(squeezed(line_text(line)))!r}",
                remedy="Check the page to see which text belongs to the cell",
            )
        text, above = joined(text, line_text(line)), line
    return text


def joined(above: str, below: str) -> str:
    """Join a text that continues on another line.

    Lines break between words or inside a long word. So a break separates two words only if white
    space is printed there, and Chinese needs none.
    """
    if not above.strip() or not below.strip():
        return above + below if above.strip() else below
    is_parted = above[-1].isspace() or below[0].isspace()
    above, below = above.rstrip(), below.lstrip()
    if is_parted and (_is_latin(above[-1]) or _is_latin(below[0])):
        return f"{above} {below}"
    return above + below


def squeezed(text: str) -> str:
    """Collapse white space to single spaces, and remove it from the ends."""
    return " ".join(text.split())


def _lies_over(above: Sequence[Glyph], line: Sequence[Glyph]) -> bool:
    """Whether two lines in the same part of the cell are closer than lines of text are."""
    if not above:
        return False
    distance = min(glyph.base for glyph in line) - max(glyph.base for glyph in above)
    size = min(max(glyph.size for glyph in above), max(glyph.size for glyph in line))
    is_side_by_side = above[-1].x1 <= line[0].x0 or line[-1].x1 <= above[0].x0
    return distance < _CLOSEST_LINE * size and not is_side_by_side


def _covers(before: Glyph, glyph: Glyph) -> bool:
    """Whether a letter covers more than half of the one before it. Accents may."""
    width = min(before.x1 - before.x0, glyph.x1 - glyph.x0)
    is_over = before.x1 - glyph.x0 > _MOST_OVERLAP * width
    return is_over and before.text.isalnum() and glyph.text.isalnum()


def _stretching(line: Sequence[Glyph]) -> float:
    """Return the smallest gap in a letter-spaced line, as a share of the size."""
    gaps = [
        (glyph.x0 - before.x1) / glyph.size
        for before, glyph in pairwise(line)
        if not before.is_blank and not glyph.is_blank
    ]
    return max(0.0, min(gaps, default=0.0))


def _are_parted(before: Glyph, glyph: Glyph, stretching: float) -> bool:
    gap = (glyph.x0 - before.x1) / glyph.size - stretching
    if gap <= _WORD_GAP:
        return False
    return gap > _ANY_GAP or (_is_latin(before.text[-1:]) and _is_latin(glyph.text[:1]))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
