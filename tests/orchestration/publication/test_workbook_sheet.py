"""Sheets written by column, compared with those that XlsxWriter writes cell by cell."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from orchestration.publication.workbook.sheet import CellType, ColumnSheet

WRITERS: dict[CellType, Any] = {
    "text": Worksheet.write_string,
    "number": Worksheet.write_number,
    "boolean": Worksheet.write_boolean,
    "time": Worksheet.write_datetime,
}
EMPTY = [None] * 40
COLUMNS: list[tuple[CellType, list[Any], dict[str, str] | None]] = [
    ("text", ["算法", '<r>&"', None, "算法", " a\nb ", "", *EMPTY, "last"], {"num_format": "@"}),
    ("number", [1, 2.5, None, -1e-7, 123456789012345, *EMPTY], None),
    ("boolean", [True, None, False], {"num_format": "General"}),
    ("time", [date(2026, 8, 3), datetime(2026, 8, 3, 12, 30, 1), None], {"num_format": "0"}),
    ("text", [None, None], None),
]


def parts(path: Path, *, by_column: bool) -> dict[str, bytes]:
    """The files inside a workbook with one sheet of the columns."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(worksheet_class=ColumnSheet if by_column else None)
        sheet.set_row(0, 20)
        for place, (cell_type, values, style) in enumerate(COLUMNS):
            sheet.write_string(0, place, f"column {place}")
            form = workbook.add_format(style) if style is not None else None
            if by_column:
                assert sheet.write_cells(place, values, cell_type, form) == 0
                continue
            for row, value in enumerate(values, 1):
                if value is not None:
                    WRITERS[cell_type](sheet, row, place, value, form)
        sheet.write_string(3, 7, "single")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_columns_give_the_same_file_as_single_cells(tmp_path):
    ours = parts(tmp_path / "columns.xlsx", by_column=True)
    theirs = parts(tmp_path / "cells.xlsx", by_column=False)
    assert b'spans="' in ours["xl/worksheets/sheet1.xml"]
    for name in theirs.keys() - {"docProps/core.xml"}:
        assert ours[name] == theirs[name], name


@pytest.mark.parametrize(("rows", "refused"), [(1, 0), (2, 2), (5, 2)])
def test_first_row_beyond_the_limit_is_returned(tmp_path, rows, refused):
    with xlsxwriter.Workbook(tmp_path / "small.xlsx") as workbook:
        sheet = workbook.add_worksheet(worksheet_class=ColumnSheet)
        sheet.xls_rowmax = 2
        assert sheet.write_cells(0, [1] * rows, "number", None) == refused
