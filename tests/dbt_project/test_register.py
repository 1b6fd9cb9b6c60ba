"""The shipped register in the marts: its known totals."""

from datetime import date

import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.publication.report.sections.sectors.by_region import BY_REGION
from tests.dbt_project.builds import BuildResult
from tests.support import paths


def test_only_known_oddities_of_the_services_warn(register: BuildResult):
    assert register.problems == {
        "positions_run_on_generative_services_",
    }
    assert {"filings", "batches", "pass_rates"} <= register.named("success")


def test_18_batches_have_7764_filings_as_reviewed(register: BuildResult):
    rows = register.rows("select count(*), count(distinct filing_number) from filings")
    assert rows == [(7_764, 7_764)]
    batches = register.rows(
        "select batch_no, filings, reviewed_filings, cumulative_filings from batches"
    )
    assert [row[0] for row in batches] == list(range(1, 19))
    assert all(filings == reviewed for _, filings, reviewed, _ in batches)
    assert [row[3] for row in batches][9:] == [
        3234, 3444, 3833, 4419, 5099, 5671, 6450, 7058, 7764,
    ]  # fmt: skip


def test_leading_provinces_of_the_first_ten_batches(register: BuildResult):
    rows = register.rows(
        "select province_name_en, cumulative_filings, round(cumulative_share * 100, 1) "
        "from regions_by_batch where batch_no = 10 order by 2 desc limit 8"
    )
    assert [row[:2] for row in rows] == [
        ("Beijing", 887), ("Guangdong", 677), ("Shanghai", 471), ("Zhejiang", 355),
        ("Jiangsu", 150), ("Sichuan", 121), ("Fujian", 95), ("Hubei", 80),
    ]  # fmt: skip
    assert [row[2] for row in rows[:4]] == [27.4, 20.9, 14.6, 11.0]


@pytest.mark.parametrize(
    ("mart", "filings"),
    [
        ("filings", "count(*)"),
        ("entities", "sum(filings)"),
        ("cities_by_batch", "sum(filings)"),
        ("cities_by_sector", "sum(filings)"),
    ],
)
def test_unknown_counts_as_a_filing_but_not_as_a_province_or_city(
    register: BuildResult, mart: str, filings: str
):
    assert register.rows(
        "select count(distinct province_code), count(distinct province_name), "
        f"count(distinct city_code), {filings}, {filings} filter (province_code is null) "
        f"from {mart}"
    ) == [(31, 31, 151, 7764, 4)]


@pytest.mark.parametrize("mart", ["regions_by_batch", "regions_by_sector"])
def test_unknown_does_not_count_as_a_province_in_counts_by_province(
    register: BuildResult, mart: str
):
    assert register.rows(
        f"select count(distinct province_code), sum(filings), "
        f"sum(filings) filter (province_code is null) from {mart}"
    ) == [(31, 7764, 4)]


def test_registrants_and_registrations_are_of_31_provinces(register: BuildResult):
    for mart in ("registrants", "registrations", "registrations_by_region"):
        assert register.rows(
            "select count(distinct province_code), "
            f"count(*) filter (province_name in ('未识别', '未标明')) from {mart}"
        ) == [(31, 0)]


def test_places_without_a_code_have_no_location_quotient(register: BuildResult):
    assert register.rows(
        "select count(*) from regions_by_sector "
        "where province_code is null and location_quotient is not null"
    ) == [(0,)]


def report_query(name: str) -> str:
    """The query of the report with this name."""
    folder = paths.PROJECT / "orchestration" / "publication" / "report" / "queries"
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


def test_what_stands_out_is_taken_from_all_provinces_above_the_threshold_of_the_chart(
    register: BuildResult,
):
    most = register.rows(
        "select province_name_en || ', ' || lower(sector_name_en) || ' (' "
        "|| format('{:.1f}', location_quotient) || '×)' "
        "from regions_by_sector where filings >= 10 and province_code is not null "
        "order by location_quotient desc limit 3"
    )
    columns = ("province_zh", "province_en", "sector_zh", "sector_en", "filings",
               "location_quotient")  # fmt: skip
    rows = register.rows(f"select {', '.join(columns)} from ({report_query('sectors_by_region')})")
    # Tianjin is not one of the twelve largest provinces.
    assert "Tianjin" in {row[columns.index("province_en")] for row in rows}
    finding = BY_REGION.finding([dict(zip(columns, row, strict=True)) for row in rows]).en
    assert finding.endswith(f": {'; '.join(text for (text,) in most)}")


