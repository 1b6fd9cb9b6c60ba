"""The workbook: cell types and formats, limits of Excel, and the first two sheets."""

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

import orchestration.publication.workbook.book as book_module
import orchestration.publication.workbook.table as table_module
from orchestration.publication.catalogue import Column, Table
from orchestration.publication.changes import CHANGES
from orchestration.publication.context import ReleaseContext
from orchestration.publication.workbook.book import WORKBOOK, sheet_names, write_workbook
from orchestration.publication.workbook.sheet import ColumnSheet
from orchestration.publication.workbook.texts import title_zh
from orchestration.warehouse.manifest import marts
from orchestration.warehouse.marts import DATABASE, Mart
from scrapers.errors import FilingsError
from tests.orchestration.publication.release_factories import (
    make_context,
    make_filing,
    with_services,
)


def workbook_of(context: ReleaseContext) -> openpyxl.Workbook:
    write_workbook(context)
    return openpyxl.load_workbook(context.folder / WORKBOOK)


def sheet_of(folder: Path, query: str) -> Worksheet:
    """The sheet of a table with the rows of a query."""
    return workbook_of(make_context(folder, make_filing(1), extra=query))["extra"]


def names_in(sheet: Worksheet) -> list[openpyxl.cell.Cell]:
    place = [cell.value for cell in sheet[1]].index("algorithm_name")
    return [row[place] for row in sheet.iter_rows(min_row=2)]


def texts_in(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)


ACTING = [
    '=HYPERLINK("http://x","y")', "+1", "@SUM(A1)", "-2+3", "＝1", "{=1}", "=cmd|' /C calc'!A0",
]  # fmt: skip
HARMLESS = [
    "<script>alert(1)</script>", "<r><t>x</t></r>", "<r>&</si></r>", "http://x.cn", "--", "007",
    "1e5", " 算法 ", "'=1", "a\nb", "1/2", "TRUE", "#REF!", "_x0041_", "internal:about!A1", "😀",
]  # fmt: skip


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> ReleaseContext:
    """A release whose filings are named by texts that could run or look odd, with its workbook."""
    rows = [make_filing(n, name) for n, name in enumerate([*ACTING, *HARMLESS])]
    context = make_context(tmp_path_factory.mktemp("texts"), *rows)
    write_workbook(context)
    return context


def test_texts_are_exact_and_never_formulas_or_links(texts):
    cells = names_in(openpyxl.load_workbook(texts.folder / WORKBOOK)["filings"])
    # openpyxl shows Excel's escape of a literal _x0041_ as it is in the file.
    assert [str(cell.value).replace("_x005F_", "_") for cell in cells] == [*ACTING, *HARMLESS]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    # Cells with a quote prefix do not become formulas when they are edited.
    quoted = {cell.value for cell in cells if cell.quotePrefix}
    assert quoted >= set(ACTING) - {"{=1}"} and quoted.isdisjoint({"--", "007", " 算法 "})


def test_file_has_no_formula_and_no_external_link(texts):
    with zipfile.ZipFile(texts.folder / WORKBOOK) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(texts.marts) + 2
    assert not any(re.search(r"<f[ >]", text) for text in sheets)
    assert not any('TargetMode="External"' in text for text in parts.values())


def test_bidi_control_characters_are_replaced(tmp_path):
    sheet = sheet_of(tmp_path, "select 'a\u202eb' as name, ['c\u2066d'] as names")
    assert [cell.value for cell in sheet[2]] == ["a\ufffdb", "c\ufffdd"]


def test_filing_number_is_text_with_all_digits(tmp_path):
    cells = workbook_of(make_context(tmp_path, make_filing(110108823483901230031)))["filings"][2]
    assert (cells[0].value, cells[0].data_type) == ("110108823483901230031", "s")
    assert cells[0].number_format == "@"


