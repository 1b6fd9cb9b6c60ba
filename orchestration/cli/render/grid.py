"""A grid of cells with lines between the columns, printed while the rows are being read.

The first rows decide the widths of the columns, so the other rows need not be in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.box import HEAVY_HEAD, Box
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

# The narrowest column of texts, unless its name or all its texts are shorter.
_NARROW = 16
# Longer codes, such as hashes, may be folded.
_LONGEST_CODE = 40
# A column has a line on its left and a space on both sides. The last one has a line on its right.
_FRAME = 3


@dataclass(frozen=True)
class GridColumn:
    """The heading of a column, its widths in terminal cells, and whether it has numbers.

    `natural` fits every cell without folding. Below `least`, names or codes would be cut.
    """

    name: Text
    is_numeric: bool
    natural: int
    least: int


def grid_column(name: Text, cells: Sequence[Text], *, is_numeric: bool) -> GridColumn:
    """The column with these cells."""
    heading = cell_len(name.plain)
    widest = max((_width(cell) for cell in cells), default=0)
    natural = max(heading, widest)
    is_short = widest <= _LONGEST_CODE
    are_codes = is_numeric or (is_short and all(map(is_code, cells)))
    least = natural if are_codes else min(natural, max(heading, _NARROW))
    return GridColumn(name, is_numeric, natural, least)


def fitting_widths(columns: Sequence[GridColumn], width: int | None) -> list[int]:
    """The widths of the first columns, as many as fit, and at least one.

    `width` is that of the terminal, or None if it has no limit.
    """
    if width is None:
        return [column.natural for column in columns]
    shown, left = 0, width - 1
    for column in columns:
        left -= column.least + _FRAME
        if left < 0:
            break
        shown += 1
    if not shown:
        return [max(1, width - 1 - _FRAME)]
    widths = [column.least for column in columns[:shown]]
    left = width - 1 - sum(widths) - _FRAME * shown
    return _widened(widths, [column.natural for column in columns[:shown]], left)


def show_grid(
    console: Console,
    columns: Sequence[GridColumn],
    widths: Sequence[int],
    rows: Iterable[Sequence[Text]],
    *,
    folds: bool,
) -> None:
    """Print the columns that have a width, with all rows.

    Longer cells of later rows are folded, or else stick out.
    """
    box = HEAVY_HEAD.substitute(console.options)
    framed = [width + 2 for width in widths]
    heading = [column.name for column in columns[: len(widths)]]
    _print(console, Text(box.get_top(framed)))
    for line in _lines(heading, columns, widths, _bars(box, is_heading=True), "bold"):
        _print(console, line)
    _print(console, Text(box.get_row(framed, "head")))
    for row in rows:
        cells = row[: len(widths)]
        for line in _lines(cells, columns, widths, _bars(box, is_heading=False), folds=folds):
            _print(console, line)
    _print(console, Text(box.get_bottom(framed)))


def folded(text: Text, width: int | None) -> list[Text]:
    """The lines of a text, broken between words, or within a word longer than `width`."""
    lines = text.split("\n", allow_blank=True)
    if width is None or all(cell_len(line.plain) <= width for line in lines):
        return list(lines)
    console = Console(width=width)
    return [part for line in lines for part in line.wrap(console, width, overflow="fold")]


def _widened(widths: list[int], natural: Sequence[int], left: int) -> list[int]:
    """Give the columns that are too narrow equal shares of the space that is left."""
    while left > 0 and (narrow := [n for n, width in enumerate(widths) if width < natural[n]]):
        share = max(1, left // len(narrow))
        for number in narrow[:left]:
            added = min(share, natural[number] - widths[number])
            widths[number] += added
            left -= added
    return widths


def _lines(
    cells: Sequence[Text],
    columns: Sequence[GridColumn],
    widths: Sequence[int],
    bars: tuple[str, str, str],
    style: str = "",
    *,
    folds: bool = True,
) -> Iterator[Text]:
    """The printed lines of a row."""
    parts = [
        folded(cell, width if folds else None) for cell, width in zip(cells, widths, strict=True)
    ]
    left, between, right = bars
    for number in range(max(map(len, parts))):
        line = Text(left)
        for place, (part, width) in enumerate(zip(parts, widths, strict=True)):
            text = part[number].copy() if number < len(part) else Text()
            text.stylize(style)
            space = " " * max(0, width - cell_len(text.plain))
            before, after = (space, "") if columns[place].is_numeric else ("", space)
            line.append(f" {before}").append_text(text).append(f"{after} ")
            line.append(between if place < len(widths) - 1 else right)
        yield line


def _bars(box: Box, *, is_heading: bool) -> tuple[str, str, str]:
    if is_heading:
        return box.head_left, box.head_vertical, box.head_right
    return box.mid_left, box.mid_vertical, box.mid_right


def _width(cell: Text) -> int:
    return max(map(cell_len, cell.plain.split("\n")))


def is_code(cell: Text) -> bool:
    """Whether the text is a number, a code or an address rather than words."""
    return cell.plain.isascii() and not any(map(str.isspace, cell.plain))


def _print(console: Console, line: Text) -> None:
    console.print(line, soft_wrap=True)
