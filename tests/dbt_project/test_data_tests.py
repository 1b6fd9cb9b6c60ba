"""The data tests: what each finds, on the shipped register with one edit and on made-up lists."""

from collections.abc import Iterator

import duckdb
import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.dbt_project.builds import BuildResult

REVIEW = "matches_review_batches_ref_reviewed_batches_"
SHORT = "not_short_of_review_batches_ref_reviewed_batches___0_05"
COUNTS = "counts_of_a_batch_agree"
ACCEPTED = "every_accepted_row_of_a_list_is_counted"
ONE_LIST = "every_number_is_in_one_list"
QUARANTINE = "quarantine_complete_int_quarantined_rows_ref_int_list_versions_"
FOLLOWS = "versions_follow_lists_filing_versions_ref_int_listed_rows___ref_int_list_versions_"
ONE_VERSION = "one_version_at_a_time_filing_versions_"
ONE_MONTH = "one_month_per_number_cancellations_"
KNOWN_NAME = "cancels_by_known_name_cancellations_"
ONE_COMPANY = "one_code_one_company_entity_names_ref_reviewed_entity_names_"
NOTICES = "notice_counts_agree_stg_cancellation_notices__notices_ref_reviewed_notices_"
QUERIES = "has_one_query_per_measure_claim_measures_"
PARTS = "parts_sum_to_whole_regions_by_batch_batch_no__filings__cumulative_filings__ref_batches_"
SHARES = "shares_sum_to_one_regions_by_batch_batch_no__share__cumulative_share"
PLAUSIBLE = "values_of_a_filing_plausible"
KEY = "is_key_products_filing_number__product_no"
LISTED = "accounts_for_every_filing_entities_ref_filings_"
REGIONS = "relationships_filings_region_code__code__ref_divisions_"

POSITIONS = "positions_run_on_generative_services_"
GROUPS = "entities_of_groups_are_registered"
SWAPPED = "service_and_company_in_their_columns"
TOTALS = "official_totals_agree"
LISTS = "lists_match_review_int_list_versions_ref_reviewed_lists_"

FIRST = "(select min(filing_number) from filings)"
CANCELLED = (
    "(from filing_events where event = 'cancelled' and register = 'recommendation' "
    "order by filing_number limit 1)"
)
REVOKED_AND_REPEATED = f"""
    insert into filing_events
    select * replace (98 as event_no, 'cancellation_revoked' as event) from {CANCELLED}
    union all
    select * replace (99 as event_no) from {CANCELLED}
"""
FIRST_ROW = f"update int_current_rows set {{}} where filing_number = {FIRST}"
FIRST_VERSION = f"update filing_versions set {{}} where filing_number = {FIRST}"


@pytest.fixture(scope="module")
def editable(register: BuildResult) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy in memory of the tables of the shipped register, and of a view that tests read."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{register.warehouse}' as shipped (read_only)")
        connection.execute("attach ':memory:' as warehouse")
        tables = connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'shipped' "
            "and table_type = 'BASE TABLE' and table_name not like 'sector\\_%' escape '\\'"
        ).fetchall()
        for (name,) in [*tables, ("int_listed_rows",)]:
            connection.execute(f"create table warehouse.main.{name} as from shipped.main.{name}")
        connection.execute("use warehouse")
        yield connection


