"""Runs of glyphs: consecutive text on one line, in one size and colour."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scrapers.documents.pdf.marks import Glyph, Rgb
from scrapers.documents.pdf.texts import line_text, squeezed
from scrapers.documents.pdf.visibility import shown_colour

# The widest gap in a run as a share of the size, within a text operator and between two. Text in
# two cells is separated by at least their padding.
_GAP_WITHIN, _GAP_BETWEEN = 0.5, 0.1
_MOST_OVERLAP = 0.6


@dataclass(frozen=True, eq=False)
class Run:
    """Glyphs of one size and colour that follow each other on a line without a gap."""

    glyphs: list[Glyph]

    @property
    def size(self) -> float:
        return self.glyphs[0].size

    @property
    def base(self) -> float:
        return self.glyphs[0].base

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @cached_property
    def x1(self) -> float:
        return max(glyph.x1 for glyph in self.glyphs)

    @cached_property
    def colour(self) -> Rgb | None:
        return shown_colour(self.glyphs[0].style)

    @cached_property
    def text(self) -> str:
        return squeezed(line_text(self.glyphs))


def runs_of(glyphs: Iterable[Glyph]) -> list[Run]:
    """Return the runs of horizontal glyphs in painting order."""
    runs: list[list[Glyph]] = []
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and _continues(before, glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
        before = glyph
    return [Run(run) for run in runs if not all(glyph.is_blank for glyph in run)]


def commonest_size(runs: Iterable[Run]) -> float:
    """Return the size of most glyphs, to half a point, or 0 if there are none."""
    sizes = Counter[float]()
    for run in runs:
        sizes[round(2 * run.size) / 2] += len(run.glyphs)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def commonest_colour(runs: Iterable[Run]) -> Rgb:
    """Return the colour of most glyphs, or black if there are none."""
    colours = Counter[Rgb]()
    for run in runs:
        if run.colour:
            colours[run.colour] += len(run.glyphs)
    return max(colours, key=lambda colour: (colours[colour], colour), default=(0.0, 0.0, 0.0))


def _continues(before: Glyph, glyph: Glyph) -> bool:
    size = before.size
    if abs(glyph.base - before.base) > 0.1 * size or abs(glyph.size - size) > 0.02 * size:
        return False
    is_one_operator = glyph.style is before.style
    if not is_one_operator and shown_colour(glyph.style) != shown_colour(before.style):
        return False
    widest = _GAP_WITHIN if is_one_operator else _GAP_BETWEEN
    return -_MOST_OVERLAP * size <= glyph.x0 - before.x1 <= widest * size
