"""The shipped register in the marts: the totals that are known of it."""

import pytest

from tests.dbt_project.building import Built


def test_everything_builds_and_no_test_even_warns(register: Built):
    assert register.problems == set()
    assert {"filings", "batches", "pass_rates"} <= register.named("success")


def test_3444_filings_stand_in_11_batches_as_reviewed(register: Built):
    rows = register.rows("select count(*), count(distinct filing_number) from filings")
    assert rows == [(3444, 3444)]
    batches = register.rows(
        "select batch_no, filings, reviewed_filings, cumulative_filings from batches"
    )
    assert [row[0] for row in batches] == list(range(1, 12))
    assert all(filings == reviewed for _, filings, reviewed, _ in batches)
    assert [row[3] for row in batches][-2:] == [3234, 3444]


def test_the_provinces_of_the_first_ten_batches_are_the_known_ones(register: Built):
    rows = register.rows(
        "select province_name_en, cumulative_filings, round(cumulative_share * 100, 1) "
        "from regions_by_batch where batch_no = 10 order by 2 desc limit 8"
    )
    assert [row[:2] for row in rows] == [
        ("Beijing", 887), ("Guangdong", 677), ("Shanghai", 471), ("Zhejiang", 355),
        ("Jiangsu", 150), ("Sichuan", 121), ("Fujian", 95), ("Hubei", 80),
    ]  # fmt: skip
    assert [row[2] for row in rows[:4]] == [27.4, 20.9, 14.6, 11.0]


def test_every_filing_has_a_place_and_old_codes_theirs(register: Built):
    rows = register.rows(
        "select distinct region_code, city_name, district_name, region_status from filings "
        "where region_status != 'current' or region_code like '4690%'"
    )
    assert set(rows) == {
        ("441901", "东莞市", None, "left_over"),
        ("442001", "中山市", None, "left_over"),
        ("500105", "重庆市", "江北区", "retired"),
        ("500112", "重庆市", "渝北区", "retired"),
        ("469023", "澄迈县", "澄迈县", "current"),
        ("469028", "陵水黎族自治县", "陵水黎族自治县", "current"),
    }


def test_no_rate_is_invented_and_each_names_its_denominator(register: Built):
    rows = register.rows(
        "select batch_no, basis, passed, submitted, is_official, is_implied from pass_rates"
    )
    reported = {row[0]: row[2:] for row in rows if row[1] == "reported"}
    assert reported == {1: (41, 50, False, True), 10: (395, 590, False, True)}
    assert not [row for row in rows if row[1] == "submissions"]
    assert len([row for row in rows if row[1] == "in_force"]) == 11
    assert register.rows("select count(*) from pass_rates where denominator is null") == [(0,)]


def test_the_running_numbers_have_six_gaps(register: Built):
    totals = "select sum(passed), sum(submitted) from pass_rates where basis = "
    assert register.rows(totals + "'issued'") == [(3434, 3440)]
    assert register.rows(totals + "'in_force'") == [(3404, 3444)]
    assert register.rows("select sum(cancelled) from batches") == [(40,)]


@pytest.mark.parametrize("mart", ["regions_by_batch", "cities_by_batch", "sectors_by_batch"])
def test_the_last_batch_holds_the_whole_register_in_parts(register: Built, mart: str):
    totals = register.rows(
        f"select sum(filings), sum(cumulative_filings), round(sum(share), 9), "
        f"round(sum(cumulative_share), 9) from {mart} where batch_no = 11"
    )
    assert totals == [(210, 3444, 1.0, 1.0)]


def test_every_sector_has_a_row_in_every_batch(register: Built):
    assert register.rows("select count(*) from sectors_by_batch") == [(11 * 20,)]


def test_names_and_counts_of_one_known_filing(register: Built):
    rows = register.rows(
        "select batch_no, list_position, row_no, entity_id, city_name, district_name, "
        "product_count, issued_year, serial_no, is_cancelled "
        "from filings where filing_number = '110108007153201230015'"
    )
    assert rows == [(1, 2, 2, "0071532", "北京市", "海淀区", 1, 2023, 1, False)]
