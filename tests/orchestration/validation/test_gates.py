"""A list that shrank, skips positions or breaks the contract too often is held back."""

import shutil

import pytest

from tests.orchestration.validation.list_factories import (
    archive_and_validate,
    make_filing_row,
    make_filing_rows,
    with_cells,
    with_positions,
)


def test_a_list_that_shrank_is_held_back_and_the_last_good_one_stays(stores):
    first, second = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    assert (second.status, second.reason) == ("held_back", "the list shrank from 3 to 2 rows")
    state = stores.validate("002")
    assert state.current == first and state.latest.status == "held_back"
    assert (second.added, second.amended, second.gone) == (0, 0, 1)


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [(40, 38, "accepted"), (40, 37, "held_back"), (211, 210, "accepted"), (20, 19, "accepted"),
     (19, 18, "held_back")],
)  # fmt: skip
def test_a_list_may_lose_one_row_in_twenty(stores, before, after, status):
    _, second = archive_and_validate(stores, make_filing_rows(before), make_filing_rows(after))
    assert (second.status, second.gone) == (status, before - after)


def test_an_approved_document_is_released_also_when_the_store_is_made_again(stores):
    _, thirty_seven, thirty_four = archive_and_validate(
        stores, *(make_filing_rows(n) for n in (40, 37, 34))
    )
    assert thirty_seven.document_sha256 in thirty_seven.remedy
    stores.found_right = [thirty_seven.document_sha256]
    assert stores.validate("002").current.rows_listed == 37
    stores.found_right.append(thirty_four.document_sha256)
    assert stores.validate("002").current.rows_listed == 34
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    assert stores.validate_archived() == {}
    stores.write_tables()
    made_again = stores.validated_files()
    assert {name: made_again[name] for name in before} == before
    assert [result.status for result in stores.validated().results("002")] == ["accepted"] * 3


def test_a_count_of_its_rows_does_not_release_a_list_that_shrank(stores):
    # Counts are entered again as lists grow; what was released must stay so.
    archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    stores.reviewed = {"002": 2, "003": 2}
    assert stores.validate("002").latest.status == "held_back"


@pytest.mark.parametrize(
    ("rows", "bad", "status"),
    [(20, 1, "accepted"), (20, 2, "held_back"), (100, 5, "accepted"), (100, 6, "held_back"),
     (19, 1, "held_back"), (140, 7, "accepted"), (1, 1, "held_back")],
)  # fmt: skip
def test_one_row_in_twenty_may_break_the_contract(stores, rows, bad, status):
    listed = [
        *(make_filing_row(n, role="") for n in range(bad)),
        *make_filing_rows(rows - bad, first=500),
    ]
    (result,) = archive_and_validate(stores, listed)
    assert (result.status, result.rows_quarantined) == (status, bad)
    assert stores.validated().quarantine(result)["row_no"].n_unique() == bad
    if status == "held_back":
        assert result.reason == f"{bad} of {rows} rows break the contract, more than 5%"


def test_a_list_that_counts_more_rows_than_it_has_is_held_back_until_it_is_reviewed(stores):
    rows = with_positions(make_filing_rows(40))
    del rows[2]
    (result,) = archive_and_validate(stores, rows)
    assert (result.status, result.rows_quarantined) == ("held_back", 0)
    assert result.reason == "the list counts up to 40 but has 39 rows"
    stores.found_right = [result.document_sha256]
    assert stores.validate("002").latest.status == "accepted"


def test_a_list_may_lose_a_row_and_keep_the_positions_of_the_others(stores):
    rows = with_positions(make_filing_rows(40))
    shrunk = [row for row in rows if row["position"] != "3"]
    renamed = [with_cells(shrunk[0], algorithm_name="新名算法"), *shrunk[1:]]
    results = archive_and_validate(stores, rows, shrunk, renamed)
    assert [result.status for result in results] == ["accepted"] * 3


@pytest.mark.parametrize(("rows", "status"), [(94, "held_back"), (95, "accepted")])
def test_a_first_list_far_shorter_than_its_review_is_held_back(stores, rows, status):
    stores.reviewed = {"002": 100}
    stores.archive_list(2, make_filing_rows(rows))
    state = stores.validate("002")
    assert state.latest.status == status
    if status == "held_back":
        assert "94 rows where a review counted 100" in state.latest.reason
