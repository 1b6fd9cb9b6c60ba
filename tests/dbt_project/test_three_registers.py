"""The marts over all registers: known totals of the shipped lists, and made-up cases."""

from tests.dbt_project import made_up as lists
from tests.dbt_project.builds import BuildResult


def test_registers_have_their_known_totals(register: BuildResult):
    assert register.rows(
        "select count(*), count(distinct filing_number) from recommendation_filings"
    ) == [(1014, 1014)]
    assert register.rows(
        "select service_type, count(*), min(list_position), max(list_position) "
        "from generative_services group by 1 order by 1"
    ) == [("edge", 7, 1, 7), ("filed", 1105, 1, 1105), ("registered", 730, 1, 731)]


def test_number_in_two_registers_is_one_registration(register: BuildResult):
    assert register.rows(
        "select register, count(*), sum(len(other_registers)) from registrations "
        "group by 1 order by 1"
    ) == [
        ("deep_synthesis", 7764, 10),
        ("generative_services", 1842, 0),
        ("recommendation", 1004, 0),
    ]
    assert register.rows(
        "select kind_code, count(*) from recommendation_filings where is_in_deep_synthesis "
        "group by 1"
    ) == [("01", 10)]


def test_notices_and_notes_cancel_recommendation_filings(register: BuildResult):
    assert register.rows(
        "select cancellation_source, count(*) from recommendation_filings "
        "where is_cancelled group by 1"
    ) == [("both", 11)]


def test_services_are_matched_by_name(register: BuildResult):
    rows = register.rows(
        "select entity_match, count(*), count(distinct entity_name) from generative_services "
        "group by 1 order by 1"
    )
    assert rows == [("former_name", 16, 13), ("name", 935, 768), ("none", 891, 802)]


def test_names_of_two_codes_identify_no_company(register: BuildResult):
    assert register.rows("select entity_name, entity_ids, services from names_for_review") == [
        ("北京车之家信息技术有限公司", ["0118780", "5974339"], 2),
        ("杭州优卖网络科技有限公司", ["1085377", "5624161"], 0),
        ("深圳市欢太科技有限公司", ["2909861", "8261341"], 0),
    ]
    assert (
        register.rows(
            "select entity_id, entity_match, candidate_entity_ids from generative_services "
            "where entity_name = '北京车之家信息技术有限公司'"
        )
        == [(None, "none", ["0118780", "5974339"])] * 2
    )


def test_six_rows_of_2025_03_have_their_names_put_right(register: BuildResult):
    rows = register.rows(
        "select list_month, service_type, list_position, entity_name, printed_service_name "
        "from generative_services where is_swapped order by list_position"
    )
    assert [row[:3] for row in rows] == [("2025-03", "filed", place) for place in range(340, 346)]
    assert all(row[3] == row[4] for row in rows)
    assert rows[0][3] == "深圳市商汤科技有限公司"


def test_official_total_that_disagrees_is_shown(register: BuildResult):
    assert register.rows(
        "select service_type, as_of_month, stated_total, listed_total, difference "
        "from official_totals order by 1, 2"
    ) == [
        ("filed", "2025-01", 302, 302, 0),
        ("filed", "2025-03", 346, 346, 0),
        ("filed", "2025-12", 748, 748, 0),
        ("registered", "2025-12", 435, 434, -1),
    ]


def test_services_of_state_enterprises_have_no_province(register: BuildResult):
    assert register.rows(
        "select region_name, count(*) from generative_services where province_code is null "
        "group by 1"
    ) == [("国资委", 16)]
    assert register.rows(
        "select count(*) from registrations_by_region where province_code is null"
    ) == [(0,)]


def test_late_entries_and_reviewed_numbers_are_kept(register: BuildResult):
    assert register.rows("select count(*) from generative_services where is_late_entry") == [(56,)]
    assert register.rows(
        "select list_month, list_position, accepted_on from generative_services "
        "where service_number = 'Jiangsu-SiWeiXiangLiangZhiSuanYun-'"
    ) == [("2025-10", 286, None)]
    assert register.rows(
        "select algorithm_name from recommendation_filings "
        "where filing_number = '440305295988702220055'"
    ) == [("腾讯广告推荐算法",)]


def test_groups_hold_the_registrations_of_their_entities(register: BuildResult):
    groups = register.rows(
        "select group_code, group_name, entities, registrations, entity_ids from entity_groups"
    )
    assert {group[0] for group in groups} > {
        "alibaba", "tencent", "baidu", "bytedance", "huawei", "iflytek",
    }  # fmt: skip
    for mart, total in [
        ("registrants", "sum(registrations)"),
        ("entity_group_members", "sum(registrations)"),
    ]:
        assert sorted(
            register.rows(
                f"select group_code, any_value(group_name), count(*), {total}, "
                f"list(entity_id order by registrations desc, entity_id) from {mart} "
                "where group_code is not null group by 1"
            )
        ) == sorted(groups)
    assert register.rows(
        "select entity_name, group_name_en from entities where group_code = 'bytedance'"
    ) == [("北京抖音信息服务有限公司", "ByteDance")]


def test_a_group_is_never_read_from_a_name(register: BuildResult):
    # Its name resembles ByteDance, but no source is on record for this company.
    assert register.rows(
        "select group_code from registrants where entity_name = '广州字节零壹信息科技有限公司'"
    ) == [(None,)]


