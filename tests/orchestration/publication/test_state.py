"""The state of the registers, as months of lists and notices, in words."""

from dataclasses import replace
from datetime import datetime

import pytest

from orchestration.publication.state import Reached, fetched_text, month_text
from scrapers.registers.base import Text
from tests.orchestration.publication.release_factories import (
    SERVICES,
    make_context,
    make_filing,
    with_services,
)

NOTICES = (
    "from (values ('n1', date '2025-12-31', 'deep_synthesis'), ('n1', date '2025-12-31', null), "
    "('n2', date '2026-01-07', null)) as t(notice_id, published_on, register)"
)


def test_state_is_the_latest_list_of_any_register_and_the_latest_notice(tmp_path):
    state = with_services(tmp_path, cancellations=NOTICES).state()
    assert state.text == Text(
        "清单截至 2026 年 6 月，公告截至 2026 年 1 月",
        "lists to June 2026, notices to January 2026",
    )
    assert state.months == ("2024-02", "2026-06")
    assert state.lists == Reached(3, "2024-02", "2026-06")
    assert state.notices == Reached(2, "2025-12", "2026-01")


def test_each_register_has_its_own_lists_and_the_notices_of_all_if_one_names_it(tmp_path):
    filings, services = with_services(tmp_path, cancellations=NOTICES).state().registers
    assert filings.title.en == "Deep-synthesis algorithms"
    assert filings.text == Text(
        "2024 年 2 月清单，公告截至 2026 年 1 月",
        "list of February 2024, notices to January 2026",
    )
    assert services.text == Text("清单截至 2026 年 6 月", "lists to June 2026")


def test_without_notices_only_lists_are_named(tmp_path):
    state = make_context(tmp_path, make_filing(1), make_filing(2, batch_no=2)).state()
    assert state.text == Text("清单截至 2024 年 3 月", "lists to March 2024")


def test_one_list_is_not_a_range(tmp_path):
    state = make_context(tmp_path, make_filing(1), make_filing(2)).state()
    assert state.text == Text("2024 年 2 月清单", "list of February 2024")
    assert state.months == ("2024-02", "2024-02")


def test_notice_with_unknown_date_is_not_named(tmp_path):
    undated = "select 'n1' as notice_id, null::date as published_on, null::varchar as register"
    context = make_context(tmp_path, make_filing(1), cancellations=undated)
    assert context.state().text.en == "list of February 2024"


def test_lists_without_a_column_for_their_month_are_only_counted(tmp_path):
    undated = "select 'S-1' as service_number, '1' as list_no, 'listed' as list_status"
    context = make_context(tmp_path, make_filing(1), services=undated)
    numbered = replace(SERVICES, document="list_no", feed_month=None)
    marts = [
        replace(mart, compared=numbered) if mart.name == "services" else mart
        for mart in context.marts
    ]
    state = replace(context, marts=marts).state()
    assert state.registers[1].lists == Reached(1)
    assert state.text.en == "lists to February 2024"


@pytest.mark.parametrize("status", ["withdrawn_from_list", "quarantined"])
def test_list_without_listed_rows_does_not_count(tmp_path, status):
    rows = make_filing(1), make_filing(2, batch_no=2, list_status=status)
    assert make_context(tmp_path, *rows).state().lists == Reached(1, "2024-02", "2024-02")


def test_release_without_lists_says_so(tmp_path):
    context = replace(make_context(tmp_path, make_filing(1)), marts=[])
    assert context.state().text == Text("尚无清单", "no lists yet")
    assert context.state().months is None


def test_months_and_dates_are_in_words_of_both_languages():
    assert month_text("2026-08") == Text("2026 年 8 月", "August 2026")
    assert month_text("2026-12") == Text("2026 年 12 月", "December 2026")
    assert fetched_text(datetime(2026, 11, 29, 23, 59)) == Text(
        "抓取于 2026-11-29（UTC）", "fetched on 2026-11-29 (UTC)"
    )
