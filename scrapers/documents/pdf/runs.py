"""Runs of signs: what is printed in one go on one line, in one size and colour."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scrapers.documents.pdf.marks import Rgb, Sign
from scrapers.documents.pdf.sight import shown_colour
from scrapers.documents.pdf.texts import line_text, squeezed

# The widest gap inside a run, as a share of the size: of one text operator, and of two in a row.
# Two cells have at least their padding between them.
_GAP_WITHIN, _GAP_BETWEEN = 0.5, 0.1
_MOST_OVERLAP = 0.6


@dataclass(frozen=True, eq=False)
class Run:
    """Signs of one size and colour that follow each other on one line without a gap."""

    signs: list[Sign]

    @property
    def size(self) -> float:
        return self.signs[0].size

    @property
    def base(self) -> float:
        return self.signs[0].base

    @property
    def x0(self) -> float:
        return self.signs[0].x0

    @cached_property
    def x1(self) -> float:
        return max(sign.x1 for sign in self.signs)

    @cached_property
    def colour(self) -> Rgb | None:
        return shown_colour(self.signs[0].look)

    @cached_property
    def text(self) -> str:
        return squeezed(line_text(self.signs))


def runs_of(signs: Iterable[Sign]) -> list[Run]:
    """The runs of level signs, in the order of printing."""
    runs: list[list[Sign]] = []
    before: Sign | None = None
    for sign in signs:
        if before is not None and _goes_on(before, sign):
            runs[-1].append(sign)
        else:
            runs.append([sign])
        before = sign
    return [Run(run) for run in runs if not all(sign.is_blank for sign in run)]


def commonest_size(runs: Iterable[Run]) -> float:
    """The size of most signs, to half a point; 0 where there are none."""
    sizes = Counter[float]()
    for run in runs:
        sizes[round(2 * run.size) / 2] += len(run.signs)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def commonest_colour(runs: Iterable[Run]) -> Rgb:
    """The colour of most signs; black where there are none."""
    colours = Counter[Rgb]()
    for run in runs:
        if run.colour:
            colours[run.colour] += len(run.signs)
    return max(colours, key=lambda colour: (colours[colour], colour), default=(0.0, 0.0, 0.0))


def _goes_on(before: Sign, sign: Sign) -> bool:
    size = before.size
    if abs(sign.base - before.base) > 0.1 * size or abs(sign.size - size) > 0.02 * size:
        return False
    is_one_operator = sign.look is before.look
    if not is_one_operator and shown_colour(sign.look) != shown_colour(before.look):
        return False
    widest = _GAP_WITHIN if is_one_operator else _GAP_BETWEEN
    return -_MOST_OVERLAP * size <= sign.x0 - before.x1 <= widest * size
