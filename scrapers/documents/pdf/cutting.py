"""Text of a cell that goes on where it cannot be seen: cut off by the cell's clip, or covered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scrapers.documents.pdf.marks import Sign
from scrapers.documents.pdf.texts import line_text, lines_of, squeezed
from scrapers.errors import DocumentError, shortened

# As shares of the size: how far the next sign of a line may be, and the next line.
_NEXT_SIGN, _NEXT_LINE = 1.0, (0.8, 1.8)
_SAME_SIZE, _SAME_LINE = 0.1, 0.1
# Signs are looked up by the piece of the page, so many points high and wide, in which they are.
_HEIGHT, _WIDTH = 6.0, 24.0


class _Shown(NamedTuple):
    """A sign that is seen, and its cell."""

    sign: Sign
    cell: tuple[int, int]


def refuse_cut_text(lost: Sequence[Sign], cells: Sequence[Mapping[int, Sequence[Sign]]]) -> None:
    """Stop at a sign that is cut away or covered where a text of a cell goes on.

    Text that is covered and printed over in its cell has been replaced, and is not missed.
    """
    if not lost:
        return
    shown: dict[tuple[int, int], list[_Shown]] = defaultdict(list)
    for table, found in enumerate(cells):
        for cell, signs in found.items():
            for sign in (sign for sign in signs if not sign.is_blank):
                line = int(sign.base // _HEIGHT)
                for piece in range(int(sign.x0 // _WIDTH), int(sign.x1 // _WIDTH) + 1):
                    shown[line, piece].append(_Shown(sign, (table, cell)))
    near = [_near(sign, shown) for sign in lost]
    replaced = {
        (sign.look, other.cell)
        for sign, around in zip(lost, near, strict=True)
        for other in around
        if _is_over(other.sign, sign)
    }
    for sign, around in zip(lost, near, strict=True):
        for before in around:
            if _goes_on(before.sign, sign) and (sign.look, before.cell) not in replaced:
                table, cell = before.cell
                text = squeezed("".join(map(line_text, lines_of(cells[table][cell]))))
                raise DocumentError(
                    f"text that is cut off at the edge of its cell: {shortened(text)!r}",
                    remedy="The rest is on the page, but cannot be seen",
                )


def _near(sign: Sign, shown: Mapping[tuple[int, int], Sequence[_Shown]]) -> list[_Shown]:
    """The shown signs around one: on its line, before it, and on the line above."""
    top, left = sign.base - _NEXT_LINE[1] * sign.size, sign.x0 - 2 * _NEXT_SIGN * sign.size
    lines = range(int(top // _HEIGHT), int((sign.base + sign.size) // _HEIGHT) + 1)
    pieces = range(int(left // _WIDTH), int(sign.x1 // _WIDTH) + 1)
    return [other for line in lines for piece in pieces for other in shown.get((line, piece), ())]


def _is_over(other: Sign, sign: Sign) -> bool:
    x, y = sign.centre
    return other.x0 <= x <= other.x1 and other.top <= y <= other.bottom


def _goes_on(before: Sign, sign: Sign) -> bool:
    """Whether a sign follows another one on its line, or is right below it."""
    size = before.size
    if abs(sign.size - size) > _SAME_SIZE * size or sign.look.font != before.look.font:
        return False
    if abs(sign.base - before.base) <= _SAME_LINE * size:
        return -_NEXT_SIGN * size / 2 <= sign.x0 - before.x1 <= _NEXT_SIGN * size
    least, most = _NEXT_LINE
    is_next_line = least * size <= sign.base - before.base <= most * size
    return is_next_line and before.x0 - size / 2 <= sign.x0 <= before.x1
