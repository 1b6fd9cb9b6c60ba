"""The shipped register holds what register.md says it does."""

import pytest

from scrapers.replica.facts import load_register

TOTALS = {1: 41, 2: 110, 3: 129, 4: 266, 5: 394, 6: 492, 7: 487, 8: 509, 9: 411, 10: 395, 11: 210}


def test_every_batch_has_its_known_number_of_filings():
    register = load_register()
    assert {batch: len(rows) for batch, rows in register.filings.items()} == TOTALS
    assert sum(TOTALS.values()) == 3444


def test_57_cancellations_stand_in_7_notices():
    cancellations = load_register().cancellations
    assert len(cancellations) == 57
    assert len({c.notice_id for c in cancellations}) == 7


def test_the_first_batches_can_be_had_alone_and_keep_the_cancellations():
    register = load_register().first(3)
    assert [a.batch_no for a in register.announcements] == [1, 2, 3]
    assert set(register.filings) == {1, 2, 3}
    assert register.cancellations == load_register().cancellations


def test_an_unknown_batch_is_named():
    with pytest.raises(KeyError, match="no batch 12"):
        load_register().announcement(12)


def test_only_the_lists_that_word_numbers_have_empty_positions():
    register = load_register()
    empty = {b for b, rows in register.filings.items() if any(not r.position for r in rows)}
    assert empty == {5, 6, 8, 9, 10, 11}
