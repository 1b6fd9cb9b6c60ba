"""The marks on a page of a .pdf: glyphs, ruled lines, filled areas and pictures.

Positions are in points. `x` runs from the left and `y` from the top of the page as displayed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

Rgb = tuple[float, float, float]


class Box(NamedTuple):
    """A rectangle on the page."""

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
        """Return the intersection; its area is 0 if the boxes do not overlap."""
        return Box(
            max(self.x0, other.x0),
            max(self.top, other.top),
            min(self.x1, other.x1),
            min(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True, eq=False)
class TextStyle:
    """How one text operator paints its glyphs. All its glyphs share one object.

    `colour` is None if unknown, and `opacity` ranges from 0 to 1. `is_painted` is false if the
    rendering mode, the layer or the opacity leaves nothing on the page. Nothing shows outside
    `clip`.
    """

    font: str
    colour: Rgb | None
    opacity: float
    is_painted: bool
    is_watermark: bool
    clip: Box


class Glyph(NamedTuple):
    """One printed character.

    `rotation` counts the anticlockwise quarter turns of its line of text; it is None for slanted
    or mirrored text. `start` and `base` are the origin of the glyph on its baseline, and `size` is
    the font size after all scaling.
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
    """A straight horizontal or vertical line."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_level(self) -> bool:
        return self.x1 - self.x0 >= self.bottom - self.top


class Area(NamedTuple):
    """A filled rectangle, a picture, or the bounding box of a filled shape.

    `colour` is None if there are several colours, or if the shape may not fill the box. Only an
    area that `is_opaque` hides what lies below it. `after` counts the glyphs painted before it.
    """

    box: Box
    colour: Rgb | None
    is_opaque: bool
    after: int
    is_picture: bool = False


class Annotation(NamedTuple):
    """The text of a comment or a form field, which is not part of the page content."""

    box: Box
    text: str


@dataclass
class Marks:
    """All marks of one page, each kind in painting order."""

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
    """Return the quarter turns of most of the page's text."""
    rotations = Counter(glyph.rotation for glyph in glyphs if glyph.rotation is not None)
    return max(rotations, key=lambda rotation: (rotations[rotation], -rotation), default=0)


def rotated(marks: Marks, rotation: int) -> Marks:
    """Rotate the page clockwise by this many quarter turns, so that its text is horizontal."""
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
