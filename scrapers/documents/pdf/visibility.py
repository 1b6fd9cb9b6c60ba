"""Determines which glyphs are visible: not invisible, white, covered, clipped or overprinted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrapers.documents.pdf.colours import WHITE, are_alike, lightness, mixed
from scrapers.documents.pdf.marks import Area, Glyph, Marks, Rgb, TextStyle
from scrapers.errors import DocumentError

# Text smaller than this (points) is unreadable on paper.
SMALLEST_SIZE = 1.5
# Limits the checks of areas that are near a glyph but not around it, over all glyphs of a page.
MAX_MISSED = 10_000_000
_DARK = 0.5  # the lightness below which white text is readable
# Areas are indexed by horizontal bands of this height, in points.
_BAND = 24.0
# A glyph is an overprint within these shares of its width and its size: overprinting for bold or
# a shadow shifts by 0.02 to 0.1 of the size, while consecutive glyphs are a full width apart.
_SAME_X, _SAME_Y = 0.6, 0.3


@dataclass
class Visibility:
    """The visible and the hidden glyphs of a page.

    `obscured` are hidden glyphs that would show if they were not clipped or covered. `truncated`
    are the styles of texts that are partly obscured, `undecided` those of texts whose visibility
    is unknown, and `on_dark` those of texts on a dark background.
    """

    visible: list[Glyph] = field(default_factory=list)
    hidden: list[Glyph] = field(default_factory=list)
    obscured: list[Glyph] = field(default_factory=list)
    truncated: set[TextStyle] = field(default_factory=set)
    undecided: set[TextStyle] = field(default_factory=set)
    on_dark: set[TextStyle] = field(default_factory=set)


def visibility_of(marks: Marks) -> Visibility:
    """Separate the visible glyphs of a page from the hidden ones."""
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
    """Keep the darkest of horizontal glyphs that are printed several times in one place."""
    kept: list[Glyph] = []
    places: dict[tuple[str, int, int, int], list[int]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.rotation == 0 and not glyph.is_blank:
            near_x, near_y = _tolerances(glyph)
            column, line = int(glyph.start // near_x), int(glyph.base // near_y)
            # Squares are twice as wide as the tolerance, so four of them contain every match.
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
    """Return the colour of a text on white paper."""
    return None if style.colour is None else mixed(style.colour, WHITE, style.opacity)


class _AreaIndex:
    """Looks up the areas below and above a point of the page."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._missed = 0
        self._bands: dict[int, list[Area]] = defaultdict(list)
        for area in areas:
            for band in range(int(area.box.top // _BAND), int(area.box.bottom // _BAND) + 1):
                self._bands[band].append(area)

    def at(self, x: float, y: float, number: int) -> tuple[bool, Rgb | None]:
        """Return whether the glyph with this number is covered, and the colour behind it.

        The colour is None if a picture or an irregular shape is behind the glyph. Raises
        DocumentError if there are too many nearby areas to check for each glyph.
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
            raise DocumentError("the page has more areas around its text than a list has")
        return False, WHITE


def _shows(style: TextStyle, background: Rgb | None) -> bool | None:
    """Whether a text contrasts with its background; None if that is unknown."""
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
