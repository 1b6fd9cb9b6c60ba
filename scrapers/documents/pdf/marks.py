"""What a page of a .pdf shows: glyphs, ruled lines, filled areas and pictures, each with its place.

All places are in points, `x` from the left and `y` from the top of the page as it is displayed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

Rgb = tuple[float, float, float]


class Box(NamedTuple):
    """A rectangle of the page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def area(self) -> float:
        return max(0.0, self.x1 - self.x0) * max(0.0, self.bottom - self.top)

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    def common(self, other: "Box") -> "Box":
        """The part that both cover; its area is 0 where there is none."""
        return Box(
            max(self.x0, other.x0),
            max(self.top, other.top),
            min(self.x1, other.x1),
            min(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True, eq=False)
class TextStyle:
    """How the glyphs of one text operator are painted; one object for all of them.

    `colour` is None where it cannot be told, `opacity` is between 0 and 1. `is_painted` is False
    for text of a mode, a layer or an opacity that leaves nothing on the page. `clip` is the area
    outside of which nothing shows.
    """

    font: str
    colour: Rgb | None
    opacity: float
    is_painted: bool
    is_watermark: bool
    clip: Box


class Glyph(NamedTuple):
    """One character as printed.

    `rotation` counts the quarter rotations against the clock of its line of text; None is a slanted or
    mirrored one. `start` and `base` are the point of its base line where it begins, and `size` is
    the font's after all scaling.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    start: float
    base: float
    size: float
    rotation: int | None
    style: TextStyle

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def is_blank(self) -> bool:
        return self.text.isspace()


class Rule(NamedTuple):
    """A straight line, level or upright."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_level(self) -> bool:
        return self.x1 - self.x0 >= self.bottom - self.top


class Area(NamedTuple):
    """A filled rectangle, a picture, or the box around a filled shape.

    `colour` is None where it is not one colour, or not known to fill the box. Only what `is_opaque`
    hides what lies below. `after` counts the glyphs that were printed before it.
    """

    box: Box
    colour: Rgb | None
    is_opaque: bool
    after: int
    is_picture: bool = False


class Annotation(NamedTuple):
    """The text of a comment or a form field, which is not part of the page's content."""

    box: Box
    text: str


@dataclass
class Marks:
    """All marks of one page, each kind in the order of printing."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    curves: int = 0

    @property
    def pictures(self) -> list[Box]:
        return [area.box for area in self.areas if area.is_picture]


def main_rotation(glyphs: Iterable[Glyph]) -> int:
    """The quarter rotations of most of the page's text."""
    rotations = Counter(glyph.rotation for glyph in glyphs if glyph.rotation is not None)
    return max(rotations, key=lambda rotation: (rotations[rotation], -rotation), default=0)


def rotated(marks: Marks, rotation: int) -> Marks:
    """The page rotated with the clock by as many quarters, so that its text is level."""
    if not rotation:
        return marks
    width, height = marks.width, marks.height
    if rotation % 2:
        width, height = height, width

    def point(x: float, y: float) -> tuple[float, float]:
        match rotation:
            case 1:
                return marks.height - y, x
            case 2:
                return marks.width - x, marks.height - y
            case _:
                return y, marks.width - x

    def box(x0: float, top: float, x1: float, bottom: float) -> Box:
        (a, b), (c, d) = point(x0, top), point(x1, bottom)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))

    def glyph(one: Glyph) -> Glyph:
        place = box(one.x0, one.top, one.x1, one.bottom)
        own = None if one.rotation is None else (one.rotation - rotation) % 4
        return Glyph(one.text, *place, *point(one.start, one.base), one.size, own, one.style)

    return Marks(
        width,
        height,
        [glyph(one) for one in marks.glyphs],
        [Rule(*box(*rule)) for rule in marks.rules],
        [area._replace(box=box(*area.box)) for area in marks.areas],
        [annotation._replace(box=box(*annotation.box)) for annotation in marks.annotations],
        marks.curves,
    )