def test_registrants_hold_every_registration_once(register: BuildResult):
    assert register.rows(
        "select sum(registrations), sum(deep_synthesis_filings), sum(recommendation_filings), "
        "sum(generative_services) from registrants"
    ) == [(10610, 7764, 1004, 1842)]
    # One of the 274 companies in both registers has only a number that both list.
    assert register.rows(
        "select count(*) from registrants where deep_synthesis_filings > 0 "
        "and recommendation_filings > 0"
    ) == [(273,)]
    assert register.rows(
        "select count(distinct entity_id) from recommendation_filings "
        "where entity_id in (select entity_id from filings)"
    ) == [(274,)]


def test_first_services_passed_before_the_register_was_published(register: BuildResult):
    assert register.rows("select min(passed_on), min(list_month) from generative_services") == [
        register.rows("select date '2023-08-31', '2024-04'")[0]
    ]
    rows = register.rows(
        "select came_first, count(*), bool_and(sign(months_apart) >= 0), "
        "bool_and(sign(months_apart) <= 0) from dual_track group by 1"
    )
    assert {row[0]: row[2:] for row in rows} == {
        "deep_synthesis": (True, False),
        "generative_services": (False, True),
        "same_day": (True, True),
    }


def test_monthly_counts_add_up(register: BuildResult):
    assert register.rows(
        "select register, sum(registrations), sum(new_registrants) from registrations_by_month "
        "where register != 'generative_services' group by 1 order by 1"
    ) == [("deep_synthesis", 7764, 5475), ("recommendation", 1014, 682)]
    assert register.rows(
        "select register, listed_month, registrations, shared_registrations "
        "from registrations_by_month where shared_registrations > 0 order by all"
    ) == [
        ("deep_synthesis", "2023-06", 41, 10),
        ("recommendation", "2022-08", 30, 2),
        ("recommendation", "2022-10", 70, 8),
    ]
    assert register.rows(
        "select service_type, cumulative_registrations from registrations_by_month "
        "where register = 'generative_services' and listed_month = '2026-08' order by 1"
    ) == [("edge", 7), ("filed", 1105), ("registered", 730)]


def test_amended_service_list_makes_versions_and_events(made_up: BuildResult):
    assert made_up.rows(
        "select filing_number, event from filing_events where register = 'generative_services' "
        f"and filing_number in ('{lists.GONE_SERVICE}', '{lists.KNOWN}') order by all"
    ) == [
        (lists.KNOWN, "listed"),
        (lists.GONE_SERVICE, "listed"),
        (lists.GONE_SERVICE, "withdrawn_from_list"),
    ]
    assert made_up.rows(
        "select status, count(*) from registrations where register = 'generative_services' "
        "group by 1 order by 1"
    ) == [("listed", 6), ("withdrawn_from_list", 1)]


def test_company_of_a_service_is_found_by_name_or_former_name(made_up: BuildResult):
    assert made_up.rows(
        "select service_number, entity_id, entity_match from generative_services "
        "where entity_id is not null order by 1"
    ) == [
        (lists.KNOWN, "0000001", "name"),
        (lists.FORMERLY_KNOWN, "0000052", "former_name"),
        (lists.CALLS_A_MODEL, "0000001", "name"),
    ]
    assert made_up.rows(
        "select registrant_id, generative_services from registrants where entity_id is null "
        "order by 1"
    ) == [("name:另一科技", 1), ("name:无码科技", 1), ("name:某某有限公司", 1)]


def test_shared_number_that_one_list_withdraws_counts_in_the_other(made_up: BuildResult):
    assert made_up.rows(
        "select register, status, other_registers from registrations "
        f"where number in ('{lists.SHARED}', '{lists.SHARED_GONE}') order by number"
    ) == [
        ("recommendation", "cancelled", []),
        ("deep_synthesis", "listed", ["recommendation"]),
    ]


def test_recommendation_filing_moves_and_is_amended_like_any_other(made_up: BuildResult):
    assert made_up.rows(
        "select filing_number, event, document_key, column_name, old_value, new_value "
        "from filing_events where register = 'recommendation' and event not in ('listed') "
        "order by all"
    ) == [
        (lists.PUSH_CANCELLED, "cancelled", "2024-06", None, None, None),
        (lists.SHARED_GONE, "cancelled", "2024-06", None, None, None),
        (lists.PUSHED, "amended", "2024-06", "products", "某某（APP）", "另一（APP）"),
        (lists.PUSHED_TWICE, "moved", "2024-08", "document_key", "2024-06", "2024-08"),
    ]
    assert made_up.rows(
        "select register, match_status from cancellations "
        f"where filing_number = '{lists.PUSH_CANCELLED}'"
    ) == [("recommendation", "other_kind")]


def test_number_that_no_list_shows_is_not_among_the_cancelled_ones(made_up: BuildResult):
    unlisted = "from cancellations where register is null"
    assert made_up.rows(f"select count(*) > 0 {unlisted}") == [(True,)]
    cancelled = "select 1 from int_cancelled_filings where filing_number in"
    assert made_up.rows(f"{cancelled} (select filing_number {unlisted})") == []
