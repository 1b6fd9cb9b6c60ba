"""Splits the paths of a page into straight lines."""

from collections.abc import Iterator, Sequence

from pdfminer.utils import PathSegment

from scrapers.documents.pdf.marks import Box, Rule

# How far a line may deviate from horizontal or vertical, as a share of its length.
SKEW = 0.02


class Path:
    """A connected part of a path: its points, and whether all segments are straight."""

    __slots__ = ("is_straight", "points")

    def __init__(self, start: tuple[float, float]) -> None:
        self.points = [start]
        self.is_straight = True


def subpaths(path: Sequence[PathSegment]) -> Iterator[Path]:
    """Yield the subpaths, each from one move operator to the next."""
    part: Path | None = None
    for operator, *numbers in path:
        if operator == "m":
            if part:
                yield part
            part = Path((numbers[0], numbers[1]))
        elif part is None:
            continue  # a path without a starting point is not drawn
        elif operator == "h":
            part.points.append(part.points[0])
        else:
            part.points.append((numbers[-2], numbers[-1]))
            part.is_straight &= operator == "l"
    if part:
        yield part


def centre_line(box: Box, width: float, depth: float) -> list[Rule]:
    """Return a thin box as its centre line. A box as thick as it is long is a dot, not a line."""
    if width > 2 * depth:
        middle = (box.top + box.bottom) / 2
        return [Rule(box.x0, middle, box.x1, middle)]
    if depth > 2 * width:
        middle = (box.x0 + box.x1) / 2
        return [Rule(middle, box.top, middle, box.bottom)]
    return []


def sides(xs: Sequence[float], ys: Sequence[float], clip: Box) -> Iterator[Rule]:
    """Yield the horizontal and vertical sides of an outline."""
    for x, y, next_x, next_y in zip(xs, ys, xs[1:], ys[1:], strict=False):
        box = Box(min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y)).common(clip)
        width, depth = box.x1 - box.x0, box.bottom - box.top
        if min(width, depth) >= 0 and min(width, depth) <= SKEW * max(width, depth):
            yield from centre_line(box, width, depth)


def is_rectangle(xs: Sequence[float], ys: Sequence[float]) -> bool:
    """Whether the points are the corners of an upright rectangle, within half a point."""
    return len(xs) in (4, 5) and all(
        min(place - min(places), max(places) - place) < 0.5
        for places in (xs, ys)
        for place in places
    )
