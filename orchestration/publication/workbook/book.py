"""filings.xlsx: the marts as sheets, for people who live in Excel."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import xlsxwriter

from orchestration.publication.catalogue import reach, tables
from orchestration.publication.context import ReleaseContext
from orchestration.publication.workbook.about import ABOUT, COLUMNS, write_about, write_columns
from orchestration.publication.workbook.table import write_table

WORKBOOK = "filings.xlsx"

_LONGEST_NAME = 31
# Texts stay texts; nothing is guessed from how they look, and no file is written but the one.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_STYLES = {
    "heading": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "valign": "vcenter"},
    # The format text: what is edited stays a text, with its leading zeros and all its digits.
    "code": {"num_format": "@"},
    # As if typed after an apostrophe: no formula, also after editing.
    "quoted": {"quote_prefix": True},
    # Excel knows booleans by themselves; LibreOffice would show some as 1 and 0.
    "boolean": {"num_format": '"TRUE"_);;"FALSE"_)'},
    # The width of a bracket keeps numbers off the text of the next column.
    "integer": {"num_format": "0_)"},
    "number": {"num_format": "General_)"},
    "decimal": {"num_format": "0.00_)"},
    "fraction": {"num_format": "0.0%_)"},
    "date": {"num_format": "yyyy-mm-dd_)"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss_)"},
    "title": {"bold": True, "font_size": 16},
    "section": {"bold": True, "font_size": 12, "valign": "bottom"},
    "label": {"bold": True, "valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "link": {"font_color": "#0B5394", "underline": 1, "valign": "top"},
    "count": {"num_format": "#,##0", "valign": "top"},
}


def write_workbook(context: ReleaseContext) -> None:
    """Add `filings.xlsx` to the release's folder: `about`, `columns`, then a sheet a mart.

    Raises FilingsError where a mart has more rows than a sheet can hold.
    """
    found, until = tables(context), reach(context)
    sheets = sheet_names(table.name for table in found)
    path = str(context.folder / WORKBOOK)
    with _no_garbage_collection(), xlsxwriter.Workbook(path, _OPTIONS) as workbook:
        # When the release is made must not show: equal contents give equal bytes.
        workbook.set_properties({"title": "filings", "created": until.as_of})
        styles = {name: workbook.add_format(style) for name, style in _STYLES.items()}
        write_about(workbook.add_worksheet(ABOUT), context, until, found, sheets, styles)
        write_columns(workbook.add_worksheet(COLUMNS), found, sheets, styles)
        with context.connect() as connection:
            for table in found:
                rows = connection.execute(f'from "{table.name}"').fetchall()
                write_table(workbook.add_worksheet(sheets[table.name]), table, rows, styles)


def sheet_names(tables: Iterable[str]) -> dict[str, str]:
    """A sheet's name for each table: its own, cut and numbered where Excel would refuse it."""
    taken = {ABOUT, COLUMNS, "history"}
    names = {}
    for table in tables:
        name, count = table[:_LONGEST_NAME], 1
        while name.lower() in taken:
            count += 1
            name = f"{table[: _LONGEST_NAME - len(f'~{count}')]}~{count}"
        taken.add(name.lower())
        names[table] = name
    return names


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Cells by the hundred thousand live till the end: searching them costs a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
