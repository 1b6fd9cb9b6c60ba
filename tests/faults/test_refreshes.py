"""Faults of the source as a whole refresh meets them: the release stays whole and true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from orchestration.partitions import known_keys
from tests.end_to_end.running import latest, query, recorded
from tests.faults.nights import Nights
from tests.faults.refreshes import Refreshes
from tests.faults.source import (
    NOTICES,
    REGISTER,
    announces,
    answers_page,
    healthy,
    records_of,
    serves_list,
    with_notice,
)
from tests.faults.test_ordinals import numbered
from tests.support.loopback import amend, status

pytestmark = pytest.mark.many_builds

BATCH = 2
ROWS = REGISTER.filings[BATCH]


def test_the_release_does_not_take_another_batchs_list(refreshes: Refreshes):
    before = refreshes.content
    done = refreshes.run(serves_list(BATCH, REGISTER.filings[3]))
    assert done.status == 1 and "held back" in done.said and "batch 002" in done.said
    assert "held back" in refreshes.status()
    assert refreshes.content == before and refreshes.is_whole()

    done = refreshes.run(healthy)
    assert done.status == 0, done.said
    assert refreshes.content == before and "held back" not in refreshes.status()


def test_a_page_that_is_gone_is_a_warning_and_the_run_is_green(refreshes: Refreshes):
    before = refreshes.content
    done = refreshes.run(answers_page(BATCH, status(404)))
    assert done.status == 0 and "gone since" in done.said, done.said
    assert "gone since" in refreshes.status()
    assert refreshes.content == before


def test_a_number_cancelled_under_other_names_is_told(refreshes: Refreshes):
    wrong = replace(records_of(NOTICES[0])[0], filing_number=ROWS[5].filing_number)
    title = f"关于注销“{wrong.algorithm_name}”算法备案编号的公告"
    done = refreshes.run(announces(with_notice("notice_new", title, [wrong])))
    assert ROWS[5].filing_number in done.said
    assert ROWS[5].filing_number in refreshes.status()
    assert refreshes.is_whole()


def test_names_are_text_in_what_a_release_says(refreshes: Refreshes):
    name = "算法http://evil.example/ www.evil.example \u202egnp.\u2066exe <img src=x> **粗** [a](b)"
    number = ROWS[5].filing_number
    done = refreshes.run(announces(amend(REGISTER, BATCH, number, algorithm_name=name)))
    assert done.status == 0 and "\u202e" not in done.said
    release = latest(refreshes.data_dir)
    page = (release / "CHANGES.md").read_text()
    assert number in page
    for sign in ("http://evil", " www.evil", "<img", "**粗**", "[a](b)"):
        assert sign not in page
    for document in ("CHANGES.md", "changes.atom", "panorama.html"):
        text = (release / document).read_text()
        assert not any(mark in text for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


def test_a_misnumbered_batch_leaves_no_trace_in_runs_and_status(refreshes: Refreshes):
    done = refreshes.run(announces(numbered(21)))
    gaps = [line for line in done.lines if "no announcement" in line]
    assert len(gaps) == 1 and "004" in gaps[0] and "020" in gaps[0]

    done = refreshes.run(announces(numbered(19)))
    assert done.status == 0, done.said
    assert "021" not in refreshes.status()
    with recorded(refreshes.data_dir) as instance:
        assert set(known_keys(instance)) == {"001", "002", "003", "019"}
    batches = query(refreshes.data_dir, "select distinct batch_no from filings order by 1")
    assert batches == [(1,), (2,), (3,), (19,)]


def test_a_wrong_clock_does_not_stop_later_runs(refreshes: Refreshes):
    def amended(products: str) -> Callable:
        return serves_list(BATCH, [replace(ROWS[0], products=products), *ROWS[1:]])

    nights = Nights(refreshes.data_dir.parent, refreshes.sites)
    nights.pass_over(amended("甲（APP）"), timedelta(days=-400))
    nights.pass_over(amended("乙（APP）"), timedelta(days=365 * 73))
    done = refreshes.run(amended("丙（APP）"))
    assert done.status == 0, done.said
    number = ROWS[0].filing_number
    products = f"select products from filings where filing_number = '{number}'"
    assert query(refreshes.data_dir, products) == [("丙（APP）",)]
