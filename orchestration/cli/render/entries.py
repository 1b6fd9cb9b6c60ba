"""Rows that may not fit the terminal: as a table, or with their texts on a second line."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from orchestration.cli.render.layout import has_width, plain_table

_GAP = 2
_INDENT = 4
# The narrowest column of texts in a table.
_LEAST_TEXT = 16


@dataclass(frozen=True)
class EntryColumn:
    """A column of entries. Codes, dates and numbers are never folded; texts are."""

    name: str
    is_text: bool = False
    is_right: bool = False


def show_entries(
    console: Console,
    columns: Sequence[EntryColumn],
    rows: Sequence[Sequence[Text]],
    *,
    folds: bool = True,
) -> None:
    """Print a table if its codes leave room for readable texts, or else two lines per row.

    The first of two lines has as many codes as fit, the second has the rest. Without `folds`, each
    row is one line where no terminal limits the width and no variable sets one.
    """
    widths = [
        max([len(column.name), *(row[place].cell_len for row in rows)])
        for place, column in enumerate(columns)
    ]
    if not folds and not has_width(console):
        _show_lines(console, columns, widths, rows)
        return
    least = [
        min(width, max(len(column.name), _LEAST_TEXT)) if column.is_text else width
        for column, width in zip(columns, widths, strict=True)
    ]
    if sum(least) + _GAP * (len(columns) - 1) <= console.width:
        _show_table(console, columns, rows)
    else:
        _show_pairs(console, columns, widths, rows)


def _show_table(
    console: Console, columns: Sequence[EntryColumn], rows: Sequence[Sequence[Text]]
) -> None:
    table = plain_table(
        *(column.name for column in columns),
        right=[column.name for column in columns if column.is_right],
        fixed=[column.name for column in columns if not column.is_text],
    )
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _show_lines(
    console: Console,
    columns: Sequence[EntryColumn],
    widths: Sequence[int],
    rows: Sequence[Sequence[Text]],
) -> None:
    headings = [Text(column.name, "bold") for column in columns]
    for row in (headings, *rows):
        console.print(_padded(row, columns, widths, range(len(columns))), soft_wrap=True)


def _show_pairs(
    console: Console,
    columns: Sequence[EntryColumn],
    widths: Sequence[int],
    rows: Sequence[Sequence[Text]],
) -> None:
    first: list[int] = []
    left = console.width
    for place, column in enumerate(columns):
        if not column.is_text and (left >= widths[place] or not first):
            first.append(place)
            left -= widths[place] + _GAP
    rest = [place for place in range(len(columns)) if place not in first]
    headings = [Text(column.name, "bold") for column in columns]
    console.print(_padded(headings, columns, widths, first), soft_wrap=True)
    for row in rows:
        console.print(_padded(row, columns, widths, first), soft_wrap=True)
        if texts := [row[place] for place in rest if row[place].plain]:
            console.print(Padding(Text(", ").join(texts), (0, 0, 0, _INDENT)))


def _padded(
    cells: Sequence[Text],
    columns: Sequence[EntryColumn],
    widths: Sequence[int],
    places: Sequence[int],
) -> Text:
    """The cells in their columns, without spaces at the end."""
    padded = []
    for place in places:
        space = " " * (widths[place] - cells[place].cell_len)
        before, after = (space, "") if columns[place].is_right else ("", space)
        padded.append(Text(before).append_text(cells[place]).append(after))
    joined = Text(" " * _GAP).join(padded)
    joined.rstrip()
    return joined
