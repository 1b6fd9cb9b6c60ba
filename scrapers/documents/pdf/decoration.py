"""Lines that decorate text: underlines, strikethroughs and edges of highlights.

They do not separate cells. In a tight table, ruled lines can also lie within the extent of the
text; these meet other lines of the table, which decorations do not.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scrapers.documents.pdf.marks import Rule
from scrapers.documents.pdf.runs import Run, commonest_size

# How far, in points, a decoration may extend beyond its text.
_MARGIN = 1.5
# The vertical extent of a decoration as shares of the font size: strikethroughs and underlines lie
# between _STRIKE above and _BELOW below the baseline, and highlights are up to _LINE high.
_STRIKE, _LINE, _BELOW = 0.6, 1.2, 0.45
# Ruled lines also lie within a watermark, so text larger than this multiple of the commonest size
# is ignored.
_LARGEST = 1.3
_WIDEST_GAP = 1.0
_BAND = 6.0
_CLOSEST = 3
# Lines within this many points of each other meet. A grid of squares indexes them.
_MEETING = 1.0
_SQUARE = 24.0


class _Stretch(NamedTuple):
    """Part of a line of text without wide gaps."""

    x0: float
    x1: float
    base: float
    size: float

    def holds(self, rule: Rule) -> bool:
        above = _STRIKE if rule.is_level else _LINE
        return (
            self.x0 - _MARGIN <= rule.x0
            and rule.x1 <= self.x1 + _MARGIN
            and self.base - above * self.size <= rule.top
            and rule.bottom <= self.base + _BELOW * self.size
        )


def without_decorations(rules: Sequence[Rule], runs: Sequence[Run]) -> list[Rule]:
    """Drop the rules that lie within text, unless they connect to a rule that does not."""
    bands: dict[int, list[_Stretch]] = defaultdict(list)
    largest = _LARGEST * commonest_size(runs)
    # Text can be taller than the page. Only the bands that contain rules are indexed.
    first = min((rule.top for rule in rules), default=0.0)
    last = max((rule.bottom for rule in rules), default=0.0)
    for stretch in sorted(_stretches(runs)):
        if stretch.size > largest:
            continue
        top = max(first, stretch.base - _LINE * stretch.size)
        bottom = min(last, stretch.base + _BELOW * stretch.size)
        for band in range(int(top // _BAND), int(bottom // _BAND) + 1):
            bands[band].append(stretch)
    inside = {number for number, rule in enumerate(rules) if _is_within_text(rule, bands)}
    decorations = inside - _of_the_table(rules, inside) if inside else inside
    return [rule for number, rule in enumerate(rules) if number not in decorations]


def _of_the_table(rules: Sequence[Rule], inside: set[int]) -> set[int]:
    """Return the rules of `inside` that are connected to a rule outside it."""
    squares: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number in inside:
        for square in _squares(rules[number]):
            squares[square].append(number)
    found: set[int] = set()
    waiting = [number for number in range(len(rules)) if number not in inside]
    while waiting:
        rule = rules[waiting.pop()]
        for square in _squares(rule):
            for other in squares.get(square, ()):
                if other not in found and _meet(rule, rules[other]):
                    found.add(other)
                    waiting.append(other)
    return found


def _squares(rule: Rule) -> Iterator[tuple[int, int]]:
    for column in range(
        int((rule.x0 - _MEETING) // _SQUARE), int((rule.x1 + _MEETING) // _SQUARE) + 1
    ):
        for line in range(
            int((rule.top - _MEETING) // _SQUARE), int((rule.bottom + _MEETING) // _SQUARE) + 1
        ):
            yield column, line


def _meet(rule: Rule, other: Rule) -> bool:
    return (
        rule.x0 - _MEETING <= other.x1
        and other.x0 - _MEETING <= rule.x1
        and rule.top - _MEETING <= other.bottom
        and other.top - _MEETING <= rule.bottom
    )


def _is_within_text(rule: Rule, bands: dict[int, list[_Stretch]]) -> bool:
    stretches = bands.get(int((rule.top + rule.bottom) / 2 // _BAND), [])
    place = bisect_right(stretches, rule.x0 + _MARGIN, key=lambda stretch: stretch.x0)
    # Stretches of one line do not overlap, and few lines share a band.
    return any(stretch.holds(rule) for stretch in stretches[max(0, place - _CLOSEST) : place])


def _stretches(runs: Sequence[Run]) -> list[_Stretch]:
    found: list[_Stretch] = []
    for run in runs:
        if found:
            before = found[-1]
            gap = run.x0 - before.x1
            is_level = abs(run.base - before.base) <= 0.1 * run.size
            if is_level and -run.size <= gap <= _WIDEST_GAP * run.size:
                found[-1] = before._replace(
                    x1=max(before.x1, run.x1), size=max(before.size, run.size)
                )
                continue
        found.append(_Stretch(run.x0, run.x1, run.base, run.size))
    return found
