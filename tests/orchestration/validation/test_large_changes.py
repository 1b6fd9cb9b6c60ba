"""Versions that changed more than the source changes at once, and lists of another batch."""

import shutil

import pytest

from scrapers.documents import Row
from tests.orchestration.validation.list_factories import (
    archive_and_validate,
    make_filing_row,
    make_filing_rows,
    with_cells,
    with_positions,
)

ROWS = make_filing_rows(40)
RELEASED = "reviewed_documents.csv"


def amended(count: int) -> list[Row]:
    return [*(make_filing_row(serial, note="x") for serial in range(1, count + 1)), *ROWS[count:]]


def renumbered(count: int) -> list[Row]:
    return [*make_filing_rows(count, first=900), *ROWS[count:]]


def slipped() -> list[Row]:
    """Numbers stay, and every other cell is that of the next row."""
    others = [*ROWS[1:], ROWS[0]]
    return [
        with_cells(other, filing_number=row["filing_number"])
        for row, other in zip(ROWS, others, strict=True)
    ]


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (make_filing_rows(40, first=900), "40 of the 40 numbers of the list in use are gone"),
        (make_filing_rows(45, first=900), "40 of the 40 numbers of the list in use are gone"),
        (renumbered(20), "20 of the 40 numbers of the list in use are gone, more than 5%"),
        (renumbered(3), "3 of the 40 numbers"),
        (slipped(), "40 of 40 rows of the list are amended at once, more than 20%"),
        (amended(9), "9 of 40 rows"),
    ],
    ids=["another list", "a longer one", "half of the numbers", "three", "slipped", "nine amended"],
)
def test_a_version_that_changed_too_much_is_held_back(stores, after, reason):
    first, second = archive_and_validate(stores, ROWS, after)
    assert (second.status, reason in second.reason) == ("held_back", True)
    assert RELEASED in second.remedy and second.document_sha256 in second.remedy
    assert stores.validated().current("002") == first


@pytest.mark.parametrize(
    "after", [amended(8), renumbered(2), amended(7)[:38], [*make_filing_rows(10, 900), *ROWS]]
)
def test_a_version_that_changed_as_lists_do_is_accepted(stores, after):
    assert archive_and_validate(stores, ROWS, after)[-1].status == "accepted"


@pytest.mark.parametrize("changed", [make_filing_row(2, note="x"), make_filing_row(9)])
def test_one_changed_row_is_news_in_the_shortest_list(stores, changed):
    assert (
        archive_and_validate(stores, make_filing_rows(2), [make_filing_row(1), changed])[-1].status
        == "accepted"
    )


def test_rows_in_quarantine_count_as_gone_with_those_that_are(stores):
    broken = make_filing_row(1, entity_name="")
    _, second = archive_and_validate(stores, ROWS, [broken, *ROWS[3:]])
    assert "3 of the 40 numbers" in second.reason


def test_after_the_right_list_is_back_nothing_is_held_back(stores):
    _, _, third = archive_and_validate(stores, ROWS, slipped(), with_positions(ROWS))
    assert (third.status, third.amended, third.gone) == ("accepted", 0, 0)


def test_a_list_that_changed_too_much_is_released_by_its_sha256(stores):
    _, second = archive_and_validate(stores, ROWS, slipped())
    stores.found_right = [second.document_sha256]
    assert stores.validate("002").current.amended == 40


def test_the_list_of_another_batch_is_held_back(stores):
    archive_and_validate(stores, ROWS, batch_no=1)
    (second,) = archive_and_validate(
        stores, [*ROWS[:10], *make_filing_rows(30, first=900)], batch_no=2
    )
    assert second.status == "held_back"
    assert "10 of the 40 numbers of the list are those of batch 001" in second.reason


def test_rows_of_another_batch_added_to_a_list_are_held_back(stores):
    archive_and_validate(stores, make_filing_rows(40, first=900), batch_no=1)
    _, second = archive_and_validate(
        stores, ROWS, [*ROWS, *make_filing_rows(40, first=900)], batch_no=2
    )
    assert (second.status, "batch 001" in second.reason) == ("held_back", True)


def test_a_row_that_two_lists_show_is_no_reason(stores):
    archive_and_validate(stores, ROWS, batch_no=1)
    (second,) = archive_and_validate(
        stores, [*ROWS[:2], *make_filing_rows(38, first=900)], batch_no=2
    )
    assert second.status == "accepted"


def test_which_list_came_first_is_the_same_when_the_store_is_made_again(stores):
    archive_and_validate(stores, ROWS, batch_no=7)
    archive_and_validate(stores, ROWS, batch_no=2)
    archive_and_validate(stores, ROWS, slipped(), batch_no=2)
    archive_and_validate(stores, make_filing_rows(40, first=900), batch_no=1)
    archive_and_validate(stores, make_filing_rows(41, first=900), batch_no=3)
    before = stores.validated_files()
    assert [stores.validated().current(folder) is None for folder in ("001", "002", "003")] == [
        False, True, True,
    ]  # fmt: skip
    shutil.rmtree(stores.root / "validated")
    assert stores.validate_archived() == {}
    assert stores.validated_files() == before


def test_versions_after_a_released_one_are_validated_again(stores):
    _, second, third = archive_and_validate(stores, ROWS, renumbered(5), renumbered(6))
    assert third.status == "held_back"
    stores.found_right = [second.document_sha256]
    assert stores.validate_archived() == {}
    results = stores.validated().results("002")
    assert [result.status for result in results] == ["accepted"] * 3
    assert results[-1].gone == 1
