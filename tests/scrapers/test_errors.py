"""Messages are bounded in length and number, however much is quoted in them."""

import pytest

from scrapers.errors import (
    MAX_ITEMS,
    MAX_LINES,
    DocumentError,
    FilingsError,
    few,
    first_lines,
    located,
    on_page,
    shortened,
)

LONG = "标题" * 80_000


def test_a_message_that_quotes_very_much_has_some_thousand_characters():
    error = FilingsError(
        LONG, url=f"https://a.b/{LONG}", remedy=LONG, document="batch 003", row_no=4
    )
    assert 1_000 < len(str(error)) < 1_300
    assert len(error.found) < 600


def test_what_is_added_to_a_message_on_its_way_counts_too():
    with pytest.raises(DocumentError) as caught, located(url=LONG), on_page(7):
        raise DocumentError(LONG)
    assert str(caught.value).startswith("page 7: 标题") and len(str(caught.value)) < 1_000


def test_an_ordinary_message_is_whole():
    error = FilingsError(
        "the list has no row", url="https://a.b/c", remedy="Open it", document="batch 003"
    )
    assert str(error) == "the list has no row [batch 003, https://a.b/c]. Open it"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, ""), (1, "0"), (MAX_ITEMS, "0, 1, 2, 3, 4"), (30_000, "0, 1, 2, 3, 4 and 29,995 more")],
)
def test_of_a_long_list_in_a_message_the_first_are_named(count, text):
    assert few(range(count)) == text


def test_the_items_of_a_list_are_short_themselves():
    assert len(few([LONG] * 10)) < 500 and few([1, 2, 3], most=2) == "1, 2 and 1 more"


@pytest.mark.parametrize("count", [0, 1, MAX_LINES])
def test_a_few_messages_are_all_told(count):
    lines = [str(number) for number in range(count)]
    assert first_lines(lines) == lines


def test_of_very_many_messages_the_first_are_told_and_the_others_counted():
    told = first_lines([str(number) for number in range(30_000)])
    assert told[MAX_LINES - 1 :] == [str(MAX_LINES - 1), "and 29,970 more"]


def test_a_text_is_cut_where_it_is_longer():
    assert (shortened("abc", 3), shortened("abcd", 3)) == ("abc", "abc…")
