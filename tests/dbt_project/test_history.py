"""Successive versions of one list in the marts: what is amended, withdrawn, renamed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from orchestration.validation.contracts.parsed_fields import NOTE_EVENT, note_events
from scrapers.replica.facts import CancellationFact, FilingFact
from tests.dbt_project.builds import BuildResult
from tests.dbt_project.validated_data import ListFact, filing, write_validated
from tests.support.registers import check_digit

pytestmark = pytest.mark.many_builds

NOTICE = CancellationFact(
    "notice_1", date(2025, 7, 14), "关于注销“甲算法”等2个算法备案编号的公告", "甲算法",
    "服务提供者", "公司0000001", "--", "", "2025年7月",
)  # fmt: skip


def number(entity: int, serial: int = 1, kind: str = "01") -> str:
    digits = f"110108{entity:07d}{kind}23{serial:03d}"
    return digits + check_digit(digits)


def rows(*entities: int) -> list[FilingFact]:
    return [filing(number(entity)) for entity in entities]


def versions(*lists: list[FilingFact], **last: object) -> list[ListFact]:
    """The versions of the list of one batch; the last one is current, with these fields."""
    facts = [
        ListFact(1, tuple(rows_of_one), version_no=n, is_current=False)
        for n, rows_of_one in enumerate(lists, 1)
    ]
    return [*facts[:-1], replace(facts[-1], is_current=True, **last)]


@pytest.fixture(scope="module")
def built(
    build_lists: Callable[..., BuildResult], tmp_path_factory: pytest.TempPathFactory
) -> BuildResult:
    """40 filings; then one is amended, one withdrawn, one misprinted, one renamed."""
    first = rows(*range(1, 41))
    second = [row for row in first if row.filing_number not in (number(2), number(3))]
    second[0] = replace(second[0], products="新产品（APP）、另一（网站）")
    second[9] = replace(second[9], entity_name="全然不同的一家企业")
    second += rows(41, 42)
    lists = versions(first, second, quarantined=1, quarantined_numbers=(number(3),))
    records = [
        replace(NOTICE, filing_number=number(1)),
        replace(NOTICE, filing_number=number(1, kind="02"), role="检索过滤类"),
    ]
    return build_lists(tmp_path_factory.mktemp("history"), lists, records)


def test_nothing_that_a_list_once_showed_is_lost(built: BuildResult):
    assert built.rows(
        "select list_status, count(*) from filings group by 1 order by 1"
    ) == [("listed", 40), ("quarantined", 1), ("withdrawn_from_list", 1)]  # fmt: skip
    assert built.rows(
        "select filing_number, version_no from filings join filing_versions using (filing_number) "
        "where list_status = 'withdrawn_from_list' and "
        "filing_versions.last_list_version = filings.list_version"
    ) == [(number(2), 1)]


def test_counts_take_the_listed_ones_only(built: BuildResult):
    assert built.rows(
        "select filings, entities, withdrawn, quarantined_rows, list_versions from batches"
    ) == [(40, 40, 1, 1, 2)]
    assert built.rows("select sum(filings) from regions_by_batch") == [(40,)]
    assert built.rows("select sum(filings), count(*) from entities") == [(40, 42)]


def test_an_amended_filing_has_two_versions_with_what_changed(built: BuildResult):
    assert built.rows(
        "select version_no, changed_columns, ended_as, products from filing_versions "
        f"where filing_number = '{number(1)}' order by 1"
    ) == [
        (1, [], "amended", "某某（APP）"),
        (2, ["products"], None, "新产品（APP）、另一（网站）"),
    ]
    assert built.rows(
        f"select product_name, kind from products where filing_number = '{number(1)}' order by 1"
    ) == [("另一", "website"), ("新产品", "app")]


def test_a_name_replaced_in_the_list_is_a_former_name_for_review(built: BuildResult):
    assert built.rows(
        "select entity_name, former_names, is_for_review from entities where len(former_names) > 0"
    ) == [("全然不同的一家企业", ["公司0000012"], True)]


def test_a_cancellation_counts_by_its_number_and_takes_it_out_of_force(built: BuildResult):
    assert built.rows("select filing_number, cancelled_month from filings where is_cancelled") == [
        (number(1), "2025-07")
    ]
    assert built.rows("select passed, submitted from pass_rates where basis = 'in_force'") == [
        (39, 41)
    ]


def test_what_happened_is_told_filing_by_filing(built: BuildResult):
    assert built.rows(
        "select filing_number, event, source, column_name, new_value from filing_events "
        "where event != 'listed' order by all"
    ) == [
        (number(1), "amended", "list", "products", "新产品（APP）、另一（网站）"),
        (number(1), "cancelled", "notice", None, None),
        (number(2), "withdrawn_from_list", "list", None, None),
        (number(12), "amended", "list", "entity_name", "全然不同的一家企业"),
    ]


def test_a_name_given_up_and_taken_up_again_is_the_latest(
    build_lists: Callable[..., BuildResult], tmp_path
):
    before, between = filing(number(1)), replace(filing(number(1)), entity_name="另一个名称")
    made = build_lists(tmp_path, versions([before], [between], [before]))
    assert made.rows("select entity_name, former_names from entities") == [
        (before.entity_name, ["另一个名称"])
    ]
    assert made.rows("select changed_values from filing_versions where version_no = 3") == [
        ([{"column_name": "entity_name", "old_value": "另一个名称",
           "new_value": before.entity_name}],)
    ]  # fmt: skip


@pytest.mark.parametrize("years", [(2026, 2025, 2026), (2026, 2099, 2026)])
def test_names_that_a_wrong_clock_made_do_not_change_the_order(
    build_lists: Callable[..., BuildResult], tmp_path, years
):
    others = range(100, 140)
    first, third = rows(1, 2, *others), rows(1, 2, 4, *others)
    second = [replace(first[0], products="新产品（APP）"), *first[1:], *rows(3)]
    lists = [
        replace(fact, clock=datetime(year, 1, fact.version_no))
        for fact, year in zip(versions(first, second, third), years, strict=True)
    ]
    made = build_lists(tmp_path, lists)
    assert made.named("fail", "error", "skipped") == set()
    assert made.rows(
        "select filing_number, version_no, ended_as, products from filing_versions "
        "where entity_id::integer < 100 order by all"
    ) == [
        (number(1), 1, "amended", "某某（APP）"),
        (number(1), 2, "amended", "新产品（APP）"),
        (number(1), 3, None, "某某（APP）"),
        (number(2), 1, None, "某某（APP）"),
        (number(3), 1, "withdrawn_from_list", "某某（APP）"),
        (number(4), 1, None, "某某（APP）"),
    ]
    assert made.rows("select list_versions, filings, withdrawn from batches") == [(3, 43, 1)]


def test_a_number_that_stands_in_quarantine_alone_was_listed_all_the_same(
    build_lists: Callable[..., BuildResult], tmp_path
):
    listed = [filing(number(1, serial=serial)) for serial in (1, 4)]
    lists = versions(listed, quarantined=1, quarantined_numbers=(number(1, serial=3),))
    made = build_lists(tmp_path, lists)
    assert made.rows("select serial_no, is_listed from issued_numbers order by 1") == [
        (1, True), (2, False), (3, True), (4, True),
    ]  # fmt: skip


def test_a_number_in_two_notices_counts_once_and_other_months_are_told(
    build_lists: Callable[..., BuildResult], tmp_path
):
    first = replace(NOTICE, filing_number=number(1), title="关于注销“甲算法”算法备案编号的公告")
    again = replace(first, notice_id="notice_2", notice_date=date(2025, 9, 1))
    later = replace(again, cancelled_month="2025年8月")
    made = build_lists(tmp_path / "same", versions(rows(*range(1, 42))), [first, again])
    assert made.problems == set()
    assert made.rows("select notice_id, is_repeated from cancellations order by 1") == [
        ("notice_1", False), ("notice_2", True),
    ]  # fmt: skip
    made = build_lists(tmp_path / "other", versions(rows(*range(1, 42))), [first, later])
    assert made.statuses["one_month_per_number_cancellations_"] == "warn"
    cancelled = "select cancelled_month, cancellation_notice_id from filings where is_cancelled"
    assert made.rows(cancelled) == [("2025-07", "notice_1")]


def test_two_names_of_one_code_that_nothing_connects_are_told(
    build_lists: Callable[..., BuildResult], tmp_path
):
    one = filing(number(1))
    other = replace(filing(number(1, serial=2)), entity_name="完全另外的机构")
    made = build_lists(tmp_path, versions([one, other]))
    test = "one_code_one_company_entity_names_ref_reviewed_entity_names_"
    assert made.statuses[test] == "warn"
    assert made.rows("select count(*) from entity_names where relation = 'unexplained'") == [(1,)]


def test_a_notice_with_fewer_records_than_its_title_says_is_told(
    build_lists: Callable[..., BuildResult], tmp_path
):
    made = build_lists(tmp_path, versions(rows(1)), [replace(NOTICE, filing_number=number(1))])
    told = [name for name in made.named("warn") if name.startswith("notice_counts_agree")]
    assert len(told) == 1


def test_a_note_that_nobody_understands_is_told(command: Callable[..., BuildResult], tmp_path):
    data = write_validated(tmp_path, versions(rows(*range(1, 42))))
    (path,) = data.glob("validated/001/*.parquet")
    listed = pl.read_parquet(path)
    listed.with_columns(
        note=pl.lit("转让给乙公司"),
        note_events=pl.Series(
            [note_events("转让给乙公司")] * listed.height, dtype=pl.List(NOTE_EVENT)
        ),
    ).write_parquet(path)
    made = command(data, "build", "--exclude-resource-type", "unit_test")
    assert made.statuses["every_note_is_understood"] == "warn"
    assert made.messages["every_note_is_understood"].startswith("Got 41 results")
    assert made.named("fail", "error", "skipped") == set()
