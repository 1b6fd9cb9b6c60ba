"""Assigns the text of a page to table cells, to the area outside them, or to neither."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pdfplumber.page import Page

from scrapers.documents.pdf.decoration import without_decorations
from scrapers.documents.pdf.marks import (
    Annotation,
    Box,
    Glyph,
    Marks,
    TextStyle,
    main_rotation,
    rotated,
)
from scrapers.documents.pdf.ruling import RuledTable, ruled_tables
from scrapers.documents.pdf.runs import Run, runs_of
from scrapers.documents.pdf.truncation import refuse_truncated_text
from scrapers.documents.pdf.visibility import Visibility, visibility_of, without_overprints
from scrapers.documents.pdf.watermarks import (
    CellId,
    CellIds,
    StyleClassifier,
    refuse_rotated_text,
    watermarks_among,
)
from scrapers.errors import DocumentError, shortened

# A picture of at least this many square points may show text. It belongs to a cell if this share
# of its area lies inside.
_SMALLEST_PICTURE, _INSIDE = 30.0, 0.6
# Text that touches a line extends over it by at most this share of its size.
_TOUCHING = 0.1


@dataclass(frozen=True)
class PageLayout:
    """The tables of a page and its glyphs, in painting order.

    `cells` maps, for each table, cell numbers to glyphs. `outside` are horizontal glyphs in no
    cell, and `rotated_outside` are rotated ones in no cell. `excluded` glyphs are hidden, slanted
    or part of a watermark.
    """

    page: Marks
    tables: list[RuledTable]
    cells: list[dict[int, list[Glyph]]]
    outside: list[Glyph]
    rotated_outside: list[Glyph]
    excluded: list[Glyph]


def page_layout(page: Page, marks: Marks) -> PageLayout:
    """Return the layout of a page, rotated so that most of its text is horizontal.

    Raises DocumentError for text that may or may not belong to a cell.
    """
    visibility = visibility_of(marks)
    rotation = main_rotation(visibility.visible)
    shown = rotated(replace(marks, glyphs=visibility.visible), rotation)
    level = runs_of(without_overprints([glyph for glyph in shown.glyphs if glyph.rotation == 0]))
    rotated_runs = _by_operator(glyph for glyph in shown.glyphs if glyph.rotation)
    tables = ruled_tables(page, without_decorations(shown.rules, level))
    level = [piece for run in level for piece in _split_at_lines(run, tables)]
    glyph_cells = {
        run: [_cell_of(glyph, tables) for glyph in run.glyphs] for run in (*level, *rotated_runs)
    }
    run_cells = {run: _cells_of(run, glyph_cells[run]) for run in glyph_cells}
    classifier = StyleClassifier(
        [run for run in level if run_cells[run] != {None}], visibility.on_dark
    )
    watermarks = watermarks_among(level, run_cells, tables, classifier)
    refuse_rotated_text(rotated_runs, run_cells, tables, classifier)
    own = [run for run in level if run not in watermarks]
    _refuse_undecided(own, run_cells, visibility)
    _refuse_annotations(shown.annotations, tables)
    cells, outside = _split_by_cell(own, glyph_cells, len(tables))
    refuse_truncated_text(
        rotated(replace(marks, glyphs=visibility.obscured), rotation).glyphs, cells
    )
    _refuse_pictures(shown.pictures, tables, cells)
    watermarks.update(run for run in rotated_runs if run_cells[run] != {None})
    return PageLayout(
        shown,
        tables,
        cells,
        outside,
        rotated_outside=_glyphs_of(run for run in rotated_runs if run not in watermarks),
        excluded=[
            *visibility.hidden,
            *_glyphs_of(run for run in glyph_cells if run in watermarks),
            *(glyph for glyph in shown.glyphs if glyph.rotation is None),
        ],
    )


def _split_at_lines(run: Run, tables: Sequence[RuledTable]) -> list[Run]:
    """Split a run at a table line that falls between two of its text operators.

    Cells without padding may touch. A single text operator that crosses a line stays whole.
    """
    pieces: list[list[Glyph]] = [[run.glyphs[0]]]
    for before, glyph in pairwise(run.glyphs):
        if glyph.style is not before.style and _keep_apart(before, glyph, tables):
            pieces.append([])
        pieces[-1].append(glyph)
    return [run] if len(pieces) == 1 else [Run(piece) for piece in pieces]


def _keep_apart(before: Glyph, glyph: Glyph, tables: Sequence[RuledTable]) -> bool:
    """Whether two successive glyphs lie in different cells and stay within them."""
    place, other = _cell_of(before, tables), _cell_of(glyph, tables)
    if place is None or other is None or place == other:
        return False
    reach = _TOUCHING * glyph.size
    right = tables[place[0]].cells[place[1]].x1
    left = tables[other[0]].cells[other[1]].x0
    return before.x1 <= right + reach and glyph.x0 >= left - reach


def _cell_of(glyph: Glyph, tables: Sequence[RuledTable]) -> CellId | None:
    x, y = glyph.centre
    for number, table in enumerate(tables):
        cell = table.cell_at(x, y)
        if cell is not None:
            return number, cell
    return None


def _cells_of(run: Run, glyph_cells: Sequence[CellId | None]) -> CellIds:
    return frozenset(
        place for glyph, place in zip(run.glyphs, glyph_cells, strict=True) if not glyph.is_blank
    )


def _by_operator(glyphs: Iterable[Glyph]) -> list[Run]:
    """Group rotated glyphs by the text operator that painted them."""
    texts: dict[TextStyle, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        texts[glyph.style].append(glyph)
    return [Run(text) for text in texts.values() if not all(glyph.is_blank for glyph in text)]


def _glyphs_of(runs: Iterable[Run]) -> list[Glyph]:
    return [glyph for run in runs for glyph in run.glyphs]


def _split_by_cell(
    runs: Sequence[Run], glyph_cells: Mapping[Run, Sequence[CellId | None]], tables: int
) -> tuple[list[dict[int, list[Glyph]]], list[Glyph]]:
    """Return the glyphs of each table by cell, and the glyphs in no cell."""
    cells: list[dict[int, list[Glyph]]] = [defaultdict(list) for _ in range(tables)]
    outside: list[Glyph] = []
    for run in runs:
        for glyph, place in zip(run.glyphs, glyph_cells[run], strict=True):
            if place is None:
                outside.append(glyph)
            else:
                table, cell = place
                cells[table][cell].append(glyph)
    return cells, outside


def _refuse_undecided(
    runs: Sequence[Run], run_cells: Mapping[Run, CellIds], visibility: Visibility
) -> None:
    for run in runs:
        if run_cells[run] == {None} or not (visibility.undecided or visibility.truncated):
            continue
        styles = {glyph.style for glyph in run.glyphs}
        if styles & visibility.undecided:
            raise DocumentError(f"text that may be visible or hidden: {shortened(run.text)!r}")
        if styles & visibility.truncated:
            raise DocumentError(f"text is cut off at the edge of its cell: {shortened(run.text)!r}")


def _refuse_annotations(annotations: Sequence[Annotation], tables: Sequence[RuledTable]) -> None:
    for annotation in annotations:
        if any(annotation.box.common(table.box).area > 0 for table in tables):
            raise DocumentError(
                f"a comment or form field over a table: {shortened(annotation.text)!r}",
                remedy="Check the page: the text may belong to a cell",
            )


def _refuse_pictures(
    pictures: Sequence[Box],
    tables: Sequence[RuledTable],
    cells: Sequence[Mapping[int, list[Glyph]]],
) -> None:
    """Raise DocumentError for a cell that holds a picture and no text."""
    for picture in pictures:
        for table, glyphs in zip(tables, cells, strict=True):
            x, y = (picture.x0 + picture.x1) / 2, (picture.top + picture.bottom) / 2
            cell = table.cell_at(x, y)
            if cell is None or cell in glyphs or picture.area < _SMALLEST_PICTURE:
                continue
            if picture.common(table.cells[cell]).area >= _INSIDE * picture.area:
                raise DocumentError("a cell holds a picture instead of text")
