"""Text outside the tables of a .pdf: what is accepted and what is refused."""

from io import BytesIO

import pdfplumber
import pytest

from scrapers.documents.pdf.annotations import annotation_texts
from scrapers.errors import DocumentError
from tests.support.pdf_builder import (
    FONT,
    HEADINGS,
    LEFT,
    WIDTHS,
    Drawing,
    form_field,
    free_text,
    make_one_page_pdf,
    make_pdf,
    make_printed_number,
    picture,
    row,
    ruled_table,
    word,
)
from tests.support.tables import read_cancellations

TABLE = ruled_table(HEADINGS, row(1), row(2))  # from y = 460 down to 406
BELOW = 394.0  # the baseline of text just below it
STARTS = [LEFT + sum(WIDTHS[:n]) + 4 for n in range(len(WIDTHS))]
WORDS = "第三行的话"


def count(content: bytes) -> int:
    return len(read_cancellations(content).rows)


def refusal(content: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_cancellations(content)
    return str(caught.value)


def unruled(place: int, base: float = BELOW) -> list[Drawing]:
    return [word(x, base, text) for x, text in zip(STARTS, row(place), strict=True)]


def test_row_below_the_table_is_refused_with_its_number():
    message = refusal(make_pdf([TABLE, *unruled(3)]))
    assert (
        f"page 1: the filing number {make_printed_number(3)[4:-1]} is outside the table" in message
    )


def test_row_above_the_table_is_refused_with_its_number():
    assert "page 2: the filing number" in refusal(
        make_pdf([TABLE], [*unruled(3, 470), ruled_table(row(4))])
    )


def test_row_on_a_page_without_lines_is_refused_with_its_number():
    assert "page 2: the filing number" in refusal(
        make_pdf([TABLE], unruled(3), [ruled_table(row(4))])
    )


@pytest.mark.parametrize(
    "lines",
    [
        [make_printed_number(3)[4:-1]],
        [make_printed_number(3)[:12], make_printed_number(3)[12:]],
        ["网信算备１１０１０８９８７６５０１０１２３０", "０３１号"],
        ["网 信 算 备 1101 0898 7650 1012 3003 1号"],
        ["网信算备110108987"],
    ],
    ids=["bare", "over two lines", "full width", "with spaces", "cut off"],
)
def test_number_outside_the_table_is_found_in_any_form(lines):
    far_below = [word(STARTS[6], 300 - 12 * n, text) for n, text in enumerate(lines)]
    assert "page 1: the filing number" in refusal(make_pdf([TABLE, *far_below]))


def test_number_over_two_lines_next_to_other_text_is_found():
    number = make_printed_number(3)[4:-1]
    lines = [("应用于", number[:12]), ("文本。", number[12:])]
    words = [
        word(STARTS[5 + column], 300 - 12 * n, text)
        for n, texts in enumerate(lines)
        for column, text in enumerate(texts)
    ]
    assert f"the filing number {number}" in refusal(make_pdf([TABLE, *words]))


def test_number_of_a_row_is_accepted_outside_the_table():
    preamble = word(100, 478, f"现注销{make_printed_number(1)}等2个备案")
    assert count(make_pdf([preamble, TABLE])) == 2


@pytest.mark.parametrize(
    "words",
    [
        [
            word(STARTS[0], BELOW, "3"),
            word(STARTS[1], BELOW, "算法3"),
            word(STARTS[2], BELOW, "者"),
        ],
        [word(STARTS[0], 300, "3"), word(STARTS[1], 300, "算法3")],
        [word(STARTS[5], BELOW, "下半句。")],
        [word(STARTS[6], BELOW, "0031号")],
        [word(STARTS[6], BELOW, "0031")],
    ],
    ids=["three columns", "two columns, far below", "rest of a text", "rest of a number", "digits"],
)
def test_text_laid_out_as_a_row_is_refused(words):
    assert "page 1: text outside the table" in refusal(make_pdf([TABLE, *words]))


def test_title_signature_and_date_are_accepted():
    title = word(300, 478, "注销备案编号的算法清单", size=12)
    signature = word(560, 380, "国家互联网信息办公室", size=10)
    date = word(600, 366, "2025年7月14日", size=10)
    assert count(make_pdf([title, TABLE, signature, date])) == 2


def test_title_page_is_accepted():
    title = [word(60, 480, "附件13"), word(200, 400, "算法备案清单", size=16), word(370, 20, "1")]
    assert count(make_pdf(title, [TABLE])) == 2


@pytest.mark.parametrize(
    "page",
    [
        [word(60, 480, "附件13"), word(200, 400, "算法备案清单")],
        [
            word(200, 400, "算法备案清单", size=16),
            *(word(60, 60 + 20 * n, WORDS) for n in range(4)),
        ],
        [word(200, 400, "清单", size=16), word(STARTS[1], 300, "算法3"), word(STARTS[0], 300, "3")],
    ],
    ids=["as large as the list", "followed by text", "followed by a row"],
)
def test_first_page_with_more_than_a_title_is_refused(page):
    assert "page 1: text on a page without a table" in refusal(make_pdf(page, [TABLE]))


def test_title_above_each_table_with_headings_is_accepted():
    second = [word(LEFT, 340, "二、第二批"), ruled_table(HEADINGS, row(3), top=320)]
    assert count(make_pdf([word(LEFT, 478, "一、第一批"), TABLE, *second])) == 3


def test_rest_of_a_cell_above_repeated_headings_is_refused():
    second = [word(STARTS[5], 464, "下半句。"), ruled_table(HEADINGS, row(3))]
    assert "page 2: text outside the table" in refusal(make_pdf([TABLE], second))


@pytest.mark.parametrize("page", [0, 1])
def test_text_between_two_parts_of_a_table_is_refused(page):
    pages = [[TABLE], [ruled_table(row(3))], [ruled_table(row(4))]]
    pages[page].append(word(100, 200, WORDS))
    assert f"page {page + 1}: text outside the table: '{WORDS}'" in refusal(make_pdf(*pages))


def test_text_between_two_tables_of_a_page_is_refused():
    assert "text outside" in refusal(
        make_pdf([TABLE, word(100, 330, WORDS), ruled_table(row(3), top=320)])
    )


@pytest.mark.parametrize("page", [0, 1, 2])
def test_text_on_a_page_without_a_table_is_refused(page):
    pages = [[TABLE], [ruled_table(row(3))]]
    pages.insert(page, [word(100, 300, WORDS)])
    assert f"page {page + 1}: text on a page without a table: '{WORDS}'" in refusal(
        make_pdf(*pages)
    )


@pytest.mark.parametrize(
    "number",
    ["2", "- 2 -", "— 2 —", "－２－", "·2·", "一 2 一", "第2页", "第 2 页 共 3 页", "第二页", "2/3",
     "Page 2", "page 2 of 3", "2 页"],
)  # fmt: skip
def test_page_number_is_accepted(number):
    assert (
        count(
            make_pdf([TABLE], [ruled_table(row(3)), word(370, 20, number)], [ruled_table(row(4))])
        )
        == 4
    )


def test_running_headers_and_footers_are_accepted():
    def page(number: int, table: Drawing) -> list[Drawing]:
        return [word(500, 485, f"内部编号 A-{number}"), table, word(100, 20, "联系电话 010-1234")]

    assert (
        count(make_pdf(page(1, TABLE), page(2, ruled_table(row(3))), page(3, ruled_table(row(4)))))
        == 4
    )


def test_repeated_rest_of_a_cell_is_not_a_footer():
    tail = word(STARTS[5], BELOW, "内容。")
    assert "text outside" in refusal(
        make_pdf([TABLE, tail], [ruled_table(row(3), row(4), row(5)), tail])
    )


def test_empty_page_is_accepted():
    assert count(make_pdf([TABLE], [], [ruled_table(row(3))])) == 3


@pytest.mark.parametrize("words", [[], [word(60, 300, "3 算法3", mode=3)]], ids=["", "with OCR"])
def test_scanned_page_is_refused(words):
    scanned = [*words, picture(30, 30, 700, 440)]
    assert "page 2: a picture may be part of the list" in refusal(make_pdf([TABLE], scanned))


def test_logo_is_accepted():
    assert count(make_pdf([picture(30, 464, 30, 30), TABLE])) == 2


def test_letters_drawn_as_shapes_are_refused():
    def draw(canvas):
        for n in range(60):
            canvas.circle(50 + 5 * n, 300, 2)

    assert "page 2: the page has shapes but no text" in refusal(make_pdf([TABLE], [draw]))
    assert "page 2: a table has no text" in refusal(
        make_pdf([TABLE], [ruled_table([""] * 8), draw])
    )


def test_picture_in_an_empty_cell_is_refused():
    content = make_pdf([ruled_table(HEADINGS, row(1, products="")), picture(320, 426, 60, 14)])
    assert "page 1: a cell holds a picture" in refusal(content)


@pytest.mark.parametrize("note", [free_text, form_field])
def test_annotation_over_the_table_is_refused(note):
    content = make_pdf(
        [ruled_table(HEADINGS, row(1, products="")), note("产品1", 320, 426, 380, 440)]
    )
    assert "page 1: a comment or form field over a table: '产品1'" in refusal(content)
    assert count(make_pdf([TABLE, note("附件", 320, 470, 380, 490)])) == 2


def test_document_without_vertical_lines_has_no_table():
    def draw(canvas):
        canvas.setFont(FONT, 8)
        for n, y in enumerate((460, 440, 400)):
            canvas.line(30, y, 730, y)
            canvas.drawString(34, y - 12, f"{n} 算法")

    assert "no ruled table" in refusal(make_pdf([draw]))


def test_small_picture_in_an_empty_cell_is_accepted():
    content = make_pdf([ruled_table(HEADINGS, row(1, products="")), picture(320, 430, 5, 5)])
    assert count(content) == 1


@pytest.mark.parametrize(
    ("annotation", "is_read"),
    [
        ("/Subtype /FreeText /Contents (a)", True),
        ("/Subtype /FreeText /Contents (a) /F 2", False),
        ("/Subtype /FreeText /Contents (a) /F 32", False),
        ("/Subtype /FreeText /Contents (a) /F 4", True),
        ("/Subtype /Text /Contents (a)", False),
        ("/Subtype /Widget /FT /Tx /V (a)", True),
        ("/Subtype /Widget /FT /Btn /V (a)", False),
        ("/Subtype /Widget /Parent << /FT /Ch /V (a) >>", True),
    ],
)
def test_only_visible_text_annotations_are_read(annotation, is_read):
    content = make_one_page_pdf(b" ", "", f"/Annots [<< {annotation} /Rect [20 20 40 40] >>]")
    with pdfplumber.open(BytesIO(content)) as document:
        texts = [text for _, text in annotation_texts(document.pages[0].page_obj)]
    assert texts == (["a"] if is_read else [])
