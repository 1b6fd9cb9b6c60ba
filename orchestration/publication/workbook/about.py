"""The first two sheets of the workbook: `about` and `columns`."""

from collections.abc import Mapping, Sequence
from math import ceil

from xlsxwriter.worksheet import Worksheet

from orchestration.publication.catalogue import Reach, Table
from orchestration.publication.context import ReleaseContext
from orchestration.publication.registers import RELEASE_TITLE, RegisterRows
from orchestration.publication.state import RegisterState, fetched_text
from orchestration.publication.workbook.columns import display_width
from orchestration.publication.workbook.table import Styles
from orchestration.publication.workbook.texts import TERMS, Line, origin, title_zh, without_sheets

ABOUT = "about"
COLUMNS = "columns"

_ABOUT_WIDTHS = (44, 66, 90, 9)
_COLUMNS_WIDTHS = (26, 28, 20, 110)
_LINE_HEIGHT = 15


def write_about(
    sheet: Worksheet,
    context: ReleaseContext,
    reach: Reach,
    tables: Sequence[Table],
    sheets: Mapping[str, str],
    styles: Styles,
) -> None:
    """Write the description of the release, the terms, and links to all sheets.

    `sheets` has the name of the sheet of each table that has one.
    """
    sheet.hide_gridlines(2)
    for place, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, f"{RELEASE_TITLE.zh} · {RELEASE_TITLE.en}", styles["title"])
    large = [table for table in tables if table.name not in sheets]
    lines = [*_facts(context, reach), *([without_sheets(large)] if large else [])]
    row = _write_lines(sheet, 2, lines, styles)
    sheet.write_string(row + 1, 0, "用语 Terms", styles["section"])
    row = _write_lines(sheet, row + 2, TERMS, styles)
    sheet.write_string(row + 1, 0, "工作表 Sheets", styles["section"])
    for place, heading in enumerate(("sheet", "内容", "description", "rows")):
        sheet.write_string(row + 2, place, heading, styles["heading"])
    first = row + 3
    for row, table in enumerate(tables, first):
        _write_name(sheet, row, table, sheets, styles)
        texts = ("", title_zh(table), table.description)
        _write_wrapped(sheet, row, texts, _ABOUT_WIDTHS, styles)
        sheet.write_number(row, 3, table.rows, styles["count"])
    _set_up_page(sheet)


def write_columns(
    sheet: Worksheet, tables: Sequence[Table], sheets: Mapping[str, str], styles: Styles
) -> None:
    """Write every column of every sheet with its type and description."""
    for place, heading in enumerate(("sheet", "column", "type", "description")):
        sheet.write_string(0, place, heading, styles["heading"])
        sheet.set_column(place, place, _COLUMNS_WIDTHS[place])
    lines = [(table, column) for table in tables for column in table.columns]
    for row, (table, column) in enumerate(lines, 1):
        _write_name(sheet, row, table, sheets, styles)
        texts = ("", column.name, column.type, column.description)
        _write_wrapped(sheet, row, texts, _COLUMNS_WIDTHS, styles)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(lines), 3)
    sheet.repeat_rows(0)
    _set_up_page(sheet)


def _facts(context: ReleaseContext, reach: Reach) -> list[Line]:
    as_of, footnote = reach.state.text, fetched_text(reach.fetched_at)
    return [
        (
            "这是什么 What this is",
            "国家互联网信息办公室公布的各类算法、生成式人工智能服务备案与登记清单，以及根据清单统计的各张表。",
            (
                "The public lists of filed algorithms and of filed and registered AI services, and "
                "tables derived from them."
            ),
        ),
        *map(_register, reach.registers, reach.state.registers),
        (
            "发布机构 Publisher",
            "国家互联网信息办公室 https://www.cac.gov.cn",
            "Cyberspace Administration of China, https://www.cac.gov.cn",
        ),
        origin(context.source),
        ("数据截至 As of", f"{as_of.zh}；{footnote.zh}", f"{as_of.en}; {footnote.en}"),
        *([_last_batch(reach)] if reach.batches else []),
        ("程序版本 Program", context.code_version, ""),
        ("内容哈希 Content hash", context.content_sha256, "SHA-256 of the Parquet files"),
    ]


def _register(item: RegisterRows, state: RegisterState) -> Line:
    """A line about a register: its title, its listed rows and how far its lists reach."""
    return (
        "类别 Register",
        f"{item.title.zh}：{len(item.documents)} 份清单，共 {item.count:,} 条（{state.text.zh}）",
        f"{item.title.en}: {item.total} ({state.text.en})",
    )


def _last_batch(reach: Reach) -> Line:
    return (
        "最近批次 Last batch",
        f"第 {reach.last_batch} 批，{reach.announced_on} 公布；共 {reach.batches} 批",
        f"batch {reach.last_batch}, announced on {reach.announced_on}; {reach.batches} in total",
    )


def _write_lines(sheet: Worksheet, row: int, lines: Sequence[Line], styles: Styles) -> int:
    """Write the lines from `row` on and return the row after them."""
    for label, chinese, english in lines:
        sheet.write_string(row, 0, label, styles["label"])
        _write_wrapped(sheet, row, ("", chinese, english), _ABOUT_WIDTHS, styles)
        row += 1
    return row


def _write_wrapped(
    sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[int], styles: Styles
) -> None:
    """Write the non-empty texts in a row and set its height, which not every program computes."""
    lines = 1
    for place, (text, width) in enumerate(zip(texts, widths, strict=False)):
        if text:
            sheet.write_string(row, place, text, styles["wrapped"])
            lines = max(lines, ceil(display_width(text) * 1.05 / width))
    sheet.set_row(row, _LINE_HEIGHT * lines + 3)


def _write_name(
    sheet: Worksheet, row: int, table: Table, sheets: Mapping[str, str], styles: Styles
) -> None:
    """Write the name of a table with a link to its sheet, or the path of its file."""
    if table.name in sheets:
        sheet.write_url(row, 0, f"internal:'{sheets[table.name]}'!A1", styles["link"], table.name)
    else:
        sheet.write_string(row, 0, f"parquet/{table.name}.parquet", styles["wrapped"])


def _set_up_page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
