"""Rows at page breaks: halves are joined, rows stay separate, and unclear cases are refused."""

import pytest

from scrapers.errors import DocumentError
from tests.support.pdf_builder import (
    HEADINGS,
    WIDTHS,
    make_pdf,
    make_printed_number,
    row,
    ruled_table,
)
from tests.support.tables import cells_of, read_cancellations

NAMES = ("position", "name", "role", "entity", "products", "purpose", "number", "month")
NUMBER = make_printed_number(3)
SPACED = tuple(" ".join(heading) for heading in HEADINGS)
BROKEN = tuple("\n".join(heading) for heading in HEADINGS)
ALL_CUT = {name: (text[:1], text[1:]) for name, text in zip(NAMES[1:], row(3)[1:], strict=True)}
CUT = {"purpose": ("应用于文本", "生成场景。")}


def rows_of(*pages) -> list[tuple[str, ...]]:
    return cells_of(read_cancellations(make_pdf(*pages)))


def halves(place: int = 3, **cut: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Split a row: `cut` has both parts of some cells; the others are in the first half."""
    above, below = list(row(place)), [""] * len(NAMES)
    for name, (first, second) in cut.items():
        above[NAMES.index(name)], below[NAMES.index(name)] = first, second
    return above, below


def without_positions(*rows) -> list[list[str]]:
    return [["", *cells[1:]] for cells in rows]


@pytest.mark.parametrize("again", [(), (HEADINGS,), (SPACED,), (BROKEN,)], ids=len)
@pytest.mark.parametrize(
    "cut",
    [
        CUT,
        CUT | {"position": ("", "3")},
        CUT | {"number": ("", NUMBER)},
        CUT | {"position": ("", "3"), "number": ("", NUMBER), "month": ("", "2025年5月")},
        CUT | {"number": (NUMBER[:14], NUMBER[14:])},
        {"number": ("网信", NUMBER[2:])},
        {"number": (NUMBER[:-1], "号")},
        {"products": ("产品3（A", "PP）")},
        {"month": ("2025年", "5月")},
        {"month": ("", "2025年5月")},
        ALL_CUT,
        ALL_CUT | {"number": (NUMBER, "")},
        ALL_CUT | {"number": ("", NUMBER)},
    ],
    ids=["purpose", "position below", "number below", "three below", "number", "prefix", "号",
         "products", "month", "month below", "all", "all but number", "all, number below"],
)  # fmt: skip
def test_halves_of_a_row_are_joined(cut, again):
    above, below = halves(**cut)
    pages = [ruled_table(HEADINGS, row(1), row(2), above)], [ruled_table(*again, below, row(4))]
    assert rows_of(*pages) == [row(1), row(2), row(3), row(4)]


@pytest.mark.parametrize("cut", [CUT, CUT | {"number": ("", NUMBER), "month": ("", "2025年5月")}])
def test_halves_are_joined_without_positions(cut):
    above, below = without_positions(*halves(**cut))
    pages = [ruled_table(HEADINGS, *without_positions(row(2)), above)], [ruled_table(below)]
    assert rows_of(*pages) == [tuple(cells) for cells in without_positions(row(2), row(3))]


def test_repeated_title_row_is_dropped_with_the_headings():
    above, below = halves(**CUT)

    def page(*rows):
        title = ruled_table(("注销清单",), widths=(sum(WIDTHS),))
        return [title, ruled_table(HEADINGS, *rows, top=442)]

    assert rows_of(page(row(2), above), page(below, row(4))) == [row(2), row(3), row(4)]


@pytest.mark.parametrize("last", [(), (row(4),)], ids=["at the end", "before another row"])
def test_row_over_three_pages_is_one_row(last):
    first = ["3", "算法", "", "", "", "应用于", NUMBER[:10], ""]
    second = ["", "3", "服务", "", "", "文本", "", ""]
    third = ["", "", "提供者", "测试公司3", "产品3（APP）", "生成场景。", NUMBER[10:], "2025年5月"]
    pages = (
        [ruled_table(HEADINGS, row(2), first)],
        [ruled_table(HEADINGS, second)],
        [ruled_table(third, *last)],
    )
    assert rows_of(*pages) == [row(2), row(3), *last]


def test_split_rows_at_two_page_breaks_are_joined():
    first, second = halves(3, **CUT), halves(5, **CUT, number=("", make_printed_number(5)))
    pages = (
        [ruled_table(HEADINGS, row(2), first[0])],
        [ruled_table(first[1], row(4), second[0])],
        [ruled_table(second[1])],
    )
    assert rows_of(*pages) == [row(2), row(3), row(4), row(5)]


@pytest.mark.parametrize(
    ("above", "below"),
    [(NUMBER, make_printed_number(4)), (NUMBER[:-1], make_printed_number(4)[4:])],
    ids=["printed", "together like a number"],
)
def test_two_rows_with_numbers_are_not_joined(above, below):
    first, second = row(3, number=above), ("", "", "", "", "", "", below, "")
    pages = [ruled_table(HEADINGS, first)], [ruled_table(second)]
    assert rows_of(*pages) == [first, second]


@pytest.mark.parametrize("number", ["", "网信算备1101号"], ids=["without", "damaged"])
def test_whole_row_with_a_bad_number_is_not_joined(number):
    bad = row(4, number=number)
    assert rows_of([ruled_table(HEADINGS, row(3))], [ruled_table(bad, row(5))]) == [
        row(3),
        bad,
        row(5),
    ]
    assert rows_of([ruled_table(HEADINGS, row(3), bad)], [ruled_table(row(5))]) == [
        row(3),
        bad,
        row(5),
    ]


def test_split_row_with_a_bad_number_is_joined():
    above, below = halves(**CUT, number=(NUMBER[:-3] + "999号", ""))
    pages = [ruled_table(HEADINGS, row(2), above)], [ruled_table(below)]
    assert rows_of(*pages) == [row(2), row(3, number=NUMBER[:-3] + "999号")]


PIECE = ["", "", "", "", "", "生成场景。", "", ""]


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([[ruled_table(HEADINGS, row(2), PIECE, row(3))]], "page 1: part of a row"),
        (
            [[ruled_table(HEADINGS, row(2))], [ruled_table(["3", *PIECE[1:]])]],
            "page 2: part of a row",
        ),
        ([[ruled_table(HEADINGS, row(2), ["3", "算法3", *PIECE[2:]])]], "page 1: part of a row"),
        (
            [[ruled_table(HEADINGS, row(2))], [ruled_table(["合计", "1个", *[""] * 6])]],
            "page 2: part of a row",
        ),
        (
            [[ruled_table(HEADINGS, row(2), [*row(3)[:4], "", "", "", ""])]],
            "page 1: part of a row",
        ),
    ],
    ids=["on a page", "with another position", "on the last page", "a total", "half of the cells"],
)
def test_part_of_a_row_is_refused(pages, message):
    with pytest.raises(DocumentError, match=message):
        rows_of(*pages)


def test_empty_row_is_dropped():
    assert rows_of([ruled_table(HEADINGS, row(2), [""] * 8, row(3))]) == [row(2), row(3)]


@pytest.mark.parametrize("month", ["2025年5月", ""], ids=["all columns", "all columns but one"])
def test_unclear_page_break_is_refused(month):
    upper = row(3, role="其他", month=month)
    above, below = without_positions(upper, row(4, number="", role="其他"))
    with pytest.raises(
        DocumentError, match="page 2: the first row of the page may be a new row or the rest"
    ):
        rows_of([ruled_table(HEADINGS, above)], [ruled_table(below)])


def test_two_rows_with_roles_are_not_joined():
    above, below = without_positions(row(3, number="", month=""), row(4))
    message = "page 1: part of a row without a whole number"
    with pytest.raises(DocumentError, match=message):
        rows_of([ruled_table(HEADINGS, (*above[:4], "", "", "", ""))], [ruled_table(below)])
    rows = rows_of([ruled_table(HEADINGS, above)], [ruled_table(below)])
    assert rows == [tuple(above), tuple(below)]


def test_halves_in_different_columns_are_refused():
    above, below = halves(**CUT)
    widths = (*WIDTHS[:6], WIDTHS[6] + WIDTHS[7])
    with pytest.raises(
        DocumentError, match="page 2: a row continues after the page break in other columns"
    ):
        rows_of([ruled_table(HEADINGS, above)], [ruled_table(below[:7], widths=widths)])


def test_cell_merged_across_a_page_break_fills_both_sides():
    june = {"month": "2025年6月"}
    first = ruled_table(HEADINGS, row(1), row(2, **june), row(3, month=""), merged={(2, 7): 2})
    second = ruled_table(row(4, month=""), row(5, month=""), row(6), merged={(0, 7): 2})
    assert rows_of([first], [second]) == [
        row(1), *(row(n, **june) for n in (2, 3, 4, 5)), row(6)
    ]  # fmt: skip


def test_cell_merged_across_a_split_row_fills_the_rows_below():
    above, below = halves(**CUT)
    first = ruled_table(HEADINGS, row(2), above)
    second = ruled_table(below, row(4, month=""), row(5), merged={(0, 7): 2})
    assert rows_of([first], [second]) == [row(2), row(3), row(4), row(5)]


@pytest.mark.parametrize("is_text_above", [True, False])
def test_cell_that_may_be_merged_across_a_page_break_is_refused(is_text_above):
    months = ("2025年5月", "") if is_text_above else ("", "2025年5月")
    first = ruled_table(HEADINGS, row(1, month=months[0]), row(2, month=""), merged={(1, 7): 2})
    second = ruled_table(row(3, month=months[1]), row(4))
    with pytest.raises(DocumentError, match="page 2: a cell may be merged across the page break"):
        rows_of([first], [second])


def test_table_may_have_other_column_widths_on_the_next_page():
    narrow = (WIDTHS[0] - 8, WIDTHS[1] + 8, *WIDTHS[2:])
    first = ruled_table(HEADINGS, row(1))
    for second in (
        ruled_table(row(2), widths=narrow),
        ruled_table(HEADINGS, row(2), widths=narrow),
    ):
        assert rows_of([first], [second]) == [row(1), row(2)]
