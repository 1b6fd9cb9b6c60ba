"""Words of a .pdf outside of its tables: what may stay there, and what stops the reading."""

import pytest

from scrapers.errors import DocumentError
from tests.support.pdf_builder import (
    FONT,
    HEADINGS,
    LEFT,
    WIDTHS,
    Drawing,
    form_field,
    free_text,
    make_pdf,
    make_printed_number,
    picture,
    row,
    ruled_table,
    word,
)
from tests.support.tables import read_cancellations

TABLE = ruled_table(HEADINGS, row(1), row(2))  # from y = 460 down to 406
BELOW = 394.0  # the base line of a text right below it
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


def test_a_row_below_the_last_line_is_named_by_its_number():
    message = refusal(make_pdf([TABLE, *unruled(3)]))
    assert (
        f"page 1: the filing number {make_printed_number(3)[4:-1]} is outside of the table"
        in message
    )


def test_a_row_above_the_first_line_is_named_by_its_number():
    assert "page 2: the filing number" in refusal(
        make_pdf([TABLE], [*unruled(3, 470), ruled_table(row(4))])
    )


def test_a_page_without_lines_is_named_by_the_number_on_it():
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
def test_a_number_outside_of_the_table_is_found_in_any_form(lines):
    far_below = [word(STARTS[6], 300 - 12 * n, text) for n, text in enumerate(lines)]
    assert "page 1: the filing number" in refusal(make_pdf([TABLE, *far_below]))


def test_a_number_over_two_lines_next_to_other_words_is_found():
    number = make_printed_number(3)[4:-1]
    lines = [("应用于", number[:12]), ("文本。", number[12:])]
    words = [
        word(STARTS[5 + column], 300 - 12 * n, text)
        for n, texts in enumerate(lines)
        for column, text in enumerate(texts)
    ]
    assert f"the filing number {number}" in refusal(make_pdf([TABLE, *words]))


def test_a_number_of_a_row_may_be_in_the_words_around_the_table():
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
    ids=["three columns", "two columns, far below", "a text's end", "a number's end", "digits"],
)
def test_words_laid_out_as_a_row_stop_the_reading(words):
    assert "page 1: words outside of the table" in refusal(make_pdf([TABLE, *words]))


def test_title_signature_and_date_may_be_around_the_table():
    title = word(300, 478, "注销备案编号的算法清单", size=12)
    signature = word(560, 380, "国家互联网信息办公室", size=10)
    date = word(600, 366, "2025年7月14日", size=10)
    assert count(make_pdf([title, TABLE, signature, date])) == 2


def test_a_title_may_have_a_page_of_its_own():
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
    ids=["as large as the list", "followed by words", "followed by a row"],
)
def test_a_first_page_of_more_than_a_title_stops_the_reading(page):
    assert "page 1: words, but no table" in refusal(make_pdf(page, [TABLE]))


def test_a_title_may_be_above_each_table_with_headings():
    second = [word(LEFT, 340, "二、第二批"), ruled_table(HEADINGS, row(3), top=320)]
    assert count(make_pdf([word(LEFT, 478, "一、第一批"), TABLE, *second])) == 3


def test_the_end_of_a_text_above_headings_that_are_printed_again_is_no_title():
    second = [word(STARTS[5], 464, "下半句。"), ruled_table(HEADINGS, row(3))]
    assert "page 2: words outside of the table" in refusal(make_pdf([TABLE], second))


@pytest.mark.parametrize("page", [0, 1])
def test_words_between_two_pieces_of_the_table_stop_the_reading(page):
    pages = [[TABLE], [ruled_table(row(3))], [ruled_table(row(4))]]
    pages[page].append(word(100, 200, WORDS))
    assert f"page {page + 1}: words outside of the table: '{WORDS}'" in refusal(make_pdf(*pages))


def test_words_between_two_tables_of_a_page_stop_the_reading():
    assert "words outside" in refusal(
        make_pdf([TABLE, word(100, 330, WORDS), ruled_table(row(3), top=320)])
    )


@pytest.mark.parametrize("page", [0, 1, 2])
def test_words_on_a_page_without_a_table_stop_the_reading(page):
    pages = [[TABLE], [ruled_table(row(3))]]
    pages.insert(page, [word(100, 300, WORDS)])
    assert f"page {page + 1}: words, but no table: '{WORDS}'" in refusal(make_pdf(*pages))


@pytest.mark.parametrize(
    "number",
    ["2", "- 2 -", "— 2 —", "－２－", "·2·", "一 2 一", "第2页", "第 2 页 共 3 页", "第二页", "2/3",
     "Page 2", "page 2 of 3", "2 页"],
)  # fmt: skip
def test_page_numbers_do_no_harm(number):
    assert (
        count(
            make_pdf([TABLE], [ruled_table(row(3)), word(370, 20, number)], [ruled_table(row(4))])
        )
        == 4
    )


def test_lines_in_the_same_place_on_several_pages_do_no_harm():
    def page(number: int, table: Drawing) -> list[Drawing]:
        return [word(500, 485, f"内部编号 A-{number}"), table, word(100, 20, "联系电话 010-1234")]

    assert (
        count(make_pdf(page(1, TABLE), page(2, ruled_table(row(3))), page(3, ruled_table(row(4)))))
        == 4
    )


def test_the_same_end_of_a_text_below_two_pages_stops_the_reading():
    tail = word(STARTS[5], BELOW, "内容。")
    assert "words outside" in refusal(
        make_pdf([TABLE, tail], [ruled_table(row(3), row(4), row(5)), tail])
    )


def test_an_empty_page_does_no_harm():
    assert count(make_pdf([TABLE], [], [ruled_table(row(3))])) == 3


@pytest.mark.parametrize("words", [[], [word(60, 300, "3 算法3", mode=3)]], ids=["", "with OCR"])
def test_a_scanned_page_among_others_is_named(words):
    scanned = [*words, picture(30, 30, 700, 440)]
    assert "page 2: a picture where the list may go on" in refusal(make_pdf([TABLE], scanned))


def test_a_logo_does_no_harm():
    assert count(make_pdf([picture(30, 464, 30, 30), TABLE])) == 2


def test_letters_turned_into_shapes_stop_the_reading():
    def draw(canvas):
        for n in range(60):
            canvas.circle(50 + 5 * n, 300, 2)

    assert "page 2: shapes, but no word" in refusal(make_pdf([TABLE], [draw]))
    assert "page 2: a table without a word" in refusal(
        make_pdf([TABLE], [ruled_table([""] * 8), draw])
    )


def test_a_picture_in_the_place_of_a_cells_text_stops_the_reading():
    content = make_pdf([ruled_table(HEADINGS, row(1, products="")), picture(320, 426, 60, 14)])
    assert "page 1: a cell that holds a picture" in refusal(content)


@pytest.mark.parametrize("note", [free_text, form_field])
def test_a_text_laid_over_the_table_stops_the_reading(note):
    content = make_pdf(
        [ruled_table(HEADINGS, row(1, products="")), note("产品1", 320, 426, 380, 440)]
    )
    assert "page 1: a comment or form field over a table: '产品1'" in refusal(content)
    assert count(make_pdf([TABLE, note("附件", 320, 470, 380, 490)])) == 2


def test_a_document_without_upright_lines_has_no_table():
    def draw(canvas):
        canvas.setFont(FONT, 8)
        for n, y in enumerate((460, 440, 400)):
            canvas.line(30, y, 730, y)
            canvas.drawString(34, y - 12, f"{n} 算法")

    assert "without a ruled table" in refusal(make_pdf([draw]))
