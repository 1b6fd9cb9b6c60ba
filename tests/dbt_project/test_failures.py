"""What stops a build, what only warns, and what the marts leave out; on made-up lists."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.dbt_project.builds import BuildResult
from tests.dbt_project.validated_data import ListFact, filing

pytestmark = pytest.mark.many_builds

Build = Callable[[Path, list[ListFact]], BuildResult]
REVIEW = "matches_review_batches_ref_reviewed_batches_"


def numbers(region: str, count: int, kind: str = "0123") -> list[str]:
    """Made-up filing numbers of one region, each of an entity of its own."""
    return [f"{region}{entity:07d}{kind}0011" for entity in range(1, count + 1)]


def a_list(batch_no: int, region: str, count: int, **fields: object) -> ListFact:
    filings = tuple(filing(number, batch_no) for number in numbers(region, count))
    announced_on = date(2023, 6, 20) + timedelta(days=batch_no)
    return ListFact(batch_no, filings, announced_on, **fields)


ONE_LIST = "every_number_is_in_one_list"


def test_a_list_that_repeats_another_whole_stops_the_marts(build_lists: Build, tmp_path: Path):
    built = build_lists(tmp_path, [a_list(1, "110108", 41), a_list(2, "110108", 110)])
    assert "counts_of_a_batch_agree" in built.named("fail")
    assert "regions_by_batch" in built.named("skipped")


def test_a_number_in_two_lists_is_one_filing_and_is_told(build_lists: Build, tmp_path: Path):
    first, second = a_list(1, "110108", 41), a_list(2, "310104", 109)
    again = replace(first.filings[0], products="另一（APP）")
    second = replace(second, filings=(*second.filings, again))
    built = build_lists(tmp_path, [first, second])
    assert (built.named("fail"), built.statuses[ONE_LIST]) == (set(), "warn")
    assert built.rows("select batch_no, filings, counted_elsewhere from batches order by 1") == [
        (1, 40, 1), (2, 110, 0),
    ]  # fmt: skip
    assert built.statuses[REVIEW] == "pass"
    number = again.filing_number
    assert built.rows(
        "select batch_no, other_batch_nos, products, version_count from filings "
        f"where filing_number = '{number}'"
    ) == [(2, [1], "另一（APP）", 1)]


def test_a_number_that_another_list_gives_to_another_algorithm_stays_where_it_was(
    build_lists: Build, tmp_path: Path
):
    first, second = a_list(1, "110108", 41), a_list(2, "310104", 109)
    other = replace(first.filings[0], algorithm_name="完全另外的算法")
    second = replace(second, filings=(*second.filings, other))
    built = build_lists(tmp_path, [first, second])
    assert (built.named("fail"), built.statuses[ONE_LIST]) == (set(), "warn")
    assert built.rows("select batch_no, filings, counted_elsewhere from batches order by 1") == [
        (1, 41, 0), (2, 109, 1),
    ]  # fmt: skip


def test_a_row_lost_or_invented_stops_the_marts(build_lists: Build, tmp_path: Path):
    lists = [a_list(1, "110108", 41, accepted=40)]
    assert "matches_accepted_rows_filings_ref_stg_deep_synthesis__list_versions_" in build_lists(
        tmp_path, lists
    ).named("fail")


@pytest.mark.parametrize(
    ("rows", "quarantined", "differs", "short"),
    [
        (41, 0, "pass", "pass"),
        (39, 2, "pass", "pass"),  # quarantined rows were listed all the same
        (42, 0, "warn", "pass"),
        (40, 0, "warn", "pass"),
        (38, 0, "warn", "fail"),  # more than 5 % short of a count made row by row
    ],
)
def test_counts_are_compared_with_the_review(
    build_lists: Build, tmp_path: Path, rows: int, quarantined: int, differs: str, short: str
):
    built = build_lists(tmp_path, [a_list(1, "110108", rows, quarantined=quarantined)])
    assert built.statuses[REVIEW] == differs
    assert built.statuses["not_short_of_review_batches_ref_reviewed_batches___0_05"] == short


def test_a_batch_missing_between_others_and_a_new_one_only_warn(build_lists: Build, tmp_path: Path):
    # 1 and 99 are there: 2 to 18 are reviewed but missing, 99 is not reviewed.
    built = build_lists(tmp_path, [a_list(1, "110108", 41), a_list(99, "310104", 5)])
    assert built.named("fail", "error", "skipped") == set()
    assert built.named("warn") == {REVIEW}
    message = built.messages[REVIEW]
    assert message.startswith("Got 18 results")
    assert built.rows("select batch_no, reviewed_filings from batches") == [(1, 41), (99, None)]


def test_only_the_current_version_of_a_list_counts(build_lists: Build, tmp_path: Path):
    first = a_list(1, "110108", 42, is_current=False)
    amended = a_list(1, "110108", 41, version_no=2)
    held_back = a_list(2, "310104", 3, status="held_back", is_current=False)
    built = build_lists(tmp_path, [first, amended, held_back])
    assert built.problems == set()
    assert built.rows("select batch_no, filings, list_versions from batches") == [(1, 41, 2)]
    assert built.rows(
        "select list_status, list_version, count(*) from filings group by all order by 1"
    ) == [
        ("listed", amended.list_version, 41),
        ("withdrawn_from_list", first.list_version, 1),
    ]


def test_an_unknown_region_keeps_its_filing_and_is_listed(build_lists: Build, tmp_path: Path):
    known = a_list(1, "110108", 37)
    slip, unknown = numbers("406301", 2), numbers("440399", 2)
    filings = (*known.filings, *(filing(number) for number in slip + unknown))
    built = build_lists(tmp_path, [replace(known, filings=filings)])
    assert built.problems == {"relationships_filings_region_code__code__ref_divisions_"}
    assert built.rows(
        "select province_name, filings from regions_by_batch order by filings desc, 1"
    ) == [("北京市", 37), ("广东省", 2), ("未识别", 2)]
    assert built.rows(
        "select distinct region_code, city_name, region_status from filings "
        "where region_status != 'current' order by 1"
    ) == [("406301", "未识别", "unresolved"), ("440399", "未标明", "unresolved")]


def test_a_rebuilt_warehouse_forgets_what_was_there(build_lists: Build, tmp_path: Path):
    assert build_lists(tmp_path, [a_list(1, "110108", 42)]).named("fail") == set()
    changed = filing(numbers("310104", 1)[0], note="已注销", products="--")
    list_now = replace(a_list(1, "110108", 40), version_no=2)
    list_now = replace(list_now, filings=(*list_now.filings, changed))
    for file in (tmp_path / "validated").rglob("*.parquet"):
        file.unlink()
    built = build_lists(tmp_path, [list_now])
    assert built.problems == set()
    assert built.rows(
        "select count(*), sum(product_count), sum(is_cancelled::int) from filings"
    ) == [(41, 40, 1)]
