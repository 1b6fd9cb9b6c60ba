"""Lists as .docx are read the same in each of the layouts that real tables have."""

import pytest

from scrapers.documents.docx import docx_tables
from scrapers.errors import TableError
from scrapers.replica.docx import list_docx
from scrapers.replica.facts import load_register
from tests.scrapers.replica.documents import expected_row
from tests.support.docx_builder import (
    HEADINGS,
    Xml,
    cell,
    make_docx,
    make_filing_cells,
    merged_down,
    merged_up,
    paragraph,
    row,
    spanning,
    table,
)
from tests.support.tables import LIST_LAYOUTS, cells_of, read_list

REGISTER = load_register()
PURPOSE = HEADINGS.index("主要用途")


def read(*blocks: str) -> list[tuple[str, ...]]:
    """The rows as cells in the order of HEADINGS."""
    return cells_of(read_list(make_docx(*blocks)))


def text_of(*content: str) -> str:
    """The text that the reader returns for one cell."""
    ((found,),) = docx_tables(make_docx(table(row(cell(*content)))), LIST_LAYOUTS)
    (text,) = found.texts
    return text


@pytest.mark.parametrize("batch_no", list(REGISTER.filings))
def test_shipped_list_is_read_back_exactly(batch_no):
    filings = REGISTER.filings[batch_no]
    content = list_docx(batch_no, REGISTER.announcement(batch_no).list_month, filings)
    found = read_list(content)
    assert cells_of(found) == [tuple(expected_row(filing)) for filing in filings]
    assert [item.row_no for item in found.rows] == list(range(1, len(filings) + 1))


@pytest.mark.parametrize("shift", range(1, 8))
def test_columns_may_be_in_any_order(shift):
    def turned(cells: tuple[str, ...]) -> str:
        return row(*cells[shift:], *cells[:shift])

    assert read(table(turned(HEADINGS), turned(make_filing_cells()))) == [make_filing_cells()]


def test_column_of_notes_may_be_missing():
    assert read(table(row(*HEADINGS[:-1]), row(*make_filing_cells()[:-1]))) == [make_filing_cells()]


@pytest.mark.parametrize("spans_in_rows", [True, False], ids=["rows span", "rows are split"])
def test_heading_over_two_grid_columns_is_one_heading(spans_in_rows):
    def spread(cells: tuple[str, ...], purpose: list[str]) -> str:
        return row(*cells[:PURPOSE], *purpose, *cells[PURPOSE + 1 :])

    cells = make_filing_cells()
    purpose = cells[PURPOSE]
    whole, halves = [spanning(2, purpose)], [purpose[:4], purpose[4:]]
    headings = spread(HEADINGS, [spanning(2, HEADINGS[PURPOSE])])
    rows = [spread(cells, whole if spans_in_rows else halves)]
    assert read(table(headings, *rows)) == [cells]


@pytest.mark.parametrize("repeated", [True, False], ids=["headings repeated", "no headings"])
def test_second_table_continues_first(repeated):
    headings = [row(*HEADINGS)] if repeated else []
    assert read(
        table(row(*HEADINGS), row(*make_filing_cells(1))),
        paragraph("续表"),
        table(*headings, row(*make_filing_cells(2))),
    ) == [make_filing_cells(1), make_filing_cells(2)]


def test_second_table_may_have_another_order_of_columns():
    assert read(
        table(row(*HEADINGS), row(*make_filing_cells(1))),
        table(row(*reversed(HEADINGS)), row(*reversed(make_filing_cells(2)))),
    ) == [make_filing_cells(1), make_filing_cells(2)]


def test_title_above_headings_and_empty_rows_are_skipped():
    empty = row(*[""] * 8)
    assert read(
        table(row("", "")),
        table(
            row(spanning(8, "备案清单")), empty, row(*HEADINGS), empty, row(*make_filing_cells())
        ),
    ) == [make_filing_cells()]


def test_white_space_in_headings_is_ignored():
    headings = ["算法 名称" if name == "算法名称" else name for name in HEADINGS]
    headings[0] = "序\n号"
    assert read(table(row(*headings), row(*make_filing_cells()))) == [make_filing_cells()]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (["算法\n名称"], "算法名称"),
        (["算法", "名称"], "算法名称"),
        (["Big\nModel"], "Big Model"),
        (["Big", "", " ", "Model"], "Big Model"),
        (["Big \n\u3000Model"], "Big Model"),
        (["GPT\n4"], "GPT4"),
        (["大模型\nAI"], "大模型AI"),
        (["AI\n大模型"], "AI大模型"),
        (["\n 算法 \n"], "算法"),
        (["甲 乙"], "甲 乙"),
        ([""], ""),
    ],
)
def test_lines_are_joined_with_a_space_only_between_latin_words(content, text):
    assert text_of(*content) == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (paragraph("算", "法", "名称"), "算法名称"),
        (paragraph("Big", " ", "Model"), "Big Model"),
        ("<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r></w:p>", "甲 乙"),
        ("<w:p><w:r><w:t>甲</w:t><w:cr/><w:t>乙</w:t></w:r></w:p>", "甲乙"),
        ("<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>", "甲"),
        ("<w:p><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink></w:p>", "甲"),
        ("<w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>", "新"),
        ("<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>", ""),
        (f"<w:sdt><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt>", "甲"),
        ("<!-- no text --><w:p><w:r><w:t>甲</w:t><?x y?></w:r></w:p>", "甲"),
    ],
    ids=[
        "runs",
        "space",
        "tab",
        "cr",
        "tab stops",
        "link",
        "inserted",
        "deleted",
        "control",
        "comment",
    ],
)
def test_text_is_read_from_each_inline_element(content, text):
    assert text_of(Xml(content)) == text


def test_vertically_merged_cell_has_the_same_text_in_every_row():
    first, second = make_filing_cells(1), make_filing_cells(2)
    rows = read(
        table(
            row(*HEADINGS),
            row(*first[:3], merged_down(first[3]), *first[4:]),
            row(*second[:3], merged_up(), *second[4:]),
        )
    )
    assert [found[3] for found in rows] == ["公司1", "公司1"]


@pytest.mark.parametrize("wrap", ["{}", "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"])
def test_table_inside_a_cell_is_refused(wrap):
    inner = Xml(wrap.format(table(row("内"))))
    with pytest.raises(TableError, match="a table inside a table cell"):
        read(table(row(*HEADINGS), row(*make_filing_cells()[:-1], cell(inner, ""))))


def test_rows_and_tables_in_content_controls_are_read():
    def controlled(block: str) -> str:
        return f"<w:sdt><w:sdtContent>{block}</w:sdtContent></w:sdt>"

    block = table(controlled(row(*HEADINGS)), controlled(row(*make_filing_cells())))
    assert read(controlled(block)) == [make_filing_cells()]
