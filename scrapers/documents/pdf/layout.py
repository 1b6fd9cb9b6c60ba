"""Where the text of a page is: in which cell, outside of all, or kept out of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pdfplumber.page import Page

from scrapers.documents.pdf.cutting import refuse_cut_text
from scrapers.documents.pdf.decoration import without_decorations
from scrapers.documents.pdf.foreign import (
    Place,
    Places,
    StyleClassifier,
    refuse_turned_text,
    watermarks_among,
)
from scrapers.documents.pdf.marks import Box, Look, Marks, Note, Sign, main_turn, turned
from scrapers.documents.pdf.ruling import Ruled, ruled_tables
from scrapers.documents.pdf.runs import Run, runs_of
from scrapers.documents.pdf.sight import Sight, sight_of, without_reprints
from scrapers.errors import DocumentError, shortened

# A picture of so many square points may show a text; it is a cell's when so much of it lies there.
_SMALLEST_PICTURE, _INSIDE = 30.0, 0.6
# Text that touches a line reaches no further over it than this share of its size.
_TOUCHING = 0.1


@dataclass(frozen=True)
class Layout:
    """The tables of a page, and its signs in the order of printing.

    `cells` has for each table the signs by the number of their cell. `outside` are the level signs
    in no cell, `aside` those in no cell that are turned, and `kept_out` those that are hidden,
    slanted or of a watermark.
    """

    page: Marks
    tables: list[Ruled]
    cells: list[dict[int, list[Sign]]]
    outside: list[Sign]
    aside: list[Sign]
    kept_out: list[Sign]


def layout_of(page: Page, marks: Marks) -> Layout:
    """The layout of a page, turned so that most of its text is level.

    Raises DocumentError for a text that may or may not be a cell's.
    """
    sight = sight_of(marks)
    turn = main_turn(sight.seen)
    shown = turned(replace(marks, signs=sight.seen), turn)
    level = runs_of(without_reprints([sign for sign in shown.signs if sign.turn == 0]))
    upended = _by_operator(sign for sign in shown.signs if sign.turn)
    tables = ruled_tables(page, without_decorations(shown.rules, level))
    level = [piece for run in level for piece in _parted_at_lines(run, tables)]
    spots = {run: [_place(sign, tables) for sign in run.signs] for run in (*level, *upended)}
    places = {run: _places(run, spots[run]) for run in spots}
    classifier = StyleClassifier([run for run in level if places[run] != {None}], sight.on_dark)
    foreign = watermarks_among(level, places, tables, classifier)
    refuse_turned_text(upended, places, tables, classifier)
    own = [run for run in level if run not in foreign]
    _refuse_unsure(own, places, sight)
    _refuse_notes(shown.notes, tables)
    cells, outside = _parted(own, spots, len(tables))
    refuse_cut_text(turned(replace(marks, signs=sight.lost), turn).signs, cells)
    _refuse_pictures(shown.pictures, tables, cells)
    foreign.update(run for run in upended if places[run] != {None})
    return Layout(
        shown,
        tables,
        cells,
        outside,
        aside=_signs_of(run for run in upended if run not in foreign),
        kept_out=[
            *sight.hidden,
            *_signs_of(run for run in spots if run in foreign),
            *(sign for sign in shown.signs if sign.turn is None),
        ],
    )


def _parted_at_lines(run: Run, tables: Sequence[Ruled]) -> list[Run]:
    """A run in pieces where it meets a line of a table between two of its text operators.

    Cells without padding may touch. Text that runs over a line is cut by it anywhere.
    """
    pieces: list[list[Sign]] = [[run.signs[0]]]
    for before, sign in pairwise(run.signs):
        if sign.look is not before.look and _keep_apart(before, sign, tables):
            pieces.append([])
        pieces[-1].append(sign)
    return [run] if len(pieces) == 1 else [Run(piece) for piece in pieces]


def _keep_apart(before: Sign, sign: Sign, tables: Sequence[Ruled]) -> bool:
    """Whether two signs in a row are in two cells and keep to them."""
    place, other = _place(before, tables), _place(sign, tables)
    if place is None or other is None or place == other:
        return False
    reach = _TOUCHING * sign.size
    right = tables[place[0]].cells[place[1]].x1
    left = tables[other[0]].cells[other[1]].x0
    return before.x1 <= right + reach and sign.x0 >= left - reach


def _place(sign: Sign, tables: Sequence[Ruled]) -> Place | None:
    x, y = sign.centre
    for number, table in enumerate(tables):
        cell = table.cell_at(x, y)
        if cell is not None:
            return number, cell
    return None


def _places(run: Run, spots: Sequence[Place | None]) -> Places:
    return frozenset(spot for sign, spot in zip(run.signs, spots, strict=True) if not sign.is_blank)


def _by_operator(signs: Iterable[Sign]) -> list[Run]:
    """Turned signs by the operator that prints them."""
    texts: dict[Look, list[Sign]] = defaultdict(list)
    for sign in signs:
        texts[sign.look].append(sign)
    return [Run(text) for text in texts.values() if not all(sign.is_blank for sign in text)]


def _signs_of(runs: Iterable[Run]) -> list[Sign]:
    return [sign for run in runs for sign in run.signs]


def _parted(
    runs: Sequence[Run], spots: Mapping[Run, Sequence[Place | None]], tables: int
) -> tuple[list[dict[int, list[Sign]]], list[Sign]]:
    """The signs of each table by cell, and those in none."""
    cells: list[dict[int, list[Sign]]] = [defaultdict(list) for _ in range(tables)]
    outside: list[Sign] = []
    for run in runs:
        for sign, spot in zip(run.signs, spots[run], strict=True):
            if spot is None:
                outside.append(sign)
            else:
                table, cell = spot
                cells[table][cell].append(sign)
    return cells, outside


def _refuse_unsure(runs: Sequence[Run], places: Mapping[Run, Places], sight: Sight) -> None:
    for run in runs:
        if places[run] == {None} or not (sight.unsure or sight.cut):
            continue
        looks = {sign.look for sign in run.signs}
        if looks & sight.unsure:
            raise DocumentError(f"text that may be seen or hidden: {shortened(run.text)!r}")
        if looks & sight.cut:
            raise DocumentError(
                f"text that is cut off at the edge of its cell: {shortened(run.text)!r}"
            )


def _refuse_notes(notes: Sequence[Note], tables: Sequence[Ruled]) -> None:
    for note in notes:
        if any(note.box.common(table.box).area > 0 for table in tables):
            raise DocumentError(
                f"a comment or form field over a table: {shortened(note.text)!r}",
                remedy="Look at the page: nothing shows whether its text is the cell's",
            )


def _refuse_pictures(
    pictures: Sequence[Box], tables: Sequence[Ruled], cells: Sequence[Mapping[int, list[Sign]]]
) -> None:
    """Stop at a cell that holds a picture and no text."""
    for picture in pictures:
        for table, signs in zip(tables, cells, strict=True):
            x, y = (picture.x0 + picture.x1) / 2, (picture.top + picture.bottom) / 2
            cell = table.cell_at(x, y)
            if cell is None or cell in signs or picture.area < _SMALLEST_PICTURE:
                continue
            if picture.common(table.cells[cell]).area >= _INSIDE * picture.area:
                raise DocumentError("a cell that holds a picture in the place of text")
