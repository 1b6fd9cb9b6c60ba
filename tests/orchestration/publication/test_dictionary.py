"""The data dictionary names every table and column, whatever signs their descriptions hold."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.publication.context import ReleaseContext
from orchestration.publication.dictionary import DICTIONARY, write_dictionary
from orchestration.runtime.texts import literal, prose
from orchestration.warehouse.marts import Mart
from tests.orchestration.publication.release_factories import make_context, make_filing


def dictionary_of(context: ReleaseContext) -> str:
    write_dictionary(context)
    return (context.folder / DICTIONARY).read_text()


def sections(page: str) -> list[str]:
    return re.findall(r"^## (.+)$", page, re.MULTILINE)


def described(folder: Path, table: str, column: str) -> str:
    """The dictionary of a table `extra` with one column `n`, so described."""
    context = make_context(folder, make_filing(1), extra="select 1 as n")
    marts = [*context.marts[:-1], Mart("extra", table, {"n": column})]
    return dictionary_of(replace(context, marts=marts))


def test_every_table_has_its_rows_its_columns_and_their_types(tmp_path):
    page = dictionary_of(
        make_context(tmp_path, make_filing(1), make_filing(2), extra="select [0.5] as parts")
    )
    assert "| [`filings`](#filings) | 2 | One row is one of filings. |" in page
    assert "| `filing_number` | `VARCHAR` | What filing\\_number says. |" in page
    assert "| `announced_on` | `DATE` | What announced\\_on says. |" in page
    assert "| `parts` | `DECIMAL(2,1)[]` | What parts says. |" in page


def test_it_begins_with_where_the_tables_come_from_and_how_far_they_reach(tmp_path):
    page = dictionary_of(make_context(tmp_path, make_filing(1)))
    for said in (
        "Cyberspace Administration of China", "one batch", "batch 7, announced on 2024-08-05",
        "2025-01-02 03:04:05 UTC", "`replica`", "`1.0.0+abc1234`", "`c0ffee`",
    ):  # fmt: skip
        assert said in page.split("| table |")[0]


def test_the_most_wanted_tables_come_first_and_a_new_one_by_itself(tmp_path):
    page = dictionary_of(
        make_context(tmp_path, make_filing(1), zoo="select 1 as n", ant="select 1 as n")
    )
    assert sections(page) == ["filings", "batches", "filing_events", "ant", "zoo"]


def test_a_column_without_description_is_listed_all_the_same(tmp_path):
    context = make_context(tmp_path, make_filing(1), extra="select 1 as n")
    marts = [*context.marts[:-1], Mart("extra", "Something.", {})]
    assert "| `n` | `INTEGER` |  |" in dictionary_of(replace(context, marts=marts))


@pytest.mark.parametrize("odd", ["a | b", "`a|b` | c", "two\n\nlines", "a \\| b", "# no heading"])
def test_no_description_breaks_a_table(tmp_path, odd):
    page = described(tmp_path, odd, odd)
    (column,) = [line for line in page.splitlines() if line.startswith("| `n` |")]
    (table,) = [line for line in page.splitlines() if line.startswith("| [`extra`]")]
    for line in (column, table):
        # A bar counts unless an odd number of backslashes stands before it.
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 4
    assert sections(page)[-1] == "extra"


def test_the_same_release_gives_the_same_dictionary(tmp_path):
    pages = [
        dictionary_of(make_context(tmp_path / name, make_filing(1))) for name in ("one", "two")
    ]
    assert pages[0] == pages[1] != ""


def test_in_a_description_code_stays_code_and_all_else_is_text():
    assert prose("one `a_b|c` *or* a_b\n <b>") == r"one `a_b\|c` \*or\* a\_b \<b\>"
    assert prose("an odd ` sign") == r"an odd \` sign"
    assert prose("a\u202eb, see https://a.b") == "a\ufffdb, see https://a.b"
    assert literal("a `b`\n|c|") == r"a \`b\` \|c\|"
