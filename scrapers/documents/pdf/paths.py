"""The paths that a page draws: their straight parts, as lines."""

from collections.abc import Iterator, Sequence

from pdfminer.utils import PathSegment

from scrapers.documents.pdf.marks import Box, Rule

# How far from level or upright a line may be, as a share of its length.
SKEW = 0.02


class Path:
    """A part of a path that hangs together: its points, and whether all of it is straight."""

    __slots__ = ("is_straight", "points")

    def __init__(self, start: tuple[float, float]) -> None:
        self.points = [start]
        self.is_straight = True


def subpaths(path: Sequence[PathSegment]) -> Iterator[Path]:
    """The parts of a path, each from one move to the next."""
    part: Path | None = None
    for operator, *numbers in path:
        if operator == "m":
            if part:
                yield part
            part = Path((numbers[0], numbers[1]))
        elif part is None:
            continue  # a path that begins in the middle of nowhere is not drawn
        elif operator == "h":
            part.points.append(part.points[0])
        else:
            part.points.append((numbers[-2], numbers[-1]))
            part.is_straight &= operator == "l"
    if part:
        yield part


def centre_line(box: Box, width: float, depth: float) -> list[Rule]:
    """A thin box as the line along its middle; what is as thick as long is a dot."""
    if width > 2 * depth:
        middle = (box.top + box.bottom) / 2
        return [Rule(box.x0, middle, box.x1, middle)]
    if depth > 2 * width:
        middle = (box.x0 + box.x1) / 2
        return [Rule(middle, box.top, middle, box.bottom)]
    return []


def sides(xs: Sequence[float], ys: Sequence[float], clip: Box) -> Iterator[Rule]:
    """The level and upright sides of an outline."""
    for x, y, next_x, next_y in zip(xs, ys, xs[1:], ys[1:], strict=False):
        box = Box(min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y)).common(clip)
        width, depth = box.x1 - box.x0, box.bottom - box.top
        if min(width, depth) >= 0 and min(width, depth) <= SKEW * max(width, depth):
            yield from centre_line(box, width, depth)


def is_rectangle(xs: Sequence[float], ys: Sequence[float]) -> bool:
    """Whether the points are the corners of a level rectangle, to half a point."""
    return len(xs) in (4, 5) and all(
        min(place - min(places), max(places) - place) < 0.5
        for places in (xs, ys)
        for place in places
    )
