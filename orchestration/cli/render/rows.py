"""The rows of a query on a terminal: as a grid, or with one line per column.

A terminal shows the first rows and the columns that fit. Elsewhere, all rows and columns are
printed, in chunks, so that a pipe can be searched and a long result needs little memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice

from rich.console import Console
from rich.text import Text

from orchestration.cli.query.released import Answer, OpenRelease, Row
from orchestration.cli.render.grid import (
    fitting_widths,
    folded,
    grid_column,
    is_code,
    show_grid,
)
from orchestration.cli.render.layout import has_width
from orchestration.cli.render.text import cell

SCREEN_ROWS = 40
# A result of at most so many rows is shown vertically if its columns do not fit.
_FEW_ROWS = 3
# The rows that decide the widths of the columns.
_ROWS_MEASURED = 1_000
_NUMERIC = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"}


@dataclass(frozen=True)
class View:
    """How many rows to show, 0 for all and None for the default, and whether vertically."""

    limit: int | None = None
    is_vertical: bool = False


def show_rows(console: Console, release: OpenRelease, sql: str, view: View) -> None:
    """Print the rows of a query, their number and the release."""
    answer = release.ask(sql)
    limit = SCREEN_ROWS if view.limit is None and console.is_terminal else view.limit or None
    with closing(answer.rows) as rows:  # type: ignore[type-var]
        shown, hidden = _show(console, answer, islice(rows, limit), view)
        has_more = limit is not None and next(rows, None) is not None
    if hidden:
        console.print(
            f"… {hidden:,} more column{'' if hidden == 1 else 's'}: "
            "use --vertical or --output FILE, or select fewer"
        )
    total = release.count(sql) if has_more else shown
    if has_more:
        more = "" if total is None else f"{total - shown:,} "
        row = "row" if total == shown + 1 else "rows"
        console.print(f"… {more}more {row}: use --limit N or --output FILE")
    count = f"more than {shown:,} rows" if total is None else _rows(total)
    console.print(f"{count}, release {release.name}")


def _show(console: Console, answer: Answer, rows: Iterable[Row], view: View) -> tuple[int, int]:
    """Print the rows. Returns the number of rows shown and of columns left out."""
    texts = (tuple(map(_value, row)) for row in rows)
    first = list(islice(texts, _ROWS_MEASURED))
    names = [cell(name) for name in answer.names]
    counted = _Counted(chain(first, texts))
    columns = [
        grid_column(name, [row[place] for row in first], is_numeric=_is_numeric(kind))
        for place, (name, kind) in enumerate(zip(names, answer.kinds, strict=True))
    ]
    width = _width(console)
    widths = fitting_widths(columns, width)
    fits = len(widths) == len(columns) and all(
        given >= column.least for given, column in zip(widths, columns, strict=False)
    )
    if view.is_vertical or (0 < len(first) <= _FEW_ROWS and not fits):
        _show_records(console, names, counted, width)
        return counted.count, 0
    show_grid(console, columns, widths, counted, folds=width is not None)
    return counted.count, len(columns) - len(widths)


def _show_records(
    console: Console, names: Sequence[Text], rows: Iterable[Sequence[Text]], width: int | None
) -> None:
    """Print one column per line, and a heading before each row."""
    longest = max(name.cell_len for name in names)
    rest = None if width is None else max(1, width - longest - 2)
    for number, row in enumerate(rows, 1):
        console.print(Text(f"── row {number:,} ──", "bold"), soft_wrap=True)
        for name, value in zip(names, row, strict=True):
            # A folded address could not be clicked, and a folded hash not be copied.
            for place, part in enumerate(folded(value, None if is_code(value) else rest)):
                label = name.plain if place == 0 else ""
                line = Text(label + " " * (longest + 2 - Text(label).cell_len), "dim")
                console.print(line.append_text(part), soft_wrap=True)


class _Counted:
    """Rows that are counted while they are read."""

    def __init__(self, rows: Iterable[Sequence[Text]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Text]]:
        for row in self._rows:
            self.count += 1
            yield row


def _width(console: Console) -> int | None:
    """The width to fit, or None where no terminal limits it and no variable sets one."""
    return console.width if has_width(console) else None


def _is_numeric(kind: str) -> bool:
    return kind in _NUMERIC or kind.startswith("DECIMAL")


def _value(value: object) -> Text:
    if value is None:
        return Text("null", "dim")
    if isinstance(value, list):
        return cell(", ".join(map(str, value)))
    return cell(f"{value:.6g}" if isinstance(value, float) else str(value))


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
