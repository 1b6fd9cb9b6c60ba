"""Which glyphs of a page can be seen: not invisible, white, covered, cut away or printed again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrapers.documents.pdf.colours import WHITE, are_alike, lightness, mixed
from scrapers.documents.pdf.marks import Area, Glyph, Marks, Rgb, TextStyle
from scrapers.errors import DocumentError

# Print smaller than this (points) cannot be read on paper.
SMALLEST_SIZE = 1.5
# Areas that are next to a glyph, and not around it, over all glyphs of a page.
MAX_MISSED = 10_000_000
_DARK = 0.5  # a ground on which white text is plain
# Areas are looked up by the band of the page, of so many points, in which they lie.
_BAND = 24.0
# The same glyph counts as printed again within these shares of its width and its size: overprinting
# for bold or a shadow is 0.02 to 0.1 of the size, two glyphs in a row are a whole width apart.
_SAME_X, _SAME_Y = 0.6, 0.3


@dataclass
class Visibility:
    """The glyphs that are seen and those that are not.

    `obscured` are the hidden ones that would be seen, were they not cut away or covered. `cut` are the
    styles of texts of which another part is obscured, `undecided` of those of which nothing on the page
    says whether they can be seen, and `on_dark` of those with a dark ground.
    """

    visible: list[Glyph] = field(default_factory=list)
    hidden: list[Glyph] = field(default_factory=list)
    obscured: list[Glyph] = field(default_factory=list)
    truncated: set[TextStyle] = field(default_factory=set)
    undecided: set[TextStyle] = field(default_factory=set)
    on_dark: set[TextStyle] = field(default_factory=set)


def visibility_of(marks: Marks) -> Visibility:
    """Part the glyphs of a page by whether they can be seen."""
    visibility = Visibility()
    areas = _AreaIndex(marks.areas)
    for number, glyph in enumerate(marks.glyphs):
        style = glyph.style
        x, y = glyph.centre
        if not style.is_painted or max(glyph.size, glyph.x1 - glyph.x0) < SMALLEST_SIZE:
            visibility.hidden.append(glyph)
        elif not style.clip.holds(x, y):
            visibility.hidden.append(glyph)
            visibility.obscured.append(glyph)
        else:
            is_covered, background = areas.at(x, y, number)
            if is_covered:
                visibility.obscured.append(glyph)
            shows = not is_covered and _shows(style, background)
            if shows is None:
                visibility.undecided.add(style)
            if background is not WHITE and background and lightness(background) < _DARK:
                visibility.on_dark.add(style)
            (visibility.hidden if shows is False else visibility.visible).append(glyph)
    visibility.obscured = [
        glyph for glyph in visibility.obscured if not glyph.is_blank and _shows(glyph.style, WHITE)
    ]
    if visibility.obscured:
        seen = {glyph.style for glyph in visibility.visible if not glyph.is_blank}
        visibility.truncated = seen & {glyph.style for glyph in visibility.obscured}
    return visibility


def without_overprints(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Each level glyph once where it is printed several times in one place and size: the darkest."""
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int, int], list[int]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.rotation == 0 and not glyph.is_blank:
            near_x, near_y = _tolerances(glyph)
            column, line = int(glyph.start // near_x), int(glyph.base // near_y)
            # The squares are twice as wide as what counts as near: four of them hold all of it.
            columns = (column // 2, column // 2 + (1 if column % 2 else -1))
            lines = (line // 2, line // 2 + (1 if line % 2 else -1))
            earlier = _earlier_print(glyph, kept, places, columns, lines)
            if earlier is not None:
                if _darkness(glyph.style) > _darkness(kept[earlier].style):
                    kept[earlier] = glyph
                continue
            places[glyph.text, round(glyph.size), columns[0], lines[0]].append(len(kept))
        kept.append(glyph)
    return kept


def shown_colour(style: TextStyle) -> Rgb | None:
    """The colour of a text as it shows on white paper."""
    return None if style.colour is None else mixed(style.colour, WHITE, style.opacity)


class _AreaIndex:
    """What lies below and above a point of the page."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._missed = 0
        self._bands: dict[int, list[Area]] = defaultdict(list)
        for area in areas:
            for band in range(int(area.box.top // _BAND), int(area.box.bottom // _BAND) + 1):
                self._bands[band].append(area)

    def at(self, x: float, y: float, number: int) -> tuple[bool, Rgb | None]:
        """Whether the glyph of this number is covered at a point, and the colour behind it.

        The colour is None where a picture or a shape is behind it. Raises DocumentError where
        the areas near by are too many to be looked at for each glyph.
        """
        if not self._bands:
            return False, WHITE
        for area in reversed(self._bands.get(int(y // _BAND), ())):
            if not area.box.holds(x, y):
                self._missed += 1
            elif area.after <= number:
                return False, area.colour
            elif area.is_opaque:
                return True, None
        if self._missed > MAX_MISSED:
            raise DocumentError("a .pdf page with more areas around its text than a list has")
        return False, WHITE


def _shows(style: TextStyle, background: Rgb | None) -> bool | None:
    """Whether a text stands out from what is behind it; None where that cannot be told."""
    if style.colour is None:
        return None
    if background is None:
        return None if are_alike(style.colour, WHITE) else True
    return not are_alike(mixed(style.colour, background, style.opacity), background)


def _tolerances(glyph: Glyph) -> tuple[float, float]:
    width = max(glyph.x1 - glyph.x0, 0.1 * glyph.size)
    return _SAME_X * width, _SAME_Y * glyph.size


def _earlier_print(
    glyph: Glyph,
    kept: Sequence[Glyph],
    places: dict[tuple[str, int, int, int], list[int]],
    columns: tuple[int, int],
    lines: tuple[int, int],
) -> int | None:
    near_x, near_y = _tolerances(glyph)
    for column in columns:
        for line in lines:
            for number in places.get((glyph.text, round(glyph.size), column, line), ()):
                other = kept[number]
                if (
                    abs(other.start - glyph.start) < near_x
                    and abs(other.base - glyph.base) < near_y
                ):
                    return number
    return None


def _darkness(style: TextStyle) -> float:
    colour = shown_colour(style)
    return 0.0 if colour is None else 1 - lightness(colour)
