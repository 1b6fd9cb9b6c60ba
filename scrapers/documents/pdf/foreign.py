"""Text that lies over a table without belonging to it: watermarks.

A watermark is larger or paler than the table's text, and does not keep to its cells. Text of which
only one of these is true cannot be judged, so it stops the reading; nothing is left out silently.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from scrapers.documents.pdf.marks import Box, Look, Rgb, Sign
from scrapers.documents.pdf.ruling import Ruled
from scrapers.documents.pdf.runs import Run, commonest_colour, commonest_size
from scrapers.errors import DocumentError, shortened

Place = tuple[int, int]  # the number of a table on its page, and of a cell in it
Places = frozenset[Place | None]  # None is outside of all tables

# Text of so many times the common size is large. Text is pale when each part of its colour is over
# the first share of white, and by the second over the common colour's: grey, not green or red.
_LARGE = 1.5
_PALE, _PALER = 0.45, 0.3
# A sign sticks out of its cell with more than this share of its width or height.
_MARGIN = 0.25


class StyleClassifier:
    """Tells odd text by the size and colour that most of the tables' text has.

    Text on a dark ground is not pale, however light it is.
    """

    def __init__(self, runs: Sequence[Run], on_dark: Set[Look]) -> None:
        self._on_dark = on_dark
        self._size = commonest_size(runs)
        self._colour = commonest_colour(runs)

    def is_large(self, text: Run) -> bool:
        return text.size >= _LARGE * self._size

    def is_pale(self, text: Run) -> bool:
        colour = text.colour
        return (
            colour is not None
            and text.signs[0].look not in self._on_dark
            and min(colour) >= _PALE
            and min(colour) >= min(self._colour) + _PALER
        )

    def is_odd(self, text: Run) -> bool:
        return self.is_large(text) or self.is_pale(text)


def watermarks_among(
    runs: Sequence[Run],
    places: Mapping[Run, Places],
    tables: Sequence[Ruled],
    classifier: StyleClassifier,
) -> set[Run]:
    """The level runs that do not belong to the tables.

    `places` has the cells that each run's signs lie in, None for outside of all.
    Raises DocumentError for a text that may or may not be a cell's.
    """
    inside = [run for run in runs if places[run] != {None}]
    odd = {run for run in inside if classifier.is_odd(run)}
    crossing = {run for run in inside if len(places[run]) > 1}
    crossing |= {
        run for run in odd if classifier.is_large(run) and _sticks_out(run, places[run], tables)
    }
    for run in crossing - odd:
        if not run.signs[0].look.is_watermark:
            raise DocumentError(
                f"text that runs over the line between two cells: {shortened(run.text)!r}",
                remedy="Look at the page: nothing shows which cell it belongs to",
            )
    styles = {_style(run) for run in crossing}
    foreign = {
        run
        for run in inside
        if run.signs[0].look.is_watermark
        or (
            run in odd
            and (_style(run) in styles or (classifier.is_large(run) and classifier.is_pale(run)))
        )
    }
    _refuse_mixtures([run for run in inside if run not in foreign], classifier, places, tables)
    return foreign


def refuse_turned_text(
    texts: Sequence[Run],
    places: Mapping[Run, Places],
    tables: Sequence[Ruled],
    classifier: StyleClassifier,
) -> None:
    """Raise DocumentError for a text turned by quarters in a cell, unless it is a watermark."""
    for text in texts:
        if places[text] == {None} or text.signs[0].look.is_watermark:
            continue
        is_crossing = len(places[text]) > 1 or _sticks_out(text, places[text], tables)
        is_large, is_pale = classifier.is_large(text), classifier.is_pale(text)
        if not ((is_large and is_pale) or (is_crossing and (is_large or is_pale))):
            raise DocumentError(
                f"turned text in a cell: {shortened(text.text)!r}",
                remedy="Look at the page: nothing shows whether it is the cell's or a watermark",
            )


def _refuse_mixtures(
    runs: Sequence[Run],
    classifier: StyleClassifier,
    places: Mapping[Run, Places],
    tables: Sequence[Ruled],
) -> None:
    """Stop at a cell that holds odd text among other text, or pale text in a row of dark text.

    A large text alone in its cell is a title, and a row that is pale throughout is greyed out.
    """
    cells: dict[Place, list[Run]] = defaultdict(list)
    for run in runs:
        for place in places[run]:
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
        odd = (pale or large)[0]
        raise DocumentError(
            f"text of another size or a paler colour in a cell: {shortened(odd.text)!r}",
            remedy="Look at the page: nothing shows whether it is the cell's or a watermark",
        )


def _sticks_out(run: Run, places: Places, tables: Sequence[Ruled]) -> bool:
    boxes = [tables[place[0]].cells[place[1]] for place in places if place is not None]
    signs = [sign for sign in run.signs if not sign.is_blank]
    return len(boxes) < len(places) or any(_is_beyond(sign, box) for box in boxes for sign in signs)


def _is_beyond(sign: Sign, box: Box) -> bool:
    x0, top, x1, bottom = box
    across, down = _MARGIN * (sign.x1 - sign.x0), _MARGIN * (sign.bottom - sign.top)
    return (
        sign.x0 + across < x0
        or sign.x1 - across > x1
        or sign.top + down < top
        or sign.bottom - down > bottom
    )


def _style(run: Run) -> tuple[float, Rgb | None]:
    return round(2 * run.size) / 2, run.colour
