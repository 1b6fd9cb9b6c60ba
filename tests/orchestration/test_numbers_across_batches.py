"""One number in the lists of two batches: whoever had it first keeps it, until it is let go; and a
store that was deleted, killed or released late comes out the same."""

import shutil
from pathlib import Path

import pytest

import orchestration.validated.documents as documents_module
from tests.orchestration.lists_made import Stores, filing_row, filing_rows, judged, number


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path)


def test_a_number_of_an_earlier_batch_stays_there(stores):
    judged(stores, filing_rows(30), batch_no=1)
    (verdict,) = judged(stores, filing_rows(30, first=30), batch_no=2)
    assert (verdict.rows_accepted, verdict.rows_quarantined) == (29, 1)
    (case,) = stores.validated().quarantine(verdict).to_dicts()
    assert (case["check_name"], case["failure_value"]) == (
        "unique_across_batches", f"网信算备{number(30)}号",
    )  # fmt: skip


def test_a_number_that_its_first_batch_lets_go_is_taken_up_where_it_waits(stores):
    judged(stores, filing_rows(30), batch_no=1)
    judged(stores, filing_rows(30, first=50), batch_no=2)
    moved = [*filing_rows(30, first=50), filing_row(30)]
    (waiting,) = judged(stores, moved, batch_no=2)
    assert (waiting.rows_accepted, waiting.rows_quarantined) == (30, 1)
    judged(stores, [*filing_rows(29), filing_row(99)], batch_no=1)
    taken = stores.validated().current("002")
    assert (taken.version, taken.rows_accepted) == (waiting.version, 31)
    judged(stores, [*filing_rows(29), filing_row(99), filing_row(30)], batch_no=1)
    assert stores.validated().current("001").rows_quarantined == 1
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    stores.validated().judge_archived()
    assert stores.validated_files() == before


def test_a_number_whose_row_breaks_the_contract_is_not_let_go(stores):
    judged(stores, filing_rows(30), batch_no=1)
    judged(stores, [*filing_rows(30, first=50), filing_row(30)], batch_no=2)
    judged(stores, [*filing_rows(29), filing_row(30, role="?")], batch_no=1)
    assert stores.validated().current("002").rows_accepted == 30


def test_a_run_that_is_killed_between_two_verdicts_is_made_good(stores, monkeypatch):
    judged(stores, filing_rows(30), batch_no=1)
    judged(stores, [*filing_rows(30, first=50), filing_row(30)], batch_no=2)
    write, written = documents_module.write_json, []

    def killed_at_the_second(path, value):
        written.append(path)
        if len(written) == 2:
            raise KeyboardInterrupt
        write(path, value)

    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(documents_module, "write_json", killed_at_the_second)
        judged(stores, [*filing_rows(29), filing_row(99)], batch_no=1)
    assert stores.validated().current("002") is None
    assert stores.validated().judge_archived() == {}
    assert stores.validated().current("002").rows_accepted == 31


def test_of_two_lists_that_wait_for_a_number_one_takes_it_up(stores):
    judged(stores, filing_rows(30), batch_no=1)
    for batch_no in (2, 3):
        judged(stores, [*filing_rows(30, 50 * batch_no), filing_row(30)], batch_no=batch_no)
    judged(stores, [*filing_rows(29), filing_row(99)], batch_no=1)
    assert [stores.validated().current(key).rows_accepted for key in ("002", "003")] == [31, 30]


def test_a_number_that_a_list_showed_in_quarantine_is_let_go_too(stores):
    judged(stores, filing_rows(30), batch_no=1)
    judged(stores, [*filing_rows(30, first=50), filing_row(30)], batch_no=2)
    broken = [*filing_rows(29), filing_row(30, role="?")]
    judged(stores, broken, [*filing_rows(29), filing_row(99)], batch_no=1)
    assert stores.validated().current("002").rows_accepted == 31


def test_what_a_late_release_changes_for_others_is_as_if_it_had_come_in_time(stores):
    judged(stores, filing_rows(40), batch_no=1)
    judged(stores, filing_rows(40, first=50), batch_no=2)
    (shrunk,) = judged(stores, filing_rows(39), batch_no=1)
    (moved,) = judged(stores, [*filing_rows(40, first=50), filing_row(40)], batch_no=2)
    assert (shrunk.status, moved.rows_quarantined) == ("held_back", 1)
    stores.found_right = [shrunk.document_sha256]
    stores.validated().judge_archived()
    assert stores.validated().current("001").rows_accepted == 39
    assert stores.validated().current("002").rows_accepted == 41
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    stores.validated().judge_archived()
    assert stores.validated_files() == before


def test_the_earlier_batch_does_not_lose_it_when_it_is_judged_again(stores):
    judged(stores, filing_rows(30), batch_no=1)
    judged(stores, filing_rows(30, first=30), batch_no=2)
    (verdict,) = judged(stores, [filing_row(1, note="已注销"), *filing_rows(29, 2)], batch_no=1)
    assert (verdict.rows_accepted, verdict.rows_quarantined) == (30, 0)


def test_who_had_a_number_first_keeps_it_whatever_the_ordinal(stores):
    stores.archive_list(3, filing_rows(30, first=100))
    stores.validated().judge("003", {})
    stores.archive_list(2, [*filing_rows(30), filing_row(100)])
    state = stores.validated().judge("002", {})
    assert (state.latest.rows_accepted, state.latest.rows_quarantined) == (30, 1)
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    assert stores.validated().judge_archived() == {}
    assert stores.validated_files() == before