def found(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    ((count,),) = connection.execute(f"select count(*) from ({query})").fetchall()
    return count


@pytest.mark.parametrize(
    ("test", "edit", "findings"),
    [
        # Reviewed counts, in both directions; batches after the last one loaded are ignored.
        (REVIEW, "update batches set rows_listed = rows_listed + 1 where batch_no = 1", 1),
        (REVIEW, "update batches set rows_listed = rows_listed - 1 where batch_no = 12", 1),
        (REVIEW, "delete from batches where batch_no = 5", 1),
        (REVIEW, "update batches set batch_no = 99 where batch_no = 18", 2),
        (REVIEW, "delete from batches where batch_no > 16", 0),
        # 41 rows less 5 % are 38.95; batch 12 was not counted row by row.
        (SHORT, "update batches set rows_listed = 39 where batch_no = 1", 0),
        (SHORT, "update batches set rows_listed = 38 where batch_no = 1", 1),
        (SHORT, "update batches set rows_listed = 1 where batch_no = 12", 0),
        (COUNTS, "update batches set providers = providers + 1 where batch_no = 1", 1),
        (COUNTS, "update batches set new_entities = entities + 1 where batch_no = 2", 1),
        (
            COUNTS,
            (
                "update batches set filings = 0, providers = 0, technical_supporters = 0, "
                "entities = 0, new_entities = 0 where batch_no = 1"
            ),
            1,
        ),
        (COUNTS, "update batches set filings = null where batch_no = 1", 1),
        ("batches_are_filled", "update batches set page_url = null where batch_no = 1", 1),
        (ACCEPTED, f"delete from int_current_rows where filing_number = {FIRST}", 1),
        (ACCEPTED, FIRST_ROW.format("list_status = 'quarantined'"), 1),
        (ACCEPTED, FIRST_ROW.format("other_document_keys = ['002']"), 1),
        (
            ACCEPTED,
            "delete from int_current_rows where filing_number = 'Beijing-WenXinYiYan-20230821'",
            1,
        ),
        (
            POSITIONS,
            (
                "update generative_services set list_position = 2 where list_position = 1 "
                "and service_type = 'filed'"
            ),
            2,  # 2 is repeated; the span begins with 2 now; 263 is skipped anyway
        ),
        (POSITIONS, "delete from generative_services where list_position = 300", 3),
        (POSITIONS, "update generative_services set list_position = null", 0),
        (SWAPPED, "update generative_services set is_swapped = (list_position = 1)", 3),
        (
            LISTS,
            "update int_list_versions set rows_listed = 29 where document_key = '2022-08'",
            1,
        ),
        (LISTS, "delete from int_list_versions where document_key = '2024-04'", 2),
        (LISTS, "delete from int_list_versions where list_month >= '2025-01'", 0),
        (TOTALS, "update official_totals set difference = 1", 4),
        (
            GROUPS,
            "update entity_group_members set is_same_name = false where entity_id = '2959887'",
            1,
        ),
        (
            GROUPS,
            (
                "update entity_group_members set is_registered = false, is_same_name = false "
                "where entity_id = '2959887'"
            ),
            1,
        ),
        (ONE_LIST, f"update filings set other_batch_nos = [2] where filing_number = {FIRST}", 1),
        (
            QUARANTINE,
            ("update int_list_versions set rows_quarantined = 1 where document_key = '2025-07'"),
            1,
        ),
        (
            QUARANTINE,
            (
                "insert into int_list_versions select * replace ('v' as "
                "list_version, false as is_current, 1 as rows_quarantined) from "
                "int_list_versions where document_key = '003'"
            ),
            0,
        ),
        (
            "every_listed_row_accepted_or_quarantined",
            (
                "update stg_deep_synthesis__list_versions set rows_listed = rows_listed + 1 "
                "where batch_no = 3"
            ),
            1,
        ),
        (FOLLOWS, f"delete from filing_versions where filing_number = {FIRST}", 1),
        (
            FOLLOWS,
            f"insert into filing_versions from filing_versions where filing_number = {FIRST}",
            1,
        ),
        (FOLLOWS, FIRST_VERSION.format("valid_from = valid_from + interval 1 second"), 1),
        (FOLLOWS, FIRST_VERSION.format("valid_to = valid_from"), 1),
        (
            ONE_VERSION,
            (
                "insert into filing_versions select * replace (2 as version_no) "
                f"from filing_versions where filing_number = {FIRST}"
            ),
            1,
        ),
        (
            ONE_VERSION,
            "insert into filing_versions select * replace (2 as version_no) from "
            f"filing_versions where filing_number = {FIRST}; "
            + FIRST_VERSION.format("valid_to = valid_from")
            + " and version_no = 1",
            0,
        ),
        (
            ONE_MONTH,
            (
                "insert into cancellations select * replace ('2030-01' as cancelled_month) "
                "from cancellations where notice_id = '{notice}' and record_no = 1"
            ),
            1,
        ),
        (
            ONE_MONTH,
            (
                "insert into cancellations select * replace ('2030-01' as cancelled_month, "
                "'in_doubt' as match_status) from cancellations where notice_id = '{notice}' "
                "and record_no = 1"
            ),
            0,
        ),
        (
            KNOWN_NAME,
            (
                "update cancellations set match_status = 'in_doubt' "
                "where notice_id = '{notice}' and record_no = 1"
            ),
            1,
        ),
        (ONE_COMPANY, "delete from reviewed_entity_names", 1),
        (
            ONE_COMPANY,
            (
                "update entity_names set relation = 'unexplained' "
                "where entity_id = '5624161' and name_no = 1"
            ),
            1,
        ),
        (
            NOTICES,
            (
                "update stg_cancellation_notices__notices set records_listed = 99 "
                "where notice_id = '{notice}'"
            ),
            1,
        ),
        (NOTICES, "update reviewed_notices set records = 99 where notice_id = '{notice}'", 1),
        (
            QUERIES,
            ("delete from claim_measures where claim_id = 'total_filings' and measure_no = 3"),
            1,
        ),
        (
            QUERIES,
            (
                "update claim_measures set measure_no = 9 where claim_id = 'total_filings' "
                "and measure_no = 3"
            ),
            2,
        ),
        (
            "every_claim_has_a_verdict",
            "update article_claims set verdict = 'unknown' where claim_id = 'total_filings'",
            1,
        ),
        (
            "every_claim_has_a_verdict",
            "update article_claims set verdict = 'inconclusive' where claim_id = 'total_filings'",
            1,
        ),
        (
            "every_measure_has_a_verdict",
            (
                "update article_claim_readings set verdict = 'not_measurable' "
                "where claim_id = 'first_tier_share' and reading_no = 1"
            ),
            1,
        ),
        (
            "every_measure_has_a_verdict",
            (
                "update article_claim_readings set measured_value = null "
                "where claim_id = 'total_filings' and reading_no = 1"
            ),
            1,
        ),
        (
            "every_measure_has_a_verdict",
            (
                "update article_claim_readings set measured_value = 67 "
                "where claim_id = 'pass_rate_tenth' and reading_no = 1"
            ),
            1,
        ),
        (
            "measured_values_are_in_their_range",
            (
                "update article_claim_readings set value_low = measured_value + 1 "
                "where claim_id = 'finance_penetration_2023' and reading_no = 1"
            ),
            1,
        ),
        (
            "shares_of_a_batch_are_in_their_range",
            (
                "update sectors_by_batch set share_high = share - 0.01 "
                "where batch_no = 1 and sector = 'creative'"
            ),
            1,
        ),
        (
            "shares_of_a_year_are_in_their_range",
            (
                "update sectors_by_year set share_low = null "
                "where announced_year = 2023 and sector = 'creative'"
            ),
            1,
        ),
        (
            "measures_are_described_in_both_languages",
            (
                "update claim_measures set supports_nothing = 'x', supports_nothing_zh = '甲' "
                "where claim_id = 'first_tier_share' and measure_no = 1"
            ),
            1,
        ),
        (
            "required_lists_are_named",
            (
                "update claim_measures set registers = 'recommendations' "
                "where claim_id = 'total_filings' and measure_no = 4"
            ),
            1,
        ),
        (
            "required_lists_are_named",
            (
                "update claim_measures set registers = null "
                "where claim_id = 'total_filings' and measure_no = 4"
            ),
            1,
        ),
        (
            "claims_are_usable",
            "update claims set period_end = '2026' where claim_id = 'causal_share_2026'",
            1,
        ),
        (PARTS, "delete from regions_by_batch where batch_no = 2 and province_code = '110000'", 1),
        (PARTS, "update batches set cumulative_filings = 0 where batch_no = 2", 1),
        (
            SHARES,
            (
                "update regions_by_batch set share = 0 where batch_no = 2 "
                "and province_code = '110000'"
            ),
            1,
        ),
        (SHARES, "update regions_by_batch set share = null where batch_no = 2", 0),
        (KEY, "insert into products from products limit 1", 1),
        (KEY, f"update products set product_no = null where filing_number = {FIRST}", 1),
        (PLAUSIBLE, f"update filings set city_name = '未识别' where filing_number = {FIRST}", 1),
        (
            PLAUSIBLE,
            f"update filings set province_code = '000000' where filing_number = {FIRST}",
            1,
        ),
        (PLAUSIBLE, f"update filings set city_code = null where filing_number = {FIRST}", 1),
        (LISTED, "delete from entities where entity_id = '5624161'", 1),
        (REGIONS, f"update filings set region_code = '999999' where filing_number = {FIRST}", 1),
        (
            "every_note_is_understood",
            f"update filing_events set event = 'unrecognised' where filing_number = {FIRST}",
            1,
        ),
        (
            "one_cancellation_at_a_time_filing_events_",
            f"insert into filing_events select * replace (99 as event_no) from {CANCELLED}",
            1,
        ),
        (
            "one_cancellation_at_a_time_filing_events_",
            REVOKED_AND_REPEATED,
            0,
        ),
        (
            "sources_of_events_agree",
            "update filing_events set sources = ['note'] where event = 'cancelled'",
            57,
        ),
        (
            "sources_of_events_agree",
            "update filing_events set notice_id = null where event = 'cancelled'",
            57,
        ),
        (
            "notes_and_notices_give_the_same_month",
            "update int_cancelled_filings set noted_month = '2020-01'",
            57,
        ),
        (
            "origin_of_every_purpose_known",
            f"update filing_versions set purpose_origin = null where filing_number = {FIRST}",
            1,
        ),
        (
            "origin_of_every_purpose_known",
            "update filing_versions set purpose_origin = 'source' where purpose is null",
            1842,
        ),
        (
            PLAUSIBLE,
            f"update filings set is_cancelled = not is_cancelled where filing_number = {FIRST}",
            1,
        ),
        (
            "rates_are_passed_over_submitted",
            "update pass_rates set passed = passed - 2 where batch_no = 1 and basis = 'issued'",
            1,
        ),
    ],
)
def test_a_data_test_finds_an_edit(
    register: BuildResult, editable: duckdb.DuckDBPyConnection, test: str, edit: str, findings: int
):
    query = register.queries[test]
    notice = "notice_93606d70-fea9-4518-baf8-32913e0a6d49"
    editable.execute("begin")
    try:
        editable.execute(edit.replace("{notice}", notice))
        assert found(editable, query) == findings
    finally:
        editable.execute("rollback")


def test_data_tests_find_the_oddities_of_made_up_lists(register: BuildResult, made_up: BuildResult):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{made_up.warehouse}' as warehouse (read_only)")
        counts = {name: found(connection, query) for name, query in register.queries.items()}
    assert {name: count for name, count in counts.items() if count} == {
        LISTS: 13,  # no list has as many rows as reviewed, and earlier ones are missing
        REVIEW: 26,  # none of the 18 reviewed batches is loaded, none of the 8 loaded is reviewed
        REGIONS: 1,  # 440399; 406301 is in the seed
        ONE_LIST: 3,
        ONE_COMPANY: 1,
        ONE_MONTH: 1,
        KNOWN_NAME: 1,
        NOTICES: 1,
        "every_note_is_understood": 1,
        POSITIONS: 2,  # 4 is skipped and 5 repeated
        SWAPPED: 1,
        TOTALS: 1,  # 346 services are stated up to 2025-03
    }


def test_findings_that_need_a_person_only_warn(manifest: Manifest):
    tests = [node for node in manifest.nodes.values() if node.resource_type == "test"]
    warning = {node.name for node in tests if node.config.severity.lower() == "warn"}
    assert warning == {
        REVIEW, REGIONS, ONE_LIST, ONE_COMPANY, ONE_MONTH, KNOWN_NAME, NOTICES,
        "every_note_is_understood", "notes_and_notices_give_the_same_month", POSITIONS, SWAPPED,
        TOTALS, LISTS, GROUPS,
    }  # fmt: skip
    assert all(node.config.meta.get("shown") for node in tests if node.name in warning)
