"""Recognises watermarks: text that lies over a table without belonging to it.

A watermark is larger or paler than the table's text and is not confined to cells. Text with only
one of these properties is ambiguous and raises an error; nothing is dropped silently.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from scrapers.documents.pdf.marks import Box, Glyph, Rgb, TextStyle
from scrapers.documents.pdf.ruling import RuledTable
from scrapers.documents.pdf.runs import Run, commonest_colour, commonest_size
from scrapers.errors import DocumentError, shortened

CellId = tuple[int, int]  # the number of a table on its page, and of a cell in the table
CellIds = frozenset[CellId | None]  # None is outside all tables

# Text is large at this multiple of the commonest size. It is pale if each colour component is at
# least _PALE, and the least is _PALER above that of the commonest colour: grey, not green or red.
_LARGE = 1.5
_PALE, _PALER = 0.45, 0.3
# A glyph sticks out of its cell by more than this share of its width or height.
_MARGIN = 0.25


class StyleClassifier:
    """Finds unusual text by comparison with the commonest size and colour in the tables.

    Text on a dark background never counts as pale.
    """

    def __init__(self, runs: Sequence[Run], on_dark: Set[TextStyle]) -> None:
        self._on_dark = on_dark
        self._size = commonest_size(runs)
        self._colour = commonest_colour(runs)

    def is_large(self, text: Run) -> bool:
        return text.size >= _LARGE * self._size

    def is_pale(self, text: Run) -> bool:
        colour = text.colour
        return (
            colour is not None
            and text.glyphs[0].style not in self._on_dark
            and min(colour) >= _PALE
            and min(colour) >= min(self._colour) + _PALER
        )

    def is_unusual(self, text: Run) -> bool:
        return self.is_large(text) or self.is_pale(text)


def watermarks_among(
    runs: Sequence[Run],
    run_cells: Mapping[Run, CellIds],
    tables: Sequence[RuledTable],
    classifier: StyleClassifier,
) -> set[Run]:
    """Return the horizontal runs that do not belong to the tables.

    `run_cells` maps each run to the cells of its glyphs, with None for outside all tables.
    Raises DocumentError for text that may or may not belong to a cell.
    """
    inside = [run for run in runs if run_cells[run] != {None}]
    unusual = {run for run in inside if classifier.is_unusual(run)}
    crossing = {run for run in inside if len(run_cells[run]) > 1}
    crossing |= {
        run
        for run in unusual
        if classifier.is_large(run) and _sticks_out(run, run_cells[run], tables)
    }
    for run in crossing - unusual:
        if not run.glyphs[0].style.is_watermark:
            raise DocumentError(
                f"text crosses the line between two cells: {shortened(run.text)!r}",
                remedy="Check the page to see which cell it belongs to",
            )
    styles = {_size_and_colour(run) for run in crossing}
    watermarks = {
        run
        for run in inside
        if run.glyphs[0].style.is_watermark
        or (
            run in unusual
            and (
                _size_and_colour(run) in styles
                or (classifier.is_large(run) and classifier.is_pale(run))
            )
        )
    }
    _refuse_mixtures(
        [run for run in inside if run not in watermarks], classifier, run_cells, tables
    )
    return watermarks


def refuse_rotated_text(
    texts: Sequence[Run],
    run_cells: Mapping[Run, CellIds],
    tables: Sequence[RuledTable],
    classifier: StyleClassifier,
) -> None:
    """Raise DocumentError for text rotated by quarter turns in a cell, unless it is a watermark."""
    for text in texts:
        if run_cells[text] == {None} or text.glyphs[0].style.is_watermark:
            continue
        is_crossing = len(run_cells[text]) > 1 or _sticks_out(text, run_cells[text], tables)
        is_large, is_pale = classifier.is_large(text), classifier.is_pale(text)
        if not ((is_large and is_pale) or (is_crossing and (is_large or is_pale))):
            raise DocumentError(
                f"rotated text in a cell: {shortened(text.text)!r}",
                remedy="Check the page: the text may belong to the cell or be a watermark",
            )


def _refuse_mixtures(
    runs: Sequence[Run],
    classifier: StyleClassifier,
    run_cells: Mapping[Run, CellIds],
    tables: Sequence[RuledTable],
) -> None:
    """Raise DocumentError for unusual text among other text in a cell, or for pale text in a row.

    Large text alone in its cell is a title, and a row that is pale throughout is greyed out.
    """
    cells: dict[CellId, list[Run]] = defaultdict(list)
    for run in runs:
        for place in run_cells[run]:
            if place is not None:
                cells[place].append(run)
    for (table, cell), inside in cells.items():
        pale = [run for run in inside if classifier.is_pale(run)]
        large = [run for run in inside if classifier.is_large(run)]
        if not pale and not large:
            continue
        if len(pale) in (0, len(inside)) and len(large) in (0, len(inside)):
            if not pale:
                continue
            ruled = tables[table]
            neighbours = (
                other
                for row in ruled.rows_of_cells[cell]
                for number in ruled.rows[row]
                for other in cells.get((table, number), ())
            )
            if all(classifier.is_pale(other) for other in neighbours):
                continue
        unusual = (pale or large)[0]
        raise DocumentError(
            f"text of another size or a paler colour in a cell: {shortened(unusual.text)!r}",
            remedy="Check the page: the text may belong to the cell or be a watermark",
        )


def _sticks_out(run: Run, run_cells: CellIds, tables: Sequence[RuledTable]) -> bool:
    boxes = [tables[place[0]].cells[place[1]] for place in run_cells if place is not None]
    glyphs = [glyph for glyph in run.glyphs if not glyph.is_blank]
    return len(boxes) < len(run_cells) or any(
        _is_beyond(glyph, box) for box in boxes for glyph in glyphs
    )


def _is_beyond(glyph: Glyph, box: Box) -> bool:
    x0, top, x1, bottom = box
    across, down = _MARGIN * (glyph.x1 - glyph.x0), _MARGIN * (glyph.bottom - glyph.top)
    return (
        glyph.x0 + across < x0
        or glyph.x1 - across > x1
        or glyph.top + down < top
        or glyph.bottom - down > bottom
    )


def _size_and_colour(run: Run) -> tuple[float, Rgb | None]:
    return round(2 * run.size) / 2, run.colour
