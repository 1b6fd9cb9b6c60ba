"""The text of signs that lie together, line by line."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter

from scrapers.documents.pdf.marks import Sign
from scrapers.errors import DocumentError, shortened

# Signs are on one line when their base lines differ by less than this share of the size: a raised
# ® does, two lines of text never.
_SAME_LINE = 0.45
# Between two letters of a word is less than this share of the size, and between any two signs of
# a text less than a whole one.
_WORD_GAP, _ANY_GAP = 0.18, 1.0
# Lines of text are no closer than this share of their size, and letters overlap by no more than
# this share of their width.
_CLOSEST_LINE, _MOST_OVERLAP = 0.75, 0.5
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def lines_of(signs: Iterable[Sign]) -> list[list[Sign]]:
    """The signs by line from the top, each line from the left."""
    lines: list[list[Sign]] = []
    size = 0.0
    for sign in sorted(signs, key=attrgetter("base")):
        size = max(size, sign.size) if lines else sign.size
        if lines and sign.base - lines[-1][-1].base < _SAME_LINE * size:
            lines[-1].append(sign)
        else:
            lines.append([sign])
            size = sign.size
    for line in lines:
        line.sort(key=attrgetter("start"))
    return lines


def line_text(line: Sequence[Sign]) -> str:
    """The text of a line; a gap is a space where it parts two words.

    White space at either end stays: there it tells a break between words from one inside a word.
    """
    stretched = _stretching(line)
    parts: list[str] = []
    before: Sign | None = None
    for sign in line:
        if sign.is_blank:
            parts.append(" ")
        else:
            if before and parts[-1] != " " and _are_parted(before, sign, stretched):
                parts.append(" ")
            parts.append(sign.text)
            before = sign
    return "".join(parts).translate(_LIGATURES)


def text_of(signs: Iterable[Sign]) -> str:
    """The text of a cell's signs on one line; white space at its end stays.

    Raises DocumentError where texts lie over each other.
    """
    text = ""
    above: list[Sign] = []
    for line in lines_of(signs):
        if _lies_over(above, line) or any(_covers(a, b) for a, b in pairwise(line)):
            raise DocumentError(
                f"texts that lie over each other: {shortened(squeezed(line_text(line)))!r}",
                remedy="Look at the page: nothing shows which of them the cell's is",
            )
        text, above = joined(text, line_text(line)), line
    return text


def joined(above: str, below: str) -> str:
    """A text that goes on in another line.

    Lines break between words or, where a word is too long, inside it. So only a break at which
    white space is printed parts two words, and Chinese needs none.
    """
    if not above.strip() or not below.strip():
        return above + below if above.strip() else below
    is_parted = above[-1].isspace() or below[0].isspace()
    above, below = above.rstrip(), below.lstrip()
    if is_parted and (_is_latin(above[-1]) or _is_latin(below[0])):
        return f"{above} {below}"
    return above + below


def squeezed(text: str) -> str:
    """The text as a cell says it: no white space at the ends, single spaces inside."""
    return " ".join(text.split())


def _lies_over(above: Sequence[Sign], line: Sequence[Sign]) -> bool:
    """Whether two lines are closer than lines of text are, in the same part of the cell."""
    if not above:
        return False
    distance = min(sign.base for sign in line) - max(sign.base for sign in above)
    size = min(max(sign.size for sign in above), max(sign.size for sign in line))
    is_side_by_side = above[-1].x1 <= line[0].x0 or line[-1].x1 <= above[0].x0
    return distance < _CLOSEST_LINE * size and not is_side_by_side


def _covers(before: Sign, sign: Sign) -> bool:
    """Whether a letter lies on more than half of the one before it; an accent may."""
    width = min(before.x1 - before.x0, sign.x1 - sign.x0)
    is_over = before.x1 - sign.x0 > _MOST_OVERLAP * width
    return is_over and before.text.isalnum() and sign.text.isalnum()


def _stretching(line: Sequence[Sign]) -> float:
    """The gap that every two signs of a spread out line have at least, as a share of the size."""
    gaps = [
        (sign.x0 - before.x1) / sign.size
        for before, sign in pairwise(line)
        if not before.is_blank and not sign.is_blank
    ]
    return max(0.0, min(gaps, default=0.0))


def _are_parted(before: Sign, sign: Sign, stretching: float) -> bool:
    gap = (sign.x0 - before.x1) / sign.size - stretching
    if gap <= _WORD_GAP:
        return False
    return gap > _ANY_GAP or (_is_latin(before.text[-1:]) and _is_latin(sign.text[:1]))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
