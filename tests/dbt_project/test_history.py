"""Filings over time: versions, events, names and cancellations, on made-up lists."""

from datetime import datetime

from tests.dbt_project import made_up as lists
from tests.dbt_project.builds import BuildResult
from tests.dbt_project.made_up import number


def events(built: BuildResult, filing_number: str, columns: str) -> list[tuple[object, ...]]:
    return built.rows(
        f"select {columns} from filing_events where filing_number = '{filing_number}' "
        "order by event_no"
    )


def versions(built: BuildResult, filing_number: str, columns: str) -> list[tuple[object, ...]]:
    return built.rows(
        f"select {columns} from filing_versions where filing_number = '{filing_number}' "
        "order by version_no"
    )


def test_filings_no_longer_listed_are_kept_as_last_seen(made_up: BuildResult):
    assert made_up.rows(
        "select filing_number, list_status, filing_versions.last_list_version = list_version, "
        "is_current from filings join filing_versions using (filing_number, list_version) "
        "where list_status != 'listed' order by 1"
    ) == [
        (lists.GONE, "withdrawn_from_list", True, False),
        (lists.BROKEN, "quarantined", True, True),
        (lists.BRIEF, "withdrawn_from_list", True, False),
    ]


def test_an_amended_filing_has_a_version_per_contents(made_up: BuildResult):
    columns = "changed_columns, ended_as, is_current, products"
    assert versions(made_up, lists.AMENDED, columns) == [
        ([], "amended", False, "某某（APP）"),
        (["products"], "amended", False, "新产品（APP）、另一（网站）"),
        (["products"], None, True, "某某（APP）"),
    ]
    assert versions(made_up, lists.REPURPOSED, "changed_columns") == [([],), (["purpose"],)]


def test_amended_at_is_the_latest_amendment(made_up: BuildResult):
    assert made_up.rows(
        "select filing_number, version_count, amended_at from filings "
        "where amended_at is not null order by 1"
    ) == [
        (lists.AMENDED, 3, datetime(2026, 5, 22, 2, 30)),
        (lists.RENAMED, 2, datetime(2026, 5, 21, 2, 30)),
        (lists.REPURPOSED, 2, datetime(2026, 5, 21, 2, 30)),
        (lists.NAMED_BACK, 3, datetime(2026, 5, 22, 2, 30)),
    ]


def test_white_space_and_quarantine_make_no_version(made_up: BuildResult):
    for filing_number in (lists.STEADY, lists.MENDED):
        assert versions(made_up, filing_number, "ended_as") == [(None,)]


def test_a_relisted_filing_has_a_second_version(made_up: BuildResult):
    assert versions(made_up, lists.RELISTED, "started_as, ended_as, changed_values") == [
        ("listed", "withdrawn_from_list", []),
        ("relisted", None, []),
    ]
    assert events(made_up, lists.RELISTED, "event") == [
        ("listed",), ("withdrawn_from_list",), ("relisted",),
    ]  # fmt: skip


def test_only_filings_of_the_first_version_have_the_month_of_the_list(made_up: BuildResult):
    assert events(made_up, lists.STEADY, "event, event_month") == [("listed", "2024-05")]
    assert events(made_up, lists.LATE, "event, event_month") == [("listed", None)]


def test_a_moved_filing_has_a_version_per_batch(made_up: BuildResult):
    columns = "batch_no, started_as, ended_as, valid_to - valid_from"
    first, second = versions(made_up, lists.MOVED, columns)
    assert first[:3] == (102, "listed", "moved")
    assert second[:3] == (103, "moved", None)
    assert events(made_up, lists.MOVED, "event, column_name, old_value, new_value") == [
        ("listed", None, None, None),
        ("moved", "batch_no", "102", "103"),
    ]


def test_a_number_in_two_lists_counts_in_the_later_one(made_up: BuildResult):
    assert made_up.rows(
        "select filing_number, batch_no, other_batch_nos, products from filings "
        "where other_batch_nos != [] order by 1"
    ) == [
        (lists.LISTED_AGAIN, 103, [102], "另一（APP）"),
        (lists.OTHER_ALGORITHM, 102, [103], "某某（APP）"),
        (lists.MOVED, 103, [102], "某某（APP）"),
    ]


