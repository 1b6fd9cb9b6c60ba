"""filings.xlsx: the marts as sheets of an Excel workbook.

Large marts have no sheet, so that time and memory do not grow with the archive: the first sheet
says in which Parquet files they are.
"""

from collections.abc import Iterable

import xlsxwriter

from orchestration.publication.catalogue import reach, tables
from orchestration.publication.context import ReleaseContext
from orchestration.publication.garbage import no_garbage_collection
from orchestration.publication.workbook.about import ABOUT, COLUMNS, write_about, write_columns
from orchestration.publication.workbook.sheet import ColumnSheet
from orchestration.publication.workbook.table import write_table

WORKBOOK = "filings.xlsx"

# A sheet of more rows is slow to open, and all sheets together stay below 400,000 rows.
MOST_ROWS = 30_000
_LONGEST_NAME = 31
# Text stays text whatever it looks like, and no temporary files are written.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_STYLES = {
    "heading": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "valign": "vcenter"},
    # The text format: edited cells stay text, with leading zeros and all digits.
    "code": {"num_format": "@"},
    # As if typed after an apostrophe: never a formula, even after editing.
    "quoted": {"quote_prefix": True},
    # For LibreOffice, which would show some booleans as 1 and 0.
    "boolean": {"num_format": '"TRUE"_);;"FALSE"_)'},
    # Padding as wide as a bracket separates numbers from the text of the next column.
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
    """Write `filings.xlsx` into the folder of the release: `about`, `columns`, one sheet per mart.

    Marts with more than `MOST_ROWS` rows have no sheet.
    """
    found, until = tables(context), reach(context)
    small = [table for table in found if table.rows <= MOST_ROWS]
    sheets = sheet_names(table.name for table in small)
    path = str(context.folder / WORKBOOK)
    with no_garbage_collection(), xlsxwriter.Workbook(path, _OPTIONS) as workbook:
        # Independent of the time of publication: equal contents give equal bytes.
        workbook.set_properties({"title": "filings", "created": until.fetched_at})
        styles = {name: workbook.add_format(style) for name, style in _STYLES.items()}
        write_about(workbook.add_worksheet(ABOUT), context, until, found, sheets, styles)
        write_columns(workbook.add_worksheet(COLUMNS), found, sheets, styles)
        with context.connect() as connection:
            for table in small:
                rows = connection.execute(f'from "{table.name}"').fetchall()
                write_table(
                    workbook.add_worksheet(sheets[table.name], ColumnSheet), table, rows, styles
                )


def sheet_names(tables: Iterable[str]) -> dict[str, str]:
    """The sheet name of each table: shortened and numbered where Excel would reject the name."""
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
