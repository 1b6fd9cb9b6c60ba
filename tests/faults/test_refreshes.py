"""Faults in whole refreshes: exit status, messages, `filings status`, and the release after each.

Most of it is one sequence over one data directory, whose first release has three batches:

1. a refresh over a source with many faults,
2. two nights with a wrong clock,
3. a refresh over the mended source, with amendments,
4. a refresh that cannot read the notice list.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from orchestration.defs.asset_keys import validated_key
from orchestration.defs.partitions import known_partitions
from scrapers.registers import DEEP_SYNTHESIS
from tests.end_to_end.releases import (
    changes_section,
    dagster_instance,
    filings_per_batch,
    latest,
    query,
)
from tests.faults.faulty_and_mended import (
    AMENDED,
    CANCELLED,
    FAULTY,
    FOUR,
    MENDED,
    MISPRINTED,
    NOTE,
    NOTED,
    NOTICE_FILE,
    RENAMED,
    REPEATED,
    ROWS,
    SWAPPED,
    amended,
)
from tests.faults.nights import Nights
from tests.faults.refreshes import Done, Refreshes
from tests.faults.source import FIVE, Act, answers_notice_list, together
from tests.support.loopback import firewall_page
from tests.support.receiver import Receiver

pytestmark = pytest.mark.many_builds

MARKUP = ("http://evil", " www.evil", "<img", "**粗**", "[a](b)")
DIRECTION_MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True)
class Seen:
    """A refresh, `filings status` after it, the alerts that were sent, and what was published."""

    done: Done
    health: Done
    alerts: list[tuple[str, list[str]]]
    filings_per_batch: dict[int, int]
    swapped: list[tuple]
    cancelled: list[tuple]
    not_listed: list[tuple]
    partitions: set[str]
    materialized: set[str]
    release: Path
    is_whole: bool

    @property
    def status(self) -> str:
        return self.health.said

    @property
    def outputs(self) -> tuple[str, str]:
        return unquote(self.done.said), unquote(self.status)


@dataclass(frozen=True)
class Life:
    """The sequence of refreshes over one data directory, with the messages of the nights."""

    refreshes: Refreshes
    before: list[tuple]
    faulty: Seen
    events: Sequence[str]
    mended: Seen


@pytest.fixture(scope="module")
def life(
    first_refresh: Refreshes, tmp_path_factory: pytest.TempPathFactory, inbox: Receiver
) -> Life:
    refreshes = first_refresh.copied_to(tmp_path_factory.mktemp("life"), inbox)
    data_dir = refreshes.data_dir
    rows = f"select * exclude (is_cancelled) from filings where batch_no = {SWAPPED} order by all"
    cancelled = f"select is_cancelled from filings where filing_number = '{CANCELLED}'"
    not_listed = "select batch_no, list_status from filings where list_status != 'listed'"

    def refresh(act: Act, *, with_documents: bool = False) -> Seen:
        done = refreshes.run(act, with_documents=with_documents)
        with dagster_instance(data_dir) as instance:
            return Seen(
                done,
                refreshes.status(),
                refreshes.take_alerts(),
                filings_per_batch(data_dir),
                query(data_dir, rows),
                query(data_dir, cancelled),
                query(data_dir, not_listed),
                set(known_partitions(instance, DEEP_SYNTHESIS)),
                instance.get_materialized_partitions(validated_key(DEEP_SYNTHESIS)),
                latest(data_dir),
                refreshes.is_whole(),
            )

    before = query(data_dir, rows)
    faulty = refresh(FAULTY)
    nights = Nights(data_dir.parent, refreshes.sites)
    nights.is_bad = True
    first = nights.pass_over(amended("甲（APP）"), timedelta(days=-400))
    second = nights.pass_over(amended("乙（APP）"), timedelta(days=365 * 73))
    events = [*first.events, *second.events]
    return Life(refreshes, before, faulty, events, refresh(MENDED, with_documents=True))


def errors(seen: Seen) -> list[str]:
    return [unquote(line) for line in seen.done.lines if line.startswith("error:")]


def status_row(seen: Seen, batch: str) -> list[str]:
    """The cells of a batch in the table of `filings status`; empty if it has no row."""
    found = re.findall(rf"^{batch} .*$", seen.status, re.MULTILINE)
    return found[0].split() if found else []


def test_refresh_with_faults_fails_and_names_each_fault(life: Life):
    assert life.faulty.done.status == 1 and "Traceback" not in life.faulty.done.said
    sites = life.refreshes.sites
    page = sites.cac_url + FOUR.announcement(4).page_path
    for words in (
        ("[batch 001", "challenge page", sites.cac_url),
        ("[batch 002", "held back", "sha256"),
        ("[batch 004", "links to 0", page),
        ("damaged", sites.beian_url + NOTICE_FILE),
        ("announcement not recognised: notice n-7 '深度合成服务名录'",),
    ):
        assert any(all(word in line for word in words) for line in errors(life.faulty)), words


def test_status_shows_faults_until_they_are_mended(life: Life):
    for words in ("held back", "challenge page", "links to 0", NOTICE_FILE, "notice n-7"):
        assert words in unquote(life.faulty.status)
        assert words not in unquote(life.mended.status)


def test_all_faults_of_a_refresh_are_one_alert_and_one_when_all_is_well_again(life: Life):
    (event, keys), *others = life.faulty.alerts
    kinds = {key.partition("/")[0] for key in keys}
    assert event == "problem" and others == []
    assert kinds == {"document", "announcement"}
    assert {"document/001", "document/002", "document/004"} <= set(keys)
    # The nights between find no faults.
    assert life.events == ["well_again"] and life.mended.alerts == []


def test_exit_status_of_status_is_1_until_the_faults_are_mended(life: Life):
    assert (life.faulty.health.status, life.mended.health.status) == (1, 0)


def test_faulty_documents_keep_their_last_good_version(life: Life):
    assert life.faulty.swapped == life.before and life.faulty.is_whole
    assert {key: life.faulty.filings_per_batch[key] for key in (1, 2)} == {1: 41, 2: 110}


def test_new_batch_with_a_fault_is_not_materialized(life: Life):
    assert "004" in life.faulty.partitions and "004" not in life.faulty.materialized
    assert {"001", "002", "003", "021"} <= life.faulty.materialized


def test_row_with_a_wrong_check_digit_is_quarantined(life: Life):
    assert status_row(life.faulty, "003")[3] == "1"
    assert life.faulty.not_listed == [(MISPRINTED, "quarantined")]


def test_rejected_documents_are_archived(life: Life):
    raw = life.refreshes.data_dir / "raw"
    for folder in ("004", f"cancellations/{FIVE}"):
        assert list((raw / folder).glob("*.bin")), folder


def test_gap_in_the_announcements_is_one_warning(life: Life):
    gaps = [line for line in life.faulty.done.lines if "no announcement" in line]
    assert len(gaps) == 1 and "005" in gaps[0] and "020" in gaps[0]


def test_number_cancelled_under_other_names_is_a_warning_and_stays_in_force(life: Life):
    assert all(CANCELLED in text for text in life.faulty.outputs)
    assert life.faulty.cancelled == [(False,)]


def test_refresh_over_the_mended_source_is_complete(life: Life):
    assert life.mended.done.status == 0, life.mended.done.said
    assert life.mended.is_whole
    expected = {1: 41, 2: 109, 3: 129, 4: 266, 19: 13}
    assert life.mended.filings_per_batch == expected


def test_misnumbered_batch_disappears_when_the_source_corrects_it(life: Life):
    assert "021" in life.faulty.partitions and status_row(life.faulty, "021")
    assert life.mended.partitions == {"001", "002", "003", "004", "019"}
    assert not status_row(life.mended, "021") and "batch 021" not in life.mended.status


def test_page_that_is_gone_is_a_warning(life: Life):
    assert all("gone since" in text for text in life.mended.outputs)


def test_findings_of_the_models_are_warnings_in_refresh_and_status(life: Life):
    for words in (f"{REPEATED} 19 2", f"{NOTED} {NOTE}"):
        assert all(words in text for text in life.mended.outputs), words


def test_number_in_two_lists_is_one_filing(life: Life):
    assert query(
        life.refreshes.data_dir,
        "select batch_no, other_batch_nos, list_status from filings "
        f"where filing_number = '{REPEATED}'",
    ) == [(19, [2], "listed")]


def test_changes_name_exactly_the_amended_columns(life: Life):
    rows = query(
        life.refreshes.data_dir,
        "select filing_number, column_name, old_value, new_value from changes "
        "where kind = 'amended' and column_name in ('products', 'note')",
    )
    assert sorted(rows) == sorted(
        [(AMENDED, "products", ROWS[0].products, "丙（APP）"), (NOTED, "note", None, NOTE)]
    )
    page = changes_section((life.mended.release / "CHANGES.md").read_text(), "Amended")
    assert f"- products: {ROWS[0].products} → 丙（APP）" in page.splitlines()


def test_versions_follow_one_another_after_amendments_with_a_wrong_clock(life: Life):
    rows = query(
        life.refreshes.data_dir,
        "select version_no, changed_columns, products, valid_to is null from filing_versions "
        f"where filing_number = '{AMENDED}' order by version_no",
    )
    assert rows == [
        (1, [], ROWS[0].products, False),
        (2, ["products"], "甲（APP）", False),
        (3, ["products"], "乙（APP）", False),
        (4, ["products"], "丙（APP）", True),
    ]


def test_markup_and_direction_marks_in_names_are_neutralised(life: Life):
    page = (life.mended.release / "CHANGES.md").read_text()
    unescaped = re.sub(r"\\.", "", page)  # without characters escaped by a backslash
    assert RENAMED in page and not any(sign in unescaped for sign in MARKUP)
    for document in ("CHANGES.md", "changes.atom", "panorama.html"):
        text = (life.mended.release / document).read_text()
        assert not any(mark in text for mark in DIRECTION_MARKS), document


def test_refresh_without_a_notice_list_fails_and_changes_nothing(life: Life):
    refreshes = life.refreshes
    before = query(refreshes.data_dir, "select count(*) from filings")
    done = refreshes.run(together(MENDED, answers_notice_list(firewall_page())))
    assert done.status == 1 and "challenge page" in done.said and "Traceback" not in done.said
    assert refreshes.sites.beian_url + refreshes.sites.notice_list_path in done.said
    assert refreshes.take_alerts() == [
        ("problem", ["register/cancellation_notices", "register/deep_synthesis"])
    ]
    health = refreshes.status()
    assert health.status == 1 and "the announcements cannot be read" in health.said
    assert latest(refreshes.data_dir) == life.mended.release
    assert query(refreshes.data_dir, "select count(*) from filings") == before
