"""A worksheet that takes whole columns and renders them faster than XlsxWriter.

XlsxWriter stores and renders each cell through several calls, which takes two thirds of the time
of the workbook. The sheet is the same, byte for byte; a test compares both. The class uses private
members of XlsxWriter, whose version is pinned.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Any, Literal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

CellType = Literal["text", "number", "boolean", "time"]
# XlsxWriter states the span of columns for each block of rows.
_BLOCK = 16


@dataclass(frozen=True)
class _Column:
    """The cells of a column below the heading: one rendered `value` for each value."""

    values: Sequence[Any]
    rendered: Callable[[Any], str]
    attributes: str
    style: Format | None


class ColumnSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter is not typed
    """A worksheet of a heading row and columns of cells.

    Cells of the heading, and single cells of a column, are written as with any worksheet.
    """

    fh: Any  # The file that XlsxWriter writes to; its type is not declared.

    def __init__(self) -> None:
        super().__init__()
        self._columns: dict[int, _Column] = {}

    def write_cells(
        self, place: int, values: Sequence[Any], cell_type: CellType, style: Format | None
    ) -> int:
        """Write a column below the heading row; None leaves a cell empty.

        Texts must be no longer than a cell can hold. Returns the number of the first row that
        exceeds the limits of Excel, or 0.
        """
        filled = next((n for n in range(len(values), 0, -1) if values[n - 1] is not None), 0)
        if filled and self._check_dimensions(filled, place):
            return next(row for row in range(1, filled + 1) if self._check_dimensions(row, place))
        attributes = ""
        rendered: Callable[[Any], str] = _number
        if cell_type == "text":
            indexes = {
                text: self.str_table._get_shared_string_index(text)
                for text in dict.fromkeys(values)
                if text is not None
            }
            self.str_table.count += sum(text is not None for text in values) - len(indexes)
            attributes, rendered = ' t="s"', lambda text: str(indexes[text])
        elif cell_type == "boolean":
            attributes, rendered = ' t="b"', lambda value: str(int(value))
        elif cell_type == "time":
            rendered = lambda value: _number(self._convert_date_time(value))  # noqa: E731
        self._columns[place] = _Column(values, rendered, attributes, style)
        return 0

    def _write_rows(self) -> None:
        """Write all rows. XlsxWriter calls this when it writes the file."""
        columns = [self._rendered_cells(place) for place in range(self.dim_colmax + 1)]
        rows = enumerate(zip(*columns, strict=True))
        while block := list(islice(rows, _BLOCK)):
            span = self._span(cells for _, cells in block)
            for row, cells in block:
                if text := "".join(cells):
                    self._write_row(row, span, self.row_info.get(row))
                    self.fh.write(text)
                    self._xml_end_tag("row")

    def _rendered_cells(self, place: int) -> list[str]:
        """The cells of a column from the heading to the last row of the sheet, as XML or empty."""
        name, cells = xl_col_to_name(place), [""] * (self.dim_rowmax + 1)
        if column := self._columns.get(place):
            style = f' s="{column.style._get_xf_index()}"' if column.style else ""
            ends = {
                value: f'"{style}{column.attributes}><v>{column.rendered(value)}</v></c>'
                for value in set(column.values)
                if value is not None
            }
            start = f'<c r="{name}'
            cells[1 : len(column.values) + 1] = [
                "" if value is None else f"{start}{row}{ends[value]}"
                for row, value in enumerate(column.values, 2)
            ][: self.dim_rowmax]
        for row, written in self.table.items():
            if place in written:
                cells[row] = self._rendered_by_library(row, place)
        return cells

    def _rendered_by_library(self, row: int, place: int) -> str:
        file, self.fh = self.fh, StringIO()
        self._write_cell(row, place, self.table[row][place])
        text, self.fh = self.fh.getvalue(), file
        return str(text)

    def _span(self, rows: Iterator[Sequence[str]]) -> str | None:
        """The first and last column of a block of rows that have a cell, as `first:last`."""
        filled = [place for place, cells in enumerate(zip(*rows, strict=True), 1) if any(cells)]
        return f"{filled[0]}:{filled[-1]}" if filled else None


def _number(value: float) -> str:
    return f"{value:.16G}"