VALUES = [
    ("42 as filings", 42, "0_)"),
    ("2024::bigint as issued_year", 2024, "0_)"),
    ("0.25::double as share", 0.25, "0.0%_)"),
    ("0.5::double as share_of_place", 0.5, "0.0%_)"),
    ("0.5::double as technical_supporter_share", 0.5, "0.0%_)"),
    ("0.99::double as pass_rate", 0.99, "0.0%_)"),
    ("-0.5::double as share_growth", -0.5, "0.0%_)"),
    ("1.2345::double as location_quotient", 1.2345, "0.00_)"),
    ("1.25::double as shared_value", 1.25, "General_)"),
    ("2.5::decimal(4, 1) as rate", 2.5, "0.0%_)"),
    ("true as is_cancelled", True, '"TRUE"_);;"FALSE"_)'),
    ("date '2023-06-20' as announced_on", datetime(2023, 6, 20), "yyyy-mm-dd_)"),
    (
        "timestamp '2025-01-02 03:04:05' as seen_at",
        datetime(2025, 1, 2, 3, 4, 5),
        "yyyy-mm-dd hh:mm:ss_)",
    ),
    ("'2023-06' as list_month", "2023-06", "@"),
    ("'算法' as name", "算法", "General"),
    ("repeat('1', 255) as code", "1" * 255, "@"),
    # Excel would show a longer text with the text format as #####.
    ("repeat('1', 256) as code", "1" * 256, "General"),
    ("['b', 'a'] as names", "b; a", "General"),
    ("[]::varchar[] as names", "", "General"),
    ("[0.5, 0.25] as share", "0.50; 0.25", "General"),
    ("[{'a': 'x', 'b': null}, {'a': 'y', 'b': 'z'}] as v", "a: x, b: ; a: y, b: z", "General"),
    ("null::integer as filings", None, "General"),
    ("1234567890123456789 as filings", "1234567890123456789", "General"),
    ("-1234567890123456789 as filings", "-1234567890123456789", "General"),
    ("'inf'::double as growth", "inf", "General"),
    ("date '1066-10-14' as announced_on", "1066-10-14", "General"),
]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    """A workbook with a sheet for each of `VALUES`, named value0, value1, …"""
    queries = {f"value{number}": f"select {sql}" for number, (sql, *_) in enumerate(VALUES)}
    return workbook_of(make_context(tmp_path_factory.mktemp("values"), make_filing(1), **queries))


@pytest.mark.parametrize("number", range(len(VALUES)), ids=[sql for sql, *_ in VALUES])
def test_value_is_written_by_its_type(values, number):
    _, value, number_format = VALUES[number]
    cell = values[f"value{number}"]["A2"]
    assert (cell.value, cell.number_format) == (value, number_format)


def test_inexact_number_is_text_and_others_stay_numbers(tmp_path):
    sheet = sheet_of(tmp_path, "select unnest([1, 1234567890123456789]) as n")
    assert [sheet["A2"].value, sheet["A3"].value] == [1, "1234567890123456789"]


def test_heading_is_frozen_with_filter_and_description(tmp_path):
    sheet = sheet_of(tmp_path, "select 1 as filings, 'x' as name from range(3)")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B4")
    assert sheet["A1"].font.bold and not sheet["A2"].font.bold
    hints = {str(hint.sqref): hint.prompt for hint in sheet.data_validations.dataValidation}
    assert hints == {"A1": "What filings says.", "B1": "What name says."}


def test_text_next_to_a_code_is_protected_from_conversion_too(tmp_path):
    sheet = sheet_of(tmp_path, "select unnest(['2023-06', '算法']) as name")
    assert [sheet["A2"].number_format, sheet["A3"].number_format] == ["@", "@"]


def test_long_description_is_shortened_to_the_limit_of_a_hint(tmp_path):
    context = make_context(tmp_path, make_filing(1), extra="select 1 as n")
    marts = [*context.marts[:-1], Mart("extra", "", {"n": "x" * 256})]
    sheet = workbook_of(replace(context, marts=marts))["extra"]
    (hint,) = sheet.data_validations.dataValidation
    assert hint.prompt == "x" * 254 + "…"


@pytest.mark.parametrize(("key", "frozen"), [("r", "B2"), ("0, r", "C2"), ("0, 0, 0", "B2")])
def test_wide_table_freezes_its_key_columns(tmp_path, key, frozen):
    rest = ", ".join("0" for _ in range(9))
    columns = ", ".join(f"c{n}" for n in range(9 + len(key.split(","))))
    query = f"select * from (select {key}, {rest} from range(3) as t(r)) as x({columns})"
    assert sheet_of(tmp_path, query).freeze_panes == frozen


