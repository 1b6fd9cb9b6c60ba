"""What a release says of its difference to the one before, and that names cannot act as markup."""

from pathlib import Path

import pytest

from orchestration.publication.changes import Amendment, Changes, Filing, compare, to_markdown
from tests.orchestration.releases_made import Row, filing, write_parquet


def changes(folder: Path, before: list[Row], after: list[Row]) -> Changes:
    return compare(write_parquet(folder / "new", after), write_parquet(folder / "old", before))


def numbers(filings: tuple[Filing, ...]) -> list[int]:
    return [int(item.filing_number) for item in filings]


def test_added_and_gone_filings_are_told_by_number(tmp_path):
    found = changes(tmp_path, [filing(1), filing(2)], [filing(2), filing(4), filing(3)])
    assert (numbers(found.added), numbers(found.gone)) == ([3, 4], [1])
    assert found.amended == ()
    assert found.summary == "3 filings in 1 batches: 2 added, 1 gone"


@pytest.mark.parametrize(
    ("after", "columns"),
    [
        (filing(1, note="已注销"), {"note": (None, "已注销")}),
        (filing(1, name="新名", entity="新主体"), {
            "algorithm_name": ("算法", "新名"), "entity_name": ("公司", "新主体"),
        }),
    ],
)  # fmt: skip
def test_an_amendment_tells_old_and_new_of_the_columns_that_differ(tmp_path, after, columns):
    (amendment,) = changes(tmp_path, [filing(1), filing(2)], [after, filing(2)]).amended
    assert (int(amendment.filing.filing_number), amendment.columns) == (1, columns)


def test_where_a_filing_stands_is_no_change_to_it(tmp_path):
    found = changes(tmp_path, [filing(1, place=1)], [filing(1, place=2)])
    assert (found.added, found.amended, found.gone) == ((), (), ())
    assert found.summary == "1 filings in 1 batches: same filings, other figures"


def test_the_first_release_is_compared_with_none(tmp_path):
    found = compare(write_parquet(tmp_path, [filing(1), filing(2)]), None)
    assert found.before is None and found.summary == "first release: 2 filings in 1 batches"
    assert "| 1 | 2 |" in to_markdown(found, "r1")


def page(name: str) -> str:
    """The page with this text in each place where a text can be."""
    shown = Filing("1", 1, name, name)
    return to_markdown(
        Changes("r1", 3, {1: 3}, (shown,), (Amendment(shown, {"note": (name, None)}),), (shown,)),
        "r2",
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("a|b", r"a\|b"),
        ("**b** _i_ `c`", r"\*\*b\*\* \_i\_ \`c\`"),
        ("[x](http://evil)", r"\[x\](http://evil)"),
        ("~~gone~~ &lt;b&gt;", r"\~\~gone\~\~ \&lt;b\&gt;"),
        ("back\\slash", r"back\\slash"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_name_never_acts_as_markdown_or_html(text, escaped):
    assert page(text).count(escaped) == 7
    assert text not in page(text).replace(escaped, "")


def test_every_table_row_of_the_page_has_four_cells():
    rows = [line for line in page("a|b\nc").splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {5}


def test_an_empty_value_is_called_empty():
    assert "- note: x → (empty)" in page("x")
