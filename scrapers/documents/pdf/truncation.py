"""Text of a cell that continues where it is not visible, because it is clipped or covered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scrapers.documents.pdf.marks import Glyph
from scrapers.documents.pdf.texts import line_text, lines_of, squeezed
from scrapers.errors import DocumentError, shortened

# The distance to the next glyph of a line, and to the next line, as shares of the size.
_NEXT_GLYPH, _NEXT_LINE = 1.0, (0.8, 1.8)
_SAME_SIZE, _SAME_LINE = 0.1, 0.1
# A grid of tiles, this many points high and wide, indexes the glyphs.
_HEIGHT, _WIDTH = 6.0, 24.0


class _Shown(NamedTuple):
    """A visible glyph and its cell."""

    glyph: Glyph
    cell: tuple[int, int]


def refuse_truncated_text(
    obscured: Sequence[Glyph], cells: Sequence[Mapping[int, Sequence[Glyph]]]
) -> None:
    """Raise DocumentError where a clipped or covered glyph continues the text of a cell.

    Covered text with other text printed over it in the cell was replaced, so it is ignored.
    """
    if not obscured:
        return
    shown: dict[tuple[int, int], list[_Shown]] = defaultdict(list)
    for table, found in enumerate(cells):
        for cell, glyphs in found.items():
            for glyph in (glyph for glyph in glyphs if not glyph.is_blank):
                line = int(glyph.base // _HEIGHT)
                for piece in range(int(glyph.x0 // _WIDTH), int(glyph.x1 // _WIDTH) + 1):
                    shown[line, piece].append(_Shown(glyph, (table, cell)))
    near = [_near(glyph, shown) for glyph in obscured]
    replaced = {
        (glyph.style, other.cell)
        for glyph, around in zip(obscured, near, strict=True)
        for other in around
        if _is_over(other.glyph, glyph)
    }
    for glyph, around in zip(obscured, near, strict=True):
        for before in around:
            if _continues(before.glyph, glyph) and (glyph.style, before.cell) not in replaced:
                table, cell = before.cell
                text = squeezed("".join(map(line_text, lines_of(cells[table][cell]))))
                raise DocumentError(
                    f"text is cut off at the edge of its cell: {shortened(text)!r}",
                    remedy="The rest is on the page but not visible: ask for the document as .docx",
                )


def _near(glyph: Glyph, shown: Mapping[tuple[int, int], Sequence[_Shown]]) -> list[_Shown]:
    """Return the visible glyphs near a glyph: before it on its line, and on the line above."""
    top, left = glyph.base - _NEXT_LINE[1] * glyph.size, glyph.x0 - 2 * _NEXT_GLYPH * glyph.size
    lines = range(int(top // _HEIGHT), int((glyph.base + glyph.size) // _HEIGHT) + 1)
    pieces = range(int(left // _WIDTH), int(glyph.x1 // _WIDTH) + 1)
    return [other for line in lines for piece in pieces for other in shown.get((line, piece), ())]


def _is_over(other: Glyph, glyph: Glyph) -> bool:
    x, y = glyph.centre
    return other.x0 <= x <= other.x1 and other.top <= y <= other.bottom


def _continues(before: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph follows another on its line, or lies just below it."""
    size = before.size
    if abs(glyph.size - size) > _SAME_SIZE * size or glyph.style.font != before.style.font:
        return False
    if abs(glyph.base - before.base) <= _SAME_LINE * size:
        return -_NEXT_GLYPH * size / 2 <= glyph.x0 - before.x1 <= _NEXT_GLYPH * size
    least, most = _NEXT_LINE
    is_next_line = least * size <= glyph.base - before.base <= most * size
    return is_next_line and before.x0 - size / 2 <= glyph.x0 <= before.x1