def test_range_of_every_claim_includes_the_value_shown(register: BuildResult):
    query = report_query("claims")
    assert register.rows(
        "select count(*), count(*) filter (measured_value not between lowest_value and "
        f"highest_value) from ({query}) where measured_value is not null"
    ) == [(26, 0)]


def test_queries_of_the_report_count_and_rank_known_places_only(register: BuildResult):
    def rows(name: str, columns: str) -> list[tuple[object, ...]]:
        return register.rows(f"select {columns} from ({report_query(name)})")

    assert rows("headline", "provinces, cities") == [(31, 151)]
    assert rows("regions", "count(*), count(province_zh), max(place), sum(filings)") == [
        (31, 31, 31, 7760)
    ]
    assert rows("cities", "count(*) filter (city_code is null)") == [(0,)]
    assert rows("sectors_by_region", "count(*) filter (province_zh is null)") == [(0,)]
    # The last batch has no filing without a province.
    assert rows("tiers", "round(sum(share) filter (batch_no = 18), 9)") == [(1.0,)]


def test_every_code_of_a_sector_comes_with_its_names(register: BuildResult):
    sectors = register.rows("select sector, sector_name_zh, sector_name_en from sectors")
    assert len(sectors) == 20
    assert ("finance", "金融", "Finance") in sectors
    marts = [
        name
        for (name,) in register.rows(
            "select table_name from information_schema.columns where column_name = 'sector' "
            "and table_name in (select table_name from information_schema.columns "
            "where column_name = 'sector_name_zh') and table_name <> 'sectors'"
        )
    ]
    assert {"filings", "recommendation_filings", "generative_services", "registrations"} < set(
        marts
    )
    for mart in marts:
        found = register.rows(f"select distinct sector, sector_name_zh, sector_name_en from {mart}")
        assert found and set(found) <= set(sectors), mart
    main = register.rows(
        "select distinct main_sector, main_sector_name_zh, main_sector_name_en from entities"
    )
    assert set(main) <= set(sectors)


def test_no_mart_has_a_sector_without_its_names(manifest: Manifest):
    marts = [node for node in manifest.nodes.values() if "marts" in node.fqn[1:2]]
    with_sector = [mart for mart in marts if "sector" in mart.columns]
    assert len(with_sector) > 10
    assert [
        mart.name
        for mart in with_sector
        if not {"sector_name_zh", "sector_name_en"} <= set(mart.columns)
    ] == []


def test_kinds_of_input_and_output_are_lists_too(register: BuildResult):
    assert register.rows(
        "select count(*) from filings where array_to_string(input_list, '+') <> inputs "
        "or array_to_string(output_list, '+') <> outputs or len(output_list) < 1"
    ) == [(0,)]
    assert register.rows("select max(len(output_list)) > 1 from filings") == [(True,)]


def test_filings_are_listed_on_the_day_of_their_batch(register: BuildResult):
    assert register.rows(
        "select count(*), min(listed_on), max(listed_on) from filings "
        "where listed_on = announced_on"
    ) == [(7764, date(2023, 6, 20), date(2026, 7, 17))]
    # A number of 2022 that the list of 2023-06-20 shows is at least 171 days old.
    assert register.rows(
        "select distinct days_to_listing_min, days_to_listing_max from filings "
        "where batch_no = 1 and issued_year = 2022"
    ) == [(171, 535)]


def test_days_to_listing_of_every_registration_have_both_bounds(register: BuildResult):
    assert register.rows(
        "select register, count(*) filter (days_to_listing_min <= days_to_listing_max), "
        "count(listed_on) from registrations group by 1 order by 1"
    ) == [
        ("deep_synthesis", 7764, 7764),
        ("generative_services", 1842, 0),
        ("recommendation", 1004, 0),
    ]


def test_codes_that_are_not_current_have_a_place(register: BuildResult):
    rows = register.rows(
        "select distinct region_code, city_name, district_name, region_status from filings "
        "where region_status != 'current' or region_code like '4690%'"
    )
    assert set(rows) == {
        ("441901", "东莞市", None, "left_over"),
        ("442001", "中山市", None, "left_over"),
        ("500105", "重庆市", "江北区", "retired"),
        ("500112", "重庆市", "渝北区", "retired"),
        ("406301", None, None, "unresolved"),
        ("469002", "琼海市", "琼海市", "current"),
        ("469023", "澄迈县", "澄迈县", "current"),
        ("469028", "陵水黎族自治县", "陵水黎族自治县", "current"),
    }


