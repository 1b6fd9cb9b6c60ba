"""The rows of a query as an Excel workbook, written row by row in constant memory.

Text stays text, with all digits and zeros, also after editing. The second sheet has the query.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from tempfile import TemporaryDirectory
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from orchestration.cli.query.released import OpenRelease, Row
from orchestration.cli.query.values import LEAST_INEXACT, plain_cell
from orchestration.publication.cells import acts_as_formula, reads_as_number
from orchestration.publication.workbook.columns import LONGEST_TEXT, display_width
from orchestration.runtime.texts import harmless
from scrapers.errors import FilingsError

# A sheet has 1,048,576 rows; the first is the heading.
MOST_ROWS = 1_048_575
MOST_COLUMNS = 16_384
_FIRST_YEAR = 1900
_ROWS_MEASURED = 200
_NARROWEST, _WIDEST = 9, 46
_STYLES = {
    "heading": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1},
    "code": {"num_format": "@"},
    "quoted": {"quote_prefix": True},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
_REMEDY = (
    "Write .csv or .parquet, or select less. All rows of a table are in the file "
    "parquet/<table>.parquet of the release"
)

Styles = dict[str, Format]


def write_workbook(release: OpenRelease, sql: str, out: BinaryIO) -> int:
    """Write the rows and return their number.

    Raises FilingsError if there are more rows, columns or characters than Excel can hold.
    """
    _refuse_too_many(release.count(sql) or 0, MOST_ROWS, "rows")
    answer = release.ask(sql)
    _refuse_too_many(len(answer.names), MOST_COLUMNS, "columns")
    with TemporaryDirectory() as folder:
        # Closing the workbook packs it, so after an error it is not closed.
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
        styles = {name: book.add_format(style) for name, style in _STYLES.items()}
        sheet = book.add_worksheet("rows")
        first = list(islice(answer.rows, _ROWS_MEASURED))
        _set_up(sheet, answer.names, first)
        for place, name in enumerate(answer.names):
            sheet.write_string(0, place, harmless(name), styles["heading"])
        count = 0
        for row in chain(first, answer.rows):
            count += 1
            _refuse_too_many(count, MOST_ROWS, "rows")
            _write_row(sheet, count, row, answer.names, styles)
        _describe(book.add_worksheet("query"), release.name, sql)
        book.close()
    return count


def _set_up(sheet: Worksheet, names: Sequence[str], rows: Sequence[Row]) -> None:
    for place, name in enumerate(names):
        widest = max((display_width(plain_cell(row[place])) for row in rows), default=0)
        width = max(display_width(name), min(widest, _WIDEST), _NARROWEST)
        sheet.set_column(place, place, width + 2)
    sheet.freeze_panes(1, 0)
    # Codes are text on purpose: suppress Excel's warning.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})


def _write_row(
    sheet: Worksheet, number: int, row: Row, names: Sequence[str], styles: Styles
) -> None:
    for place, value in enumerate(row):
        write, written, style = _cell(value)
        if write is None:
            continue
        if isinstance(written, str) and _is_too_long(written):
            raise FilingsError(
                f"row {number:,} has {len(written):,} characters in column {names[place]}, more "
                f"than the {LONGEST_TEXT:,} of a cell in Excel",
                remedy=_REMEDY,
            )
        write(sheet, number, place, written, styles[style] if style else None)


def _cell(value: object) -> tuple[Callable[..., object] | None, object, str | None]:
    """How a value is written: the method of the sheet, its argument, and the style."""
    match value:
        case None:
            return None, None, None
        case bool():
            return Worksheet.write_boolean, value, None
        case int() | float() | Decimal() if (
            isfinite(value) and -LEAST_INEXACT < value < LEAST_INEXACT
        ):
            return Worksheet.write_number, value, None
        case datetime() if value.year >= _FIRST_YEAR and value.tzinfo is None:
            return Worksheet.write_datetime, value, "time"
        case date() if value.year >= _FIRST_YEAR and not isinstance(value, datetime):
            return Worksheet.write_datetime, value, "date"
    text = harmless(plain_cell(value))
    if text.startswith("<r>"):
        # XlsxWriter would copy such a string into the file as XML.
        return _write_fragments, text, None
    if acts_as_formula(text):
        return Worksheet.write_string, text, "quoted"
    return Worksheet.write_string, text, "code" if reads_as_number(text) else None


def _is_too_long(text: str) -> bool:
    # Excel counts UTF-16 code units.
    return len(text.encode("utf-16-le")) > 2 * LONGEST_TEXT


def _write_fragments(sheet: Worksheet, row: int, place: int, text: str, _: None) -> object:
    return sheet.write_rich_string(row, place, text[:1], text[1:2], text[2:])


def _describe(sheet: Worksheet, release: str, sql: str) -> None:
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 100)
    for row, (label, text) in enumerate((("release", release), ("query", sql[:LONGEST_TEXT]))):
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, harmless(text))


def _refuse_too_many(count: int, most: int, things: str) -> None:
    if count > most:
        raise FilingsError(
            f"the query has more {things} than a sheet in Excel can hold ({most:,})",
            remedy=_REMEDY,
        )