def test_column_width_follows_contents_within_bounds(tmp_path):
    sheet = sheet_of(
        tmp_path,
        "select 'x' as a, '备案算法备案算法' as b, repeat('x', 999) as c, 1 as many_letters",
    )
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCD"]
    assert widths == [10, 19, 47, 17]


def test_empty_table_has_its_heading(tmp_path):
    sheet = sheet_of(tmp_path, "select 1 as n, 'x' as name where false")
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["n", "name"]]
    assert sheet.auto_filter.ref == "A1:B1"


LIMIT = 32_767


@pytest.mark.parametrize(
    ("sign", "count", "units"), [("备", LIMIT, 1), ("😀", LIMIT, 2), ("😀", LIMIT // 2 + 1, 2)]
)
def test_text_longer_than_a_cell_is_truncated_with_a_mark(tmp_path, sign, count, units):
    sheet = sheet_of(tmp_path, f"select repeat('{sign}', {count}) || 'x' as purpose")
    text = sheet["A2"].value
    assert LIMIT - units < len(text.encode("utf-16-le")) // 2 <= LIMIT
    kept, mark = text.split(" … ")
    assert set(kept) == {sign} and "full text in parquet/extra.parquet" in mark


def test_text_as_long_as_a_cell_is_complete(tmp_path):
    sheet = sheet_of(tmp_path, f"select repeat('x', {LIMIT}) as purpose")
    assert sheet["A2"].value == "x" * LIMIT


def test_more_rows_than_a_sheet_can_hold_are_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(table_module, "_MOST_ROWS", 3)
    assert sheet_of(tmp_path / "fits", "select 1 as n from range(2)").max_row == 3
    with pytest.raises(FilingsError, match="extra has 3 rows, more than the 2 of a sheet"):
        sheet_of(tmp_path / "exceeds", "select 1 as n from range(3)")


def test_cell_refused_by_xlsxwriter_is_an_error(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "small.xlsx") as workbook:
        sheet = workbook.add_worksheet(worksheet_class=ColumnSheet)
        sheet.xls_rowmax = 2
        styles = {name: workbook.add_format() for name in ("heading", "integer")}
        table = Table("extra", "", 2, (Column("n", "INTEGER"),))
        with pytest.raises(FilingsError, match="refuses cells of column 1, from row 2"):
            table_module.write_table(sheet, table, [(1,), (2,)], styles)


def test_main_sheets_come_first_and_others_by_name(tmp_path):
    context = make_context(tmp_path, make_filing(1), zoo="select 1 as n", ant="select 1 as n")
    assert workbook_of(context).sheetnames == [
        "about", "columns", "filings", "batches", "filing_events", "ant", "zoo",
    ]  # fmt: skip


def test_sheet_names_that_excel_rejects_are_changed():
    long = "a" * 40
    assert sheet_names(["filings", "about", "History", long, f"{long}b"]) == {
        "filings": "filings",
        "about": "about~2",
        "History": "History~2",
        long: "a" * 31,
        f"{long}b": "a" * 29 + "~2",
    }


def test_about_sheet_links_to_every_mart(tmp_path):
    long = "a_mart_with_a_name_longer_than_a_sheets"
    context = make_context(tmp_path, make_filing(1), make_filing(2), **{long: "select 1 as n"})
    workbook = workbook_of(context)
    links = {
        row[0].value: (row[0].hyperlink.location, row[2].value, row[3].value)
        for row in workbook["about"].iter_rows()
        if row[0].hyperlink
    }
    assert set(links) == {mart.name for mart in context.marts}
    assert links["filings"] == ("'filings'!A1", "One row is one of filings.", 2)
    for location, *_ in links.values():
        assert location.removeprefix("'").removesuffix("'!A1") in workbook.sheetnames


def test_about_sheet_states_origin_coverage_and_terms(tmp_path):
    about = texts_in(workbook_of(make_context(tmp_path, make_filing(1)))["about"])
    for stated in (
        "国家互联网信息办公室", "Cyberspace Administration of China",
        "2024 年 2 月清单；抓取于 2025-01-02（UTC）",
        "list of February 2024; fetched on 2025-01-02 (UTC)",
        "batch 7, announced on 2024-08-05", "第 7 批，2024-08-05 公布", "c0ffee", "1.0.0+abc1234",
        "the replica shipped with the program", "Fractions of the listed filings", "分母",
        "are not official", "不是官方栏目", "cancellation notice", "states its denominator",
    ):  # fmt: skip
        assert stated in about


def test_about_sheet_counts_the_rows_and_lists_of_each_register(tmp_path):
    about = workbook_of(with_services(tmp_path))["about"]
    lines = [tuple(cell.value for cell in row[:3]) for row in about.iter_rows()]
    assert [line[1:] for line in lines if line[0] == "类别 Register"] == [
        (
            "深度合成服务算法备案：1 份清单，共 1 条（2024 年 2 月清单）",
            "Deep-synthesis algorithms: 1 filing in 1 batch (list of February 2024)",
        ),
        (
            "生成式人工智能服务备案与登记：2 份清单，共 3 条（清单截至 2026 年 6 月）",
            "Generative AI services: 3 services in 2 lists (lists to June 2026)",
        ),
    ]
    titles = {line[0]: line[1] for line in lines}
    assert titles["services"] == "生成式人工智能服务备案与登记（每个编号一行）"


def test_every_mart_has_a_chinese_title():
    tables = [
        Table(mart.name, "", 0, (), mart.compared.register if mart.compared else None)
        for mart in (*marts(), CHANGES)
    ]
    assert [table.name for table in tables if not title_zh(table)] == []


def test_columns_sheet_describes_every_column(tmp_path):
    context = make_context(tmp_path, make_filing(1), extra="select 0.5::double as share")
    workbook = workbook_of(context)
    lines = [tuple(cell.value for cell in row) for row in workbook["columns"].iter_rows()]
    assert lines[0] == ("sheet", "column", "type", "description")
    assert lines[-1] == ("extra", "share", "DOUBLE", "What share says.")
    assert len(lines) == 1 + sum(len(mart.columns) for mart in context.marts)
    assert workbook["columns"].freeze_panes == "C2"


def test_workbook_is_deterministic_and_leaves_no_other_file(tmp_path):
    made = []
    for name in ("one", "two"):
        context = make_context(
            tmp_path / name, make_filing(1, "=1"), extra="select [1] as a, 2 as b"
        )
        write_workbook(context)
        assert {path.name for path in context.folder.iterdir()} == {"filings.duckdb", WORKBOOK}
        made.append((context.folder / WORKBOOK).read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "one" / WORKBOOK) as archive:
        assert "2025-01-02T03:04:05Z" in archive.read("docProps/core.xml").decode()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_large_table_has_no_sheet_and_the_first_sheet_says_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(book_module, "MOST_ROWS", 2)
    queries = {
        "large": "select range as n from range(3)",
        "small": "select range as n from range(2)",
    }
    workbook = workbook_of(make_context(tmp_path, make_filing(1), **queries))
    assert "small" in workbook.sheetnames and "large" not in workbook.sheetnames
    cells = {cell.value: cell for row in workbook["about"].iter_rows() for cell in row}
    assert cells["small"].hyperlink and not cells["parquet/large.parquet"].hyperlink
    assert workbook["about"].cell(cells["parquet/large.parquet"].row, 4).value == 3
    row = cells["未列入的表 Left out"].row
    chinese, english = (workbook["about"].cell(row, place).value for place in (2, 3))
    assert "filings.duckdb：large。" in chinese and "filings.duckdb: large. " in english
    assert english.endswith('run filings query "from large limit 1000" --output x.xlsx.')
    lines = [tuple(cell.value for cell in row) for row in workbook["columns"].iter_rows()]
    assert ("parquet/large.parquet", "n", "BIGINT", "What n says.") in lines


def test_rows_of_a_large_table_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(book_module, "MOST_ROWS", 1)
    context = make_context(tmp_path, make_filing(1), large="select range as n from range(2)")
    with duckdb.connect(str(tmp_path / DATABASE)) as connection:
        connection.execute("drop table large")
        connection.execute("create view large as select error('read') as n")
    assert "large" not in workbook_of(context).sheetnames


def test_workbook_with_a_sheet_for_each_table_leaves_nothing_out(tmp_path):
    about = workbook_of(make_context(tmp_path, make_filing(1)))["about"]
    assert "Left out" not in texts_in(about) and "parquet/" not in texts_in(about)