def test_every_rate_has_a_source_and_a_denominator(register: BuildResult):
    rows = register.rows(
        "select batch_no, basis, passed, submitted, is_official, is_implied from pass_rates"
    )
    reported = {row[0]: row[2:] for row in rows if row[1] == "reported"}
    assert reported == {1: (41, 50, False, True), 10: (395, 590, False, True)}
    assert not [row for row in rows if row[1] == "submissions"]
    assert len([row for row in rows if row[1] == "in_force"]) == 18
    assert register.rows("select count(*) from pass_rates where denominator is null") == [(0,)]


def test_rates_count_fourteen_numbers_never_listed(register: BuildResult):
    totals = "select sum(passed), sum(submitted) from pass_rates where basis = "
    assert register.rows(totals + "'issued'") == [(7764, 7778)]
    assert register.rows(totals + "'in_force'") == [(7718, 7764)]
    assert register.rows("select sum(cancelled) from batches") == [(46,)]


def test_no_batch_lists_more_numbers_than_were_issued(register: BuildResult):
    assert (
        register.rows(
            "select batch_no from pass_rates join batches using (batch_no) "
            "where basis = 'issued' and submitted < filings"
        )
        == []
    )


def test_ten_pairs_share_entity_and_serial_number(register: BuildResult):
    assert register.rows(
        "select count(*), count(distinct (entity_id, serial_no)) from issued_numbers "
        "where (entity_id, serial_no) in "
        "(select (entity_id, serial_no) from issued_numbers where issue_no = 2)"
    ) == [(20, 10)]


@pytest.mark.parametrize("mart", ["regions_by_batch", "cities_by_batch", "sectors_by_batch"])
def test_cumulative_counts_of_the_last_batch_are_the_whole_register(
    register: BuildResult, mart: str
):
    totals = register.rows(
        f"select sum(filings), sum(cumulative_filings), round(sum(share), 9), "
        f"round(sum(cumulative_share), 9) from {mart} where batch_no = 18"
    )
    assert totals == [(706, 7764, 1.0, 1.0)]


def test_every_sector_has_a_row_in_every_batch(register: BuildResult):
    assert register.rows("select count(*) from sectors_by_batch") == [(18 * 20,)]


def test_columns_of_one_known_filing(register: BuildResult):
    rows = register.rows(
        "select batch_no, list_position, row_no, entity_id, city_name, district_name, "
        "product_count, issued_year, serial_no, is_cancelled "
        "from filings where filing_number = '110108007153201230015'"
    )
    assert rows == [(1, 2, 2, "0071532", "北京市", "海淀区", 1, 2023, 1, False)]


def test_46_of_57_cancellations_match_a_filing(register: BuildResult):
    rows = register.rows(
        "select match_status, count(*), count(distinct kind), bool_and(is_same_entity_name) "
        "from cancellations group by 1 order by 1"
    )
    assert rows == [
        ("matched", 46, 1, True),
        ("other_kind", 11, 3, True),
    ]
    assert register.rows(
        "select cancellation_source, count(*), count(cancelled_month) from filings "
        "where is_cancelled group by 1"
    ) == [("both", 46, 46)]


def test_six_entities_moved(register: BuildResult):
    assert register.rows(
        "select entity_id, from_city_name, to_city_name, filing_number from entity_moves order by 1"
    ) == [
        ("4028105", "上海市", "上海市", "310104402810501260069"),
        ("4908858", "上海市", "上海市", "310113490885801260027"),
        ("5039785", "北京市", "北京市", "110112503978501260021"),
        ("8910348", "广州市", "广州市", "440106891034801250029"),
        ("9580585", "佛山市", "广州市", "440105958058501240035"),
        ("9843803", "北京市", "济南市", "370102984380301260039"),
    ]
    assert register.rows(
        "select entity_name, former_names, is_for_review from entities where entity_id = '8727707'"
    ) == [("杭州淘宝营销管理有限公司", ["浙江淘宝网络有限公司"], True)]


def test_spellings_of_a_name_are_one_name(register: BuildResult):
    assert register.rows("select count(*) from entity_names where entity_id = '5072064'") == [(1,)]


