"""The data dictionary: tables, columns, origin, and escaping of descriptions."""

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration.publication.catalogue import Reach, reach
from orchestration.publication.context import ReleaseContext
from orchestration.publication.dictionary import DICTIONARY, write_dictionary
from orchestration.publication.registers import RegisterRows
from orchestration.runtime.texts import literal, prose
from orchestration.warehouse.marts import Mart
from tests.orchestration.publication.release_factories import (
    COMPARED,
    make_context,
    make_filing,
    with_services,
)


def dictionary_of(context: ReleaseContext) -> str:
    write_dictionary(context)
    return (context.folder / DICTIONARY).read_text()


def sections(page: str) -> list[str]:
    return re.findall(r"^## (.+)$", page, re.MULTILINE)


def described(folder: Path, table: str, column: str) -> str:
    """The dictionary with a table `extra` and its column `n`, with these descriptions."""
    context = make_context(folder, make_filing(1), extra="select 1 as n")
    marts = [*context.marts[:-1], Mart("extra", table, {"n": column})]
    return dictionary_of(replace(context, marts=marts))


def test_every_table_has_row_count_columns_and_types(tmp_path):
    page = dictionary_of(
        make_context(tmp_path, make_filing(1), make_filing(2), extra="select [0.5] as parts")
    )
    assert "| [`filings`](#filings) | 2 | One row is one of filings. |" in page
    assert "| `filing_number` | `VARCHAR` | What filing\\_number says. |" in page
    assert "| `announced_on` | `DATE` | What announced\\_on says. |" in page
    assert "| `parts` | `DECIMAL(2,1)[]` | What parts says. |" in page


def test_introduction_states_origin_and_coverage(tmp_path):
    page = dictionary_of(make_context(tmp_path, make_filing(1)))
    for stated in (
        "Cyberspace Administration of China",
        "(深度合成服务算法备案), 1 filing in 1 batch (list of February 2024).",
        "batch 7, announced on 2024-08-05",
        "As of: list of February 2024 (2024 年 2 月清单); fetched on 2025-01-02 (UTC)",
        "`replica`", "`1.0.0+abc1234`", "`c0ffee`",
    ):  # fmt: skip
        assert stated in page.split("| table |")[0]


def test_coverage_is_that_of_the_last_batch_and_the_newest_event(tmp_path):
    context = make_context(
        tmp_path,
        make_filing(1),
        batches="from (values (7, date '2024-08-05', timestamp '2025-01-02 03:04:05.678'), "
        "(6, date '2024-09-01', timestamp '2024-01-01')) "
        "as t(batch_no, announced_on, retrieved_at)",
        filing_events="select timestamp '2025-06-01 00:00:00.9' as seen_at",
    )
    registers = (RegisterRows(COMPARED, {1: 1}),)
    assert reach(context) == Reach(
        context.state(), datetime(2025, 6, 1), 2, 7, date(2024, 8, 5), registers
    )


def test_release_without_batches_names_no_last_batch(tmp_path):
    context = make_context(
        tmp_path,
        batches="select 1 as batch_no, current_date as announced_on, "
        "timestamp '2025-01-01' as retrieved_at limit 0",
        filing_events="select timestamp '2025-06-01' as seen_at",
    )
    page = dictionary_of(context)
    assert "0 filings in 0 batches (no lists yet). As of: no lists yet" in page
    assert "None" not in page


def test_main_tables_come_first_and_others_by_name(tmp_path):
    page = dictionary_of(
        make_context(tmp_path, make_filing(1), zoo="select 1 as n", ant="select 1 as n")
    )
    assert sections(page) == ["filings", "batches", "filing_events", "ant", "zoo"]


def test_marts_of_registers_come_before_all_others_in_their_order(tmp_path):
    context = with_services(tmp_path, registrations="select 1 as n", ant="select 1 as n")
    assert sections(dictionary_of(context)) == [
        "filings", "services", "registrations", "batches", "filing_events", "ant",
    ]  # fmt: skip
    introduction = dictionary_of(context).split("| table |")[0]
    assert (
        "Deep-synthesis algorithms (深度合成服务算法备案), 1 filing in 1 batch (list of February "
        "2024); Generative AI services (生成式人工智能服务备案与登记), 3 services in 2 lists "
        "(lists to June 2026)."
    ) in introduction


def test_column_without_description_is_listed(tmp_path):
    context = make_context(tmp_path, make_filing(1), extra="select 1 as n")
    marts = [*context.marts[:-1], Mart("extra", "Something.", {})]
    assert "| `n` | `INTEGER` |  |" in dictionary_of(replace(context, marts=marts))


@pytest.mark.parametrize("odd", ["`a|b` | c", "two\n\nlines", "a \\| b", "# no heading"])
def test_description_does_not_break_the_table(tmp_path, odd):
    page = described(tmp_path, odd, odd)
    (column,) = [line for line in page.splitlines() if line.startswith("| `n` |")]
    (table,) = [line for line in page.splitlines() if line.startswith("| [`extra`]")]
    for line in (column, table):
        # A bar counts unless it is escaped by an odd number of backslashes.
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 4
    assert sections(page)[-1] == "extra"


def test_dictionary_is_deterministic(tmp_path):
    pages = [
        dictionary_of(make_context(tmp_path / name, make_filing(1))) for name in ("one", "two")
    ]
    assert pages[0] == pages[1] != ""


def test_prose_keeps_code_and_escapes_everything_else():
    assert prose("one `a_b|c` *or* a_b\n <b>") == r"one `a_b\|c` \*or\* a\_b \<b\>"
    assert prose("an odd ` sign") == r"an odd \` sign"
    assert prose("a\u202eb, see https://a.b") == "a\ufffdb, see https://a.b"
    assert literal("a `b`\n|c|") == r"a \`b\` \|c\|"
