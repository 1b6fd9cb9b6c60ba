"""A table as a sheet: a fixed heading row, a filter, and text that always stays text."""

from collections.abc import Sequence
from math import ceil

from xlsxwriter.format import Format

from orchestration.publication.catalogue import Column, Table
from orchestration.publication.workbook.columns import (
    LONGEST_TEXT,
    Kind,
    Value,
    cell_values,
    kind_of,
    width_of,
)
from orchestration.publication.workbook.sheet import ColumnSheet
from scrapers.errors import FilingsError

Styles = dict[str, Format]

_MOST_ROWS = 1_048_576
_MANY_COLUMNS = 8
_WIDEST_PAGE = 160
_LONGEST_HINT = 255


def write_table(
    sheet: ColumnSheet, table: Table, rows: Sequence[Sequence[object]], styles: Styles
) -> None:
    """Write the heading and the rows of a table to an empty sheet.

    Raises FilingsError if the table exceeds the limits of Excel.
    """
    if len(rows) >= _MOST_ROWS:
        raise FilingsError(
            f"{table.name} has {len(rows):,} rows, more than the {_MOST_ROWS - 1:,} of a sheet",
            remedy="Leave it out of the workbook (orchestration/publication/workbook/book.py); "
            "the Parquet file has all rows",
        )
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    widths, cells = [], []
    for place, (column, values) in enumerate(zip(table.columns, columns, strict=True)):
        cells.append(cell_values(column, values))
        distinct = set(cells[-1]) - {None}
        kind = kind_of(column, distinct)
        unusual = {value for value in distinct if not kind.fits(value)}
        _write_heading(sheet, place, column, styles)
        _write_cells(sheet, place, cells[-1], kind, unusual, styles, table.name)
        widths.append(width_of(column, kind, distinct))
        sheet.set_column(place, place, widths[-1])
    _set_up(sheet, len(rows), _frozen_columns(cells), widths)


def _write_heading(sheet: ColumnSheet, place: int, column: Column, styles: Styles) -> None:
    """Write the name of the column, with its description as the hint of the selected cell."""
    sheet.write_string(0, place, column.name, styles["heading"])
    hint = column.description
    if len(hint) > _LONGEST_HINT:
        hint = hint[: _LONGEST_HINT - 1] + "…"
    if hint:
        sheet.data_validation(0, place, 0, place, {"validate": "any", "input_message": hint})


def _write_cells(
    sheet: ColumnSheet,
    place: int,
    values: Sequence[Value],
    kind: Kind,
    unusual: set[Value],
    styles: Styles,
    table: str,
) -> None:
    style = styles[kind.style] if kind.style else None
    plain = [None if value in unusual else value for value in values] if unusual else values
    refused = sheet.write_cells(place, plain, kind.cell_type, style)
    for row, value in enumerate(values, 1):
        if value in unusual:
            refused = refused or _write_unusual(sheet, row, place, str(value), styles, table)
    if refused:
        raise FilingsError(
            f"{table}: XlsxWriter refuses cells of column {place + 1}, from row {refused}",
            remedy="See the limits of Excel in orchestration/publication/workbook/table.py",
        )


def _write_unusual(
    sheet: ColumnSheet, row: int, place: int, text: str, styles: Styles, table: str
) -> int:
    """Write as text: what is too long, could run, or looks like XML, and inexact numbers.

    Returns the row if XlsxWriter refuses the cell, or 0.
    """
    text, style = _cut(text, table), styles["quoted"]
    if text.startswith("<r>"):
        # XlsxWriter takes rich strings of three fragments or more.
        refused = sheet.write_rich_string(row, place, text[:1], text[1:2], text[2:], style)
    else:
        refused = sheet.write_string(row, place, text, style)
    return row if refused else 0


def _cut(text: str, table: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    mark = f" … [truncated; full text in parquet/{table}.parquet 此处截断，全文见 Parquet 文件]"
    # A surrogate pair that the cut would split is dropped.
    return units[: 2 * (LONGEST_TEXT - len(mark))].decode("utf-16-le", errors="ignore") + mark


def _frozen_columns(cells: Sequence[Sequence[Value]]) -> int:
    """The number of key columns to freeze in a wide table: at most three that identify a row."""
    if len(cells) <= _MANY_COLUMNS:
        return 0
    for count in (1, 2, 3):
        if len(set(zip(*cells[:count], strict=True))) == len(cells[0]):
            return count
    return 1


def _set_up(sheet: ColumnSheet, rows: int, frozen: int, widths: Sequence[int]) -> None:
    sheet.set_row(0, 20)
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, rows, len(widths) - 1)
    # Codes are text on purpose: suppress Excel's warning.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_MOST_ROWS}"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    if frozen:
        sheet.repeat_columns(0, frozen - 1)
    sheet.fit_to_pages(ceil(sum(widths) / _WIDEST_PAGE), 0)
    sheet.set_footer("&L&A&R&P / &N")