def test_dissimilar_and_shared_names_are_for_review(register: BuildResult):
    handed_over = register.rows(
        "select entity_id, entity_name, relation, other_entity_ids from entity_names "
        "where is_for_review and entity_id in ('1085377', '5624161') order by all"
    )
    assert handed_over == [
        ("1085377", "杭州优卖网络科技有限公司", "latest", ["5624161"]),
        ("1085377", "淘宝（中国）软件有限公司", "renamed", []),
        ("5624161", "杭州优卖网络科技有限公司", "latest", ["1085377"]),
    ]
    alike = "select is_for_review from entity_names where entity_name = '北京深势科技有限公司'"
    assert register.rows(alike) == [(False,)]
    assert register.rows(
        "select entity_name, is_for_review from entity_names where relation = 'unexplained'"
    ) == [("杭州声链智能科技有限公司", False)]
    former = "select count(*) from entities where len(former_names) > 0"
    assert register.rows(former) == [(71,)]


def test_counts_by_entity_add_up_to_the_filings(register: BuildResult):
    assert register.rows(
        "select count(*), sum(filings), sum(cancelled), (select sum(filings) from "
        "entities_by_sector), (select sum(new_entities) from batches) from entities"
    ) == [(5475, 7764, 46, 7764, 5475)]


def test_9307_products_by_kind(register: BuildResult):
    assert register.rows("select kind, count(*) from products group by 1 order by 2 desc") == [
        ("website", 3622), ("app", 3291), ("mini_program", 1963), ("other", 288),
        ("official_account", 143),
    ]  # fmt: skip
    assert register.rows("select sum(product_count) from filings") == [(9307,)]


def test_notes_become_events_with_their_months(register: BuildResult):
    rows = register.rows(
        "select event, count(*), count(event_month) from filing_events "
        "where list_contains(sources, 'note') and register = 'deep_synthesis' group by 1 order by 1"
    )
    assert rows == [
        ("algorithm_renamed", 47, 6), ("cancelled", 46, 46), ("entity_renamed", 118, 7),
        ("information_changed", 107, 4), ("product_renamed", 49, 3), ("products_added", 84, 27),
        ("products_removed", 4, 0),
    ]  # fmt: skip
    assert register.rows(
        "select event, event_month, column_name, old_value, new_value from filing_events "
        "where filing_number = '110108823483901230031' order by event_no"
    ) == [
        ("listed", "2023-09", None, None, None),
        ("algorithm_renamed", "2024-08", "algorithm_name", "云雀大模型算法", "豆包大模型算法"),
        (
            "products_added", "2024-08", "products", None,
            ("番茄小说网(网站)、番茄畅听(APP)、懂车帝(APP)、河马教育(APP)、番茄小说(APP)、剪映(APP)、"
            "豆包(网站)、Dreamina(网站)、悟空浏览器(APP)、番茄作家助手(APP)、飞书(APP)"),
        ),
    ]  # fmt: skip


def test_fourteen_numbers_were_issued_and_never_listed(register: BuildResult):
    assert register.rows(
        "select entity_id, serial_no, batch_no from issued_numbers where not is_listed "
        "order by 1, 2"
    ) == [
        ("1322092", 2, 18), ("1322092", 3, 18), ("1322092", 4, 18), ("1331994", 1, 1),
        ("1858480", 5, 8), ("2311997", 1, 15), ("2900242", 1, 3), ("4209156", 1, 18),
        ("4263430", 1, 14), ("4263430", 2, 14), ("4372991", 1, 10), ("8649644", 10, 16),
        ("8738354", 2, 2), ("9344221", 1, 18),
    ]  # fmt: skip


def test_every_filing_has_one_current_version(register: BuildResult):
    assert register.rows(
        "select register, count(*), count(distinct filing_number), bool_and(is_current), "
        "max(len(changed_columns)) from filing_versions group by 1 order by 2"
    ) == [
        ("recommendation", 1014, 1014, True, 0),
        ("generative_services", 1842, 1842, True, 0),
        ("deep_synthesis", 7764, 7764, True, 0),
    ]


def test_every_cancelled_filing_has_one_event_with_both_sources(register: BuildResult):
    assert register.rows(
        "select register, sources, source, count(*), count(distinct filing_number), "
        "count(notice_id), count(list_version), count(event_month) from filing_events "
        "where event = 'cancelled' group by all order by all"
    ) == [
        ("deep_synthesis", ["note", "notice"], "note", 46, 46, 46, 46, 46),
        ("recommendation", ["note", "notice"], "note", 11, 11, 11, 11, 11),
    ]
    for mart, name in (
        ("filings", "deep_synthesis"),
        ("recommendation_filings", "recommendation"),
    ):
        assert register.rows(
            f"select count(*), count(*) filter (cancelled_month = event_month) from {mart} "
            "join filing_events using (filing_number) "
            f"where is_cancelled and event = 'cancelled' and register = '{name}'"
        ) == [(46, 46) if mart == "filings" else (11, 11)]
