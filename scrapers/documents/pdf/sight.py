"""Which signs of a page can be seen: not invisible, white, covered, cut away or printed again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrapers.documents.pdf.colours import WHITE, are_alike, lightness, mixed
from scrapers.documents.pdf.marks import Area, Look, Marks, Rgb, Sign
from scrapers.errors import DocumentError

# Print smaller than this (points) cannot be read on paper.
SMALLEST_SIZE = 1.5
# Areas that are next to a sign, and not around it, over all signs of a page.
MAX_MISSED = 10_000_000
_DARK = 0.5  # a ground on which white text is plain
# Areas are looked up by the band of the page, of so many points, in which they lie.
_BAND = 24.0
# The same sign counts as printed again within these shares of its width and its size: overprinting
# for bold or a shadow is 0.02 to 0.1 of the size, two signs in a row are a whole width apart.
_SAME_X, _SAME_Y = 0.6, 0.3


@dataclass
class Sight:
    """The signs that are seen and those that are not.

    `lost` are the hidden ones that would be seen, were they not cut away or covered. `cut` are the
    looks of texts of which another part is lost, `unsure` of those of which nothing on the page
    says whether they can be seen, and `on_dark` of those with a dark ground.
    """

    seen: list[Sign] = field(default_factory=list)
    hidden: list[Sign] = field(default_factory=list)
    lost: list[Sign] = field(default_factory=list)
    cut: set[Look] = field(default_factory=set)
    unsure: set[Look] = field(default_factory=set)
    on_dark: set[Look] = field(default_factory=set)


def sight_of(marks: Marks) -> Sight:
    """Part the signs of a page by whether they can be seen."""
    sight = Sight()
    ground = _Ground(marks.areas)
    for number, sign in enumerate(marks.signs):
        look = sign.look
        x, y = sign.centre
        if not look.is_painted or max(sign.size, sign.x1 - sign.x0) < SMALLEST_SIZE:
            sight.hidden.append(sign)
        elif not look.clip.holds(x, y):
            sight.hidden.append(sign)
            sight.lost.append(sign)
        else:
            is_covered, background = ground.at(x, y, number)
            if is_covered:
                sight.lost.append(sign)
            shows = not is_covered and _shows(look, background)
            if shows is None:
                sight.unsure.add(look)
            if background is not WHITE and background and lightness(background) < _DARK:
                sight.on_dark.add(look)
            (sight.hidden if shows is False else sight.seen).append(sign)
    sight.lost = [sign for sign in sight.lost if not sign.is_blank and _shows(sign.look, WHITE)]
    if sight.lost:
        seen = {sign.look for sign in sight.seen if not sign.is_blank}
        sight.cut = seen & {sign.look for sign in sight.lost}
    return sight


def without_reprints(signs: Sequence[Sign]) -> list[Sign]:
    """Each level sign once where it is printed several times in one place and size: the darkest."""
    kept: list[Sign] = []
    places: dict[tuple[str, int, int, int], list[int]] = defaultdict(list)
    for sign in signs:
        if sign.turn == 0 and not sign.is_blank:
            near_x, near_y = _nearness(sign)
            column, line = int(sign.start // near_x), int(sign.base // near_y)
            # The squares are twice as wide as what counts as near: four of them hold all of it.
            columns = (column // 2, column // 2 + (1 if column % 2 else -1))
            lines = (line // 2, line // 2 + (1 if line % 2 else -1))
            earlier = _found(sign, kept, places, columns, lines)
            if earlier is not None:
                if _darkness(sign.look) > _darkness(kept[earlier].look):
                    kept[earlier] = sign
                continue
            places[sign.text, round(sign.size), columns[0], lines[0]].append(len(kept))
        kept.append(sign)
    return kept


def shown_colour(look: Look) -> Rgb | None:
    """The colour of a text as it shows on white paper."""
    return None if look.colour is None else mixed(look.colour, WHITE, look.opacity)


class _Ground:
    """What lies below and above a point of the page."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._missed = 0
        self._bands: dict[int, list[Area]] = defaultdict(list)
        for area in areas:
            for band in range(int(area.box.top // _BAND), int(area.box.bottom // _BAND) + 1):
                self._bands[band].append(area)

    def at(self, x: float, y: float, number: int) -> tuple[bool, Rgb | None]:
        """Whether the sign of this number is covered at a point, and the colour behind it.

        The colour is None where a picture or a shape is behind it. Raises DocumentError where
        the areas near by are too many to be looked at for each sign.
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


def _shows(look: Look, background: Rgb | None) -> bool | None:
    """Whether a text stands out from what is behind it; None where that cannot be told."""
    if look.colour is None:
        return None
    if background is None:
        return None if are_alike(look.colour, WHITE) else True
    return not are_alike(mixed(look.colour, background, look.opacity), background)


def _nearness(sign: Sign) -> tuple[float, float]:
    width = max(sign.x1 - sign.x0, 0.1 * sign.size)
    return _SAME_X * width, _SAME_Y * sign.size


def _found(
    sign: Sign,
    kept: Sequence[Sign],
    places: dict[tuple[str, int, int, int], list[int]],
    columns: tuple[int, int],
    lines: tuple[int, int],
) -> int | None:
    near_x, near_y = _nearness(sign)
    for column in columns:
        for line in lines:
            for number in places.get((sign.text, round(sign.size), column, line), ()):
                other = kept[number]
                if abs(other.start - sign.start) < near_x and abs(other.base - sign.base) < near_y:
                    return number
    return None


def _darkness(look: Look) -> float:
    colour = shown_colour(look)
    return 0.0 if colour is None else 1 - lightness(colour)
