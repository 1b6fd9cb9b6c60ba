"""Versions that changed more than the source changes at once, and lists of another batch."""

import shutil
from pathlib import Path

import pytest

from scrapers.documents import ListRow
from tests.orchestration.validation.lists_made import (
    Stores,
    filing_row,
    filing_rows,
    judged,
    number,
    numbered,
)

ROWS = filing_rows(40)
RELEASED = "reviewed_documents.csv"


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(tmp_path)


def amended(count: int) -> list[ListRow]:
    return [*(filing_row(serial, note="x") for serial in range(1, count + 1)), *ROWS[count:]]


def renumbered(count: int) -> list[ListRow]:
    return [*filing_rows(count, first=900), *ROWS[count:]]


def slipped() -> list[ListRow]:
    """Numbers stay, and every other cell is that of the next row."""
    others = [*ROWS[1:], ROWS[0]]
    return [
        other._replace(filing_number=row.filing_number)
        for row, other in zip(ROWS, others, strict=True)
    ]


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (filing_rows(40, first=900), "40 of the 40 numbers of the list in use are gone"),
        (filing_rows(45, first=900), "40 of the 40 numbers of the list in use are gone"),
        (renumbered(20), "20 of the 40 numbers of the list in use are gone, more than 5%"),
        (renumbered(3), "3 of the 40 numbers"),
        (slipped(), "40 of 40 rows of the list are amended at once, more than 20%"),
        (amended(9), "9 of 40 rows"),
    ],
    ids=["another list", "a longer one", "half of the numbers", "three", "slipped", "nine amended"],
)
def test_a_version_that_changed_too_much_is_held_back(stores, after, reason):
    first, second = judged(stores, ROWS, after)
    assert (second.status, reason in second.reason) == ("held_back", True)
    assert RELEASED in second.remedy and second.document_sha256 in second.remedy
    assert stores.validated().current("002") == first


@pytest.mark.parametrize(
    "after", [amended(8), renumbered(2), amended(7)[:38], [*filing_rows(10, 900), *ROWS]]
)
def test_a_version_that_changed_as_lists_do_is_accepted(stores, after):
    assert judged(stores, ROWS, after)[-1].status == "accepted"


@pytest.mark.parametrize("changed", [filing_row(2, note="x"), filing_row(9)])
def test_one_changed_row_is_news_in_the_shortest_list(stores, changed):
    assert judged(stores, filing_rows(2), [filing_row(1), changed])[-1].status == "accepted"


def test_rows_in_quarantine_count_as_gone_with_those_that_are(stores):
    broken = filing_row(1, entity_name="")
    _, second = judged(stores, ROWS, [broken, *ROWS[3:]])
    assert "3 of the 40 numbers" in second.reason


def test_after_the_right_list_is_back_nothing_is_held_back(stores):
    _, _, third = judged(stores, ROWS, slipped(), numbered(ROWS))
    assert (third.status, third.amended, third.gone) == ("accepted", 0, 0)


def test_a_list_that_changed_too_much_is_released_by_its_sha256(stores):
    _, second = judged(stores, ROWS, slipped())
    stores.found_right = [second.document_sha256]
    assert stores.validated().judge("002").current.amended == 40


def test_the_list_of_another_batch_is_held_back(stores):
    judged(stores, ROWS, batch_no=1)
    (second,) = judged(stores, [*ROWS[:10], *filing_rows(30, first=900)], batch_no=2)
    assert second.status == "held_back"
    assert "10 of the 40 numbers of the list are those of batch 001" in second.reason


def test_rows_of_another_batch_added_to_a_list_are_held_back(stores):
    judged(stores, filing_rows(40, first=900), batch_no=1)
    _, second = judged(stores, ROWS, [*ROWS, *filing_rows(40, first=900)], batch_no=2)
    assert (second.status, "batch 001" in second.reason) == ("held_back", True)


def test_a_row_that_two_lists_show_is_no_reason(stores):
    judged(stores, ROWS, batch_no=1)
    (second,) = judged(stores, [*ROWS[:2], *filing_rows(38, first=900)], batch_no=2)
    assert second.status == "accepted"


def test_which_list_came_first_is_the_same_when_the_store_is_made_again(stores):
    judged(stores, ROWS, batch_no=7)
    judged(stores, ROWS, batch_no=2)
    judged(stores, ROWS, slipped(), batch_no=2)
    judged(stores, filing_rows(40, first=900), batch_no=1)
    judged(stores, filing_rows(41, first=900), batch_no=3)
    before = stores.validated_files()
    assert [stores.validated().current(folder) is None for folder in ("001", "002", "003")] == [
        False, True, True,
    ]  # fmt: skip
    shutil.rmtree(stores.root / "validated")
    assert stores.validated().judge_archived() == {}
    assert stores.validated_files() == before


def test_a_released_version_has_those_after_it_judged_again(stores):
    _, second, third = judged(stores, ROWS, renumbered(5), renumbered(6))
    assert third.status == "held_back"
    stores.found_right = [second.document_sha256]
    assert stores.validated().judge_archived() == {}
    verdicts = stores.validated().verdicts("002")
    assert [verdict.status for verdict in verdicts] == ["accepted"] * 3
    assert verdicts[-1].gone == 1


def test_the_page_of_a_batch_under_another_ordinal_takes_its_place(stores):
    judged(stores, ROWS, batch_no=21)
    again = stores.archive_list(4, ROWS, page_of=21)
    assert stores.validated().folders() == ["004"]
    assert stores.validated().judge("004").current.document_sha256 == again.sha256
    rows = stores.validated().rows(stores.validated().current("004"))
    assert rows["filing_number"][0] == number(1)
