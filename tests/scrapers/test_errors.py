"""Messages are bounded in length and number."""

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


def test_message_with_long_parts_is_cut():
    error = FilingsError(
        LONG, url=f"https://a.b/{LONG}", remedy=LONG, document="batch 003", row_no=4
    )
    assert 1_000 < len(str(error)) < 1_300
    assert len(str(FilingsError("no row", document=LONG))) < 500
    assert len(error.found) < 600


def test_message_is_cut_after_place_is_added():
    with pytest.raises(DocumentError) as caught, located(url=LONG), on_page(7):
        raise DocumentError(LONG)
    assert str(caught.value).startswith("page 7: 标题") and len(str(caught.value)) < 1_000


def test_short_message_is_complete():
    error = FilingsError(
        "the list has no row", url="https://a.b/c", remedy="Open it", document="batch 003", row_no=4
    )
    assert str(error) == "the list has no row [batch 003, row 4, https://a.b/c]. Open it"
    assert str(FilingsError("the list has no row")) == "the list has no row"


def test_located_keeps_the_innermost_place():
    with (
        pytest.raises(FilingsError) as caught,
        located(url="outer", document="batch 003"),
        located(url="inner"),
    ):
        raise FilingsError("no row")
    assert (caught.value.url, caught.value.document) == ("inner", "batch 003")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, ""), (1, "0"), (MAX_ITEMS, "0, 1, 2, 3, 4"), (30_000, "0, 1, 2, 3, 4 and 29,995 more")],
)
def test_few_shows_first_items_and_count_of_others(count, text):
    assert few(range(count)) == text


def test_few_cuts_items_and_accepts_limit():
    assert len(few([LONG] * 10)) < 500 and few([1, 2, 3], most=2) == "1, 2 and 1 more"


@pytest.mark.parametrize("count", [0, 1, MAX_LINES])
def test_first_lines_keeps_few_lines(count):
    lines = [str(number) for number in range(count)]
    assert first_lines(lines) == lines


def test_first_lines_counts_hidden_lines():
    told = first_lines([str(number) for number in range(30_000)])
    assert told[MAX_LINES - 1 :] == [str(MAX_LINES - 1), "and 29,970 more"]


def test_shortened_cuts_only_longer_text():
    assert (shortened("abc", 3), shortened("abcd", 3)) == ("abc", "abc…")
