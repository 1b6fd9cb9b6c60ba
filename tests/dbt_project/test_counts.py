"""Counts and shares over made-up lists: what is counted, where, and what is left out."""

from datetime import date

import pytest

from tests.dbt_project import made_up as lists
from tests.dbt_project.builds import BuildResult


def test_batches_count_listed_filings_only(made_up: BuildResult):
    assert made_up.rows(
        "select batch_no, filings, entities, new_entities, cumulative_filings, cancelled, "
        "withdrawn, quarantined_rows, counted_elsewhere, rows_listed, list_versions from batches"
    ) == [
        (101, 8, 8, 8, 8, 1, 2, 1, 0, 9, 3),
        (102, 2, 2, 2, 10, 0, 0, 0, 2, 4, 1),
        (103, 3, 3, 3, 13, 0, 0, 0, 1, 4, 2),
        (104, 2, 1, 1, 15, 0, 0, 1, 0, 3, 1),
        (105, 2, 2, 2, 17, 0, 0, 0, 0, 2, 2),
        (106, 3, 1, 1, 20, 0, 0, 0, 0, 3, 1),
        (107, 2, 1, 1, 22, 0, 0, 0, 0, 2, 1),
        (108, 3, 3, 3, 25, 1, 0, 0, 0, 3, 1),
    ]


def test_entities_without_listed_filings_are_kept_with_zero(made_up: BuildResult):
    assert made_up.rows("select sum(filings), sum(cancelled), count(*) from entities") == [
        (25, 2, 24)
    ]
    assert made_up.rows("select entity_id from entities where filings = 0 order by 1") == [
        ("0000002",), ("0000003",), ("0000009",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mart", "total"),
    [
        ("regions_by_batch", "sum(filings)"),
        ("cities_by_batch", "sum(filings)"),
        ("roles_by_batch", "sum(filings)"),
        ("sectors_by_batch", "sum(filings)"),
        ("sectors_by_year", "sum(filings)"),
        ("regions_by_sector", "sum(filings)"),
        ("cities_by_sector", "sum(filings)"),
        ("roles_by_sector", "sum(providers + technical_supporters)"),
        ("entities_by_sector", "sum(filings)"),
        ("modalities_by_batch", "sum(filings) filter (side = 'output' and modality = 'text')"),
    ],
)
def test_a_mart_of_counts_counts_each_listed_filing_once(
    made_up: BuildResult, mart: str, total: str
):
    assert made_up.rows(f"select {total} from {mart}") == [(25,)]


def test_roles_and_cancellations_are_counted_by_sector(made_up: BuildResult):
    assert made_up.rows(
        "select sum(technical_supporters), (select sum(cancelled) from entities_by_sector) "
        "from roles_by_sector"
    ) == [(1, 2)]
    assert made_up.rows(
        "select batch_no, filings, cumulative_filings from roles_by_batch "
        "where role = 'technical_supporter' and batch_no > 106"
    ) == [(107, 0, 0), (108, 1, 1)]


def test_unknown_division_does_not_count_as_a_place_but_in_the_total(made_up: BuildResult):
    assert made_up.rows(
        "select province_name, filings from regions_by_batch where batch_no = 106 order by 1"
    ) == [("北京市", 1), ("广东省", 1), (None, 1)]
    assert made_up.rows(
        "select count(distinct province_code), count(distinct city_code) from filings"
    ) == [(2, 1)]
    assert made_up.rows(
        "select region_code, city_name, city_name_en, region_status from filings "
        "where region_status != 'current' order by 1"
    ) == [
        ("406301", None, None, "unresolved"),
        ("440399", None, None, "unresolved"),
    ]


def test_days_to_listing_are_bounded_by_the_year_of_the_number(made_up: BuildResult):
    # The list of batch 101 was announced on 2024-05-20, and amended to include LATE.
    bounds = "listed_on, days_to_listing_min, days_to_listing_max"
    (steady, late) = (
        made_up.rows(f"select {bounds} from {mart} where {key} = '{number}'")
        for mart, key, number in [
            ("filings", "filing_number", lists.STEADY), ("registrations", "number", lists.LATE),
        ]
    )  # fmt: skip
    announced, year = date(2024, 5, 20), date(2023, 1, 1)
    shortest = (announced - date(2023, 12, 31)).days
    assert steady == [(announced, shortest, (announced - year).days)]
    ((listed_on, lower, upper),) = late
    assert listed_on > announced and (lower, upper) == (shortest, (listed_on - year).days)


def test_days_of_a_service_are_counted_from_the_printed_date(made_up: BuildResult):
    # Passed on 2025-01-02, in the list of 2025-02, which appeared by the end of March.
    assert made_up.rows(
        "select days_to_listing_min, days_to_listing_max from generative_services "
        f"where service_number = '{lists.KNOWN}'"
    ) == [(30, 88)]


def test_products_are_those_of_the_latest_row(made_up: BuildResult):
    assert made_up.rows("select count(*), count(distinct product_name) from products") == [(27, 2)]
    assert made_up.rows("select sum(product_count) from filings") == [(27,)]
    assert made_up.rows("select sum(products) from entities") == [(24,)]


def test_rates_are_of_filings_in_force_and_numbers_listed(made_up: BuildResult):
    assert made_up.rows(
        "select basis, batch_no, passed, submitted from pass_rates "
        "where passed < submitted order by all"
    ) == [("in_force", 101, 7, 10), ("in_force", 108, 2, 3), ("issued", 104, 3, 4)]


def test_a_batch_is_compared_with_the_one_announced_nearest_to_a_year_earlier(
    made_up: BuildResult,
):
    assert made_up.rows(
        "select distinct batch_no, year_before_batch_no from sectors_by_batch order by 1"
    ) == [
        (101, None), (102, None), (103, 101), (104, 102), (105, 102), (106, 102), (107, 102),
        (108, 102),
    ]  # fmt: skip


def test_every_expected_error_of_a_sector_is_missed_by_another_one(register: BuildResult):
    wrong, missed, filings = register.rows(
        "select sum(wrong), sum(missed), (select sum(1 - sector_confidence) from filings "
        "where list_status = 'listed') from int_sector_errors"
    )[0]
    assert wrong == pytest.approx(filings) and missed == pytest.approx(filings)
