"""The shipped register has the counts of the published lists."""

import pytest

from scrapers.replica.facts import load_register

TOTALS = {
    1: 41, 2: 110, 3: 129, 4: 266, 5: 394, 6: 492, 7: 487, 8: 509, 9: 411, 10: 395, 11: 210,
    12: 389, 13: 586, 14: 680, 15: 572, 16: 779, 17: 608, 18: 706,
}  # fmt: skip


def test_batches_have_known_number_of_filings():
    register = load_register()
    assert {batch: len(rows) for batch, rows in register.filings.items()} == TOTALS
    assert sum(TOTALS.values()) == 7_764


def test_filing_numbers_are_unique():
    numbers = [row.filing_number for rows in load_register().filings.values() for row in rows]
    assert len(set(numbers)) == len(numbers)


def test_number_of_notes_is_known():
    notes = [row.note for rows in load_register().filings.values() for row in rows if row.note]
    assert len(notes) == 367


def test_number_of_cancellations_is_known():
    cancellations = load_register().cancellations
    assert len(cancellations) == 57
    assert len({c.notice_id for c in cancellations}) == 7


def test_first_keeps_cancellations_and_other_registers():
    register = load_register().first(3)
    assert [a.batch_no for a in register.announcements] == [1, 2, 3]
    assert set(register.filings) == {1, 2, 3}
    assert register.cancellations == load_register().cancellations
    assert register.recommendation_lists == load_register().recommendation_lists
    assert register.service_lists == load_register().service_lists


def test_unknown_batch_is_a_key_error():
    with pytest.raises(KeyError, match="no batch 19"):
        load_register().announcement(19)


def test_lists_numbered_by_word_have_empty_positions():
    register = load_register()
    empty = {b for b, rows in register.filings.items() if any(not r.position for r in rows)}
    assert empty == {5, 6, 8, 9, 10, 11, 12}
