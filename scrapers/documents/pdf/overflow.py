"""Text that crosses the rows of its cell and may belong to the row above or below."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

from scrapers.documents.pdf.marks import Glyph
from scrapers.documents.pdf.ruling import RuledTable
from scrapers.documents.pdf.texts import line_text, lines_of, squeezed
from scrapers.errors import DocumentError, shortened

# A glyph stays in its cell if at most this share of its height is outside.
_MARGIN = 0.35
# The baselines of one text are at most this multiple of its size apart.
_WIDEST_LINE = 2.0
# Texts within this many points start on the same baseline.
_SAME_BASE = 0.5


def refuse_overflowing_text(table: RuledTable, glyphs: Mapping[int, list[Glyph]]) -> None:
    """Check that each text stays in its cell. `glyphs` maps cell numbers to glyphs.

    Raises DocumentError for text on the line between two rows, and for a merged cell that may be
    several cells with a missing line.
    """
    for cell, found in glyphs.items():
        _refuse_text_on_a_line(table, cell, found)
        if len(table.rows_of_cells[cell]) > 1:
            _refuse_several_texts(table, cell, glyphs)


def _refuse_text_on_a_line(table: RuledTable, cell: int, glyphs: Sequence[Glyph]) -> None:
    _, top, _, bottom = table.cells[cell]
    for glyph in glyphs:
        outside = max(top - glyph.top, glyph.bottom - bottom)
        if outside > _MARGIN * (glyph.bottom - glyph.top) and not glyph.is_blank:
            line = [other for other in glyphs if other.base == glyph.base]
            raise DocumentError(
                f"text lies on the line between two rows: {_shown(line)}",
                remedy="Check the page to see which row it belongs to",
            )


def _refuse_several_texts(table: RuledTable, cell: int, glyphs: Mapping[int, list[Glyph]]) -> None:
    lines = lines_of(glyph for glyph in glyphs[cell] if not glyph.is_blank)
    by_row: dict[int, list[Glyph]] = {}
    for line in lines:
        rows = table.rows_of_cells[cell]
        row = bisect_left(table.ys, line[0].base, rows.start + 1, rows.stop + 1) - 1
        if row in rows:
            by_row.setdefault(row, line)
    if len(by_row) < 2:
        return
    is_parted = any(
        below[0].base - above[0].base > _WIDEST_LINE * above[0].size
        for above, below in pairwise(lines)
    )
    aligned = sum(_begins_with_row(line, table, row, glyphs) for row, line in by_row.items())
    if is_parted or aligned > 1:
        raise DocumentError(
            f"a merged cell has text in several of its rows: {_shown(lines[0])}",
            remedy="Check the page: a line between the rows may be missing",
        )


def _begins_with_row(
    line: Sequence[Glyph], table: RuledTable, row: int, glyphs: Mapping[int, list[Glyph]]
) -> bool:
    """Whether a line shares its baseline with the first line of another cell in the row."""
    return any(
        abs(min(glyph.base for glyph in glyphs[cell]) - line[0].base) <= _SAME_BASE
        for cell in table.rows[row]
        if len(table.rows_of_cells[cell]) == 1 and cell in glyphs
    )


def _shown(line: Sequence[Glyph]) -> str:
    return repr(shortened(squeezed(line_text(line))))
