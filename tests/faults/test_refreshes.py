"""Faults of the source as whole refreshes meet them: the release stays whole and true.

Two nights tell most of it. In the first one batch 2 has another batch's list, a new batch is
announced as the 21st, and a notice cancels a number under other names. In the second the source has
put these right; a page is gone, and a name is full of markup.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from orchestration.defs.partitions import known_partitions
from scrapers.registers import DEEP_SYNTHESIS
from tests.end_to_end.releases import dagster_instance, filings_per_batch, latest, query
from tests.faults.nights import Nights
from tests.faults.refreshes import Done, Refreshes
from tests.faults.source import (
    NOTICES,
    REGISTER,
    Act,
    announces,
    answers_page,
    records_of,
    serves_list,
    together,
    with_batch_19,
    with_notice,
)
from tests.support.loopback import amend, status

pytestmark = pytest.mark.many_builds

BATCH = 2
ROWS = REGISTER.filings[BATCH]
CANCELLED = ROWS[5].filing_number
NAMED = ROWS[7].filing_number
NAME = "算法http://evil.example/ www.evil.example \u202egnp.\u2066exe <img src=x> **粗** [a](b)"
MARKUP = ("http://evil", " www.evil", "<img", "**粗**", "[a](b)")
DIRECTION_MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
MISPRINT = replace(records_of(NOTICES[0])[0], filing_number=CANCELLED)
NOTICE = with_notice("notice_new", f"关于注销“{MISPRINT.algorithm_name}”的公告", [MISPRINT])
RIGHT = replace(with_batch_19(19), cancellations=NOTICE.cancellations)

FIRST_NIGHT = together(
    announces(replace(with_batch_19(21), cancellations=NOTICE.cancellations)),
    serves_list(BATCH, REGISTER.filings[3]),
)
SECOND_NIGHT = together(
    announces(amend(RIGHT, BATCH, NAMED, algorithm_name=NAME)), answers_page(3, status(404))
)


@dataclass(frozen=True)
class Seen:
    """A night: what the refresh and `filings status` said, and what was published after it."""

    done: Done
    status: str
    filings_per_batch: dict[int, int]
    batch: list[tuple]
    cancelled: list[tuple]
    partitions: set[str]
    release: Path
    is_whole: bool


@dataclass(frozen=True)
class Life:
    before: list[tuple]
    faulty: Seen
    mended: Seen


@pytest.fixture(scope="module")
def life(first_refresh: Refreshes, tmp_path_factory: pytest.TempPathFactory) -> Life:
    refreshes = first_refresh.copied_to(tmp_path_factory.mktemp("life"))
    rows = f"select * exclude (is_cancelled) from filings where batch_no = {BATCH} order by all"

    def pass_over(act: Act) -> Seen:
        done = refreshes.run(act)
        cancelled = f"select is_cancelled from filings where filing_number = '{CANCELLED}'"
        with dagster_instance(refreshes.data_dir) as instance:
            return Seen(
                done,
                refreshes.status(),
                filings_per_batch(refreshes.data_dir),
                query(refreshes.data_dir, rows),
                query(refreshes.data_dir, cancelled),
                set(known_partitions(instance, DEEP_SYNTHESIS)),
                latest(refreshes.data_dir),
                refreshes.is_whole(),
            )

    before = query(refreshes.data_dir, rows)
    return Life(before, pass_over(FIRST_NIGHT), pass_over(SECOND_NIGHT))


def test_a_batch_does_not_get_the_list_of_another_one(life):
    assert life.faulty.done.status == 1
    for said in (life.faulty.done.said, life.faulty.status):
        assert "held back" in said and f"{BATCH:03d}" in said
    assert life.faulty.batch == life.before and life.faulty.is_whole
    assert "held back" not in life.mended.status


def test_the_night_after_is_green(life):
    assert life.mended.done.status == 0, life.mended.done.said
    assert life.mended.filings_per_batch == {1: 41, 2: 110, 3: 129, 19: 12} and life.mended.is_whole


def test_a_gap_is_one_line(life):
    gaps = [line for line in life.faulty.done.lines if "no announcement" in line]
    assert len(gaps) == 1 and "004" in gaps[0] and "020" in gaps[0]


def test_a_misnumbered_batch_leaves_no_trace(life):
    assert "021" in life.faulty.partitions and _is_row("021", life.faulty.status)
    assert life.mended.partitions == {"001", "002", "003", "019"}
    assert not _is_row("021", life.mended.status) and "batch 021" not in life.mended.status


def _is_row(batch: str, status: str) -> bool:
    """Whether `filings status` has a row for a batch."""
    return any(line.startswith(f"{batch} ") for line in status.splitlines())


def test_a_number_cancelled_under_other_names_is_told_and_cancels_nothing(life):
    assert CANCELLED in life.faulty.done.said and CANCELLED in life.faulty.status
    assert life.faulty.cancelled == [(False,)]


def test_a_page_that_is_gone_is_a_warning(life):
    assert "gone since" in life.mended.done.said and "gone since" in life.mended.status


def test_names_are_text_in_what_a_release_says(life):
    page = (life.mended.release / "CHANGES.md").read_text()
    acting = re.sub(r"\\.", "", page)  # without what a backslash makes text of
    assert NAMED in page and not any(sign in acting for sign in MARKUP)
    for document in ("CHANGES.md", "changes.atom", "panorama.html"):
        text = (life.mended.release / document).read_text()
        assert not any(mark in text for mark in DIRECTION_MARKS), document


def test_a_wrong_clock_does_not_stop_later_runs(refreshes):
    def amended(products: str) -> Act:
        return serves_list(BATCH, [replace(ROWS[0], products=products), *ROWS[1:]])

    nights = Nights(refreshes.data_dir.parent, refreshes.sites)
    nights.pass_over(amended("甲（APP）"), timedelta(days=-400))
    nights.pass_over(amended("乙（APP）"), timedelta(days=365 * 73))
    done = refreshes.run(amended("丙（APP）"))
    assert done.status == 0, done.said
    number = ROWS[0].filing_number
    products = f"select products from filings where filing_number = '{number}'"
    assert query(refreshes.data_dir, products) == [("丙（APP）",)]