def test_the_latest_name_is_the_one_in_use(made_up: BuildResult):
    assert made_up.rows(
        "select entity_name, former_names, is_for_review from entities "
        "where len(former_names) > 0 order by entity_id"
    ) == [
        ("全然不同的一家企业", ["公司0000004"], True),
        ("公司0000007", ["另一个名称"], True),
        ("公司0000040", ["完全另外的机构"], True),
        ("公司0000052", ["旧公司"], True),
    ]
    assert made_up.rows(
        "select entity_name, relation from entity_names where name_no > 1 order by entity_id"
    ) == [
        ("公司0000004", "renamed"),
        ("另一个名称", "renamed"),
        (lists.UNEXPLAINED_NAME, "unexplained"),
        ("旧公司", "renamed"),
    ]


def test_cancellations_count_by_number_and_once(made_up: BuildResult):
    assert made_up.rows(
        "select filing_number, cancelled_month, cancellation_source, cancellation_notice_id "
        "from filings where is_cancelled order by 1"
    ) == [
        (lists.AMENDED, "2025-07", "notice", "notice_1"),
        (lists.GONE, "2025-07", "notice", "notice_1"),
        (lists.CANCELLED_BY_NOTE, None, "note", None),
    ]
    assert made_up.rows(
        "select notice_id, filing_number, match_status, is_repeated from cancellations order by all"
    ) == [
        ("notice_1", lists.AMENDED, "matched", False),
        ("notice_1", number(1, kind="02"), "other_kind", False),
        ("notice_1", lists.GONE, "matched", False),
        ("notice_2", lists.AMENDED, "matched", True),
        ("notice_3", lists.STEADY, "in_doubt", False),
        ("notice_4", number(99), "not_listed", False),
    ]


def test_all_events_of_a_filing_are_recorded_in_order(made_up: BuildResult):
    columns = "event, source, event_month, column_name, new_value"
    assert events(made_up, lists.AMENDED, columns) == [
        ("listed", "list", "2024-05", None, None),
        ("amended", "list", None, "products", "新产品（APP）、另一（网站）"),
        ("amended", "list", None, "products", "某某（APP）"),
        # The second notice repeats it with another month, of which a test warns.
        ("cancelled", "notice", "2025-07", None, None),
    ]
    assert events(made_up, lists.STEADY, "event") == [("listed",)]  # its notice is in doubt
    assert events(made_up, lists.UNRECOGNISED_NOTE, "event, new_value")[1:] == [
        ("unrecognised", "转让给乙公司")
    ]
    assert events(made_up, lists.RENAMED_BY_NOTE, "event, old_value, new_value")[1:] == [
        ("entity_renamed", "旧公司", "公司0000052")
    ]


def test_a_number_only_in_quarantine_was_issued_and_listed(made_up: BuildResult):
    assert made_up.rows(
        "select serial_no, is_listed from issued_numbers where entity_id = '0000030' order by 1"
    ) == [(1, True), (2, False), (3, True), (4, True)]


def test_purpose_is_as_published_unless_only_the_shipped_copy_has_shown_it(made_up: BuildResult):
    # Another register lists some of the numbers, too.
    origins = "purpose_origin, started_as"
    listed = f"select {origins} from filing_versions where register = 'deep_synthesis' and"
    for filing_number, expected in (
        (lists.REPURPOSED, [("shipped", "listed"), ("source", "amended")]),
        # The origin alone makes no version.
        (lists.STEADY, [("source", "listed")]),
        (lists.GONE, [("shipped", "listed")]),
    ):
        assert (
            made_up.rows(f"{listed} filing_number = '{filing_number}' order by version_no")
            == expected
        )
    current = dict(made_up.rows("select filing_number, purpose_origin from filings"))
    assert current[lists.GONE] == "shipped"
    amended = (lists.STEADY, lists.REPURPOSED, lists.AMENDED)
    assert {current[item] for item in amended} == {"source"}
    services = "from filing_versions where register = 'generative_services'"
    assert made_up.rows(f"select distinct purpose, purpose_origin {services}") == [(None, None)]
