"""Versions that are held back, and how a review releases them."""

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


def amended(count: int) -> list[Row]:
    return [*(make_filing_row(serial, note="x") for serial in range(1, count + 1)), *ROWS[count:]]


def renumbered(count: int) -> list[Row]:
    return [*make_filing_rows(count, first=900), *ROWS[count:]]


def shifted() -> list[Row]:
    """The filing numbers stay, and every other cell is that of the next row."""
    others = [*ROWS[1:], ROWS[0]]
    return [
        with_cells(other, filing_number=row["filing_number"])
        for row, other in zip(ROWS, others, strict=True)
    ]


def test_list_is_held_back_and_last_version_stays_in_use_if_it_shrank(stores):
    first, second = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    assert (second.status, second.reason) == ("held_back", "the list shrank from 3 to 2 rows")
    state = stores.validate("002")
    assert state.current == first and state.latest.status == "held_back"
    assert (second.added, second.amended, second.gone) == (0, 0, 1)


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (make_filing_rows(45, first=900), "40 of the 40 numbers of the list in use are gone"),
        (renumbered(3), "3 of the 40 numbers of the list in use are gone, more than 5%"),
        (shifted(), "40 of 40 rows of the list are amended, more than 20%"),
        (amended(9), "9 of 40 rows"),
    ],
    ids=["another list", "three renumbered", "shifted rows", "nine amended"],
)
def test_version_with_too_many_changes_is_held_back(stores, after, reason):
    first, second = archive_and_validate(stores, ROWS, after)
    assert (second.status, reason in second.reason) == ("held_back", True)
    assert "reviewed_documents.csv" in second.remedy and second.document_sha256 in second.remedy
    assert stores.validated().current("002") == first


@pytest.mark.parametrize(
    "after",
    [amended(7)[:38], [*renumbered(2), *make_filing_rows(10, 1000)]],
    ids=["amended and shortened", "renumbered and extended"],
)
def test_version_with_few_changes_is_accepted(stores, after):
    assert archive_and_validate(stores, ROWS, after)[-1].status == "accepted"


def test_quarantined_rows_count_as_gone(stores):
    broken = make_filing_row(1, entity_name="")
    _, second = archive_and_validate(stores, ROWS, [broken, *ROWS[3:]])
    assert "3 of the 40 numbers" in second.reason


def test_list_with_too_many_bad_rows_is_held_back_with_quarantine(stores):
    listed = [*(make_filing_row(n, role="") for n in range(2)), *make_filing_rows(18, first=500)]
    (result,) = archive_and_validate(stores, listed)
    assert (result.status, result.rows_quarantined) == ("held_back", 2)
    assert stores.validated().quarantine(result)["row_no"].n_unique() == 2


def test_list_with_missing_positions_is_held_back_until_approved(stores):
    rows = with_positions(ROWS)
    del rows[2]
    (result,) = archive_and_validate(stores, rows)
    assert result.reason == "the list is numbered for 40 rows but has 39 rows"
    stores.approved = [result.document_sha256]
    assert stores.validate("002").latest.status == "accepted"


def test_reviewed_count_releases_list_with_missing_positions(stores):
    rows = with_positions(ROWS)
    del rows[2]
    archive_and_validate(stores, rows)
    stores.reviewed = {"002": 39}
    state = stores.validate("002")
    assert (state.latest.status, state.latest.reviewed_rows) == ("accepted", 39)


def test_reviewed_count_does_not_release_list_that_shrank(stores):
    # Reviewers update counts as lists grow, and old versions must keep their results.
    archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    stores.reviewed = {"002": 2, "003": 2}
    assert stores.validate("002").latest.status == "held_back"


def test_original_list_is_accepted_again_after_a_held_back_version(stores):
    _, _, third = archive_and_validate(stores, ROWS, shifted(), with_positions(ROWS))
    assert (third.status, third.amended, third.gone) == ("accepted", 0, 0)


def test_approved_document_is_accepted_also_on_rebuild(stores):
    _, thirty_seven, thirty_four = archive_and_validate(
        stores, *(make_filing_rows(n) for n in (40, 37, 34))
    )
    stores.approved = [thirty_seven.document_sha256]
    assert stores.validate("002").current.rows_listed == 37
    stores.approved.append(thirty_four.document_sha256)
    assert stores.validate("002").current.rows_listed == 34
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    assert stores.validate_archived() == {}
    stores.write_tables()
    rebuilt = stores.validated_files()
    assert {name: rebuilt[name] for name in before} == before
    assert [result.status for result in stores.validated().results("002")] == ["accepted"] * 3


def test_versions_after_an_approved_one_are_validated_again(stores):
    _, second, third = archive_and_validate(stores, ROWS, renumbered(5), renumbered(6))
    assert third.status == "held_back"
    stores.approved = [second.document_sha256]
    assert stores.validate_archived() == {}
    results = stores.validated().results("002")
    assert [result.status for result in results] == ["accepted"] * 3
    assert results[-1].gone == 1


def test_validation_of_one_folder_includes_versions_after_an_approved_one(stores):
    _, second, _ = archive_and_validate(stores, ROWS, renumbered(5), renumbered(6))
    stores.approved = [second.document_sha256]
    latest = stores.validate("002").latest
    assert (latest.status, latest.gone) == ("accepted", 1)


def test_list_of_another_batch_is_held_back(stores):
    archive_and_validate(stores, ROWS, batch_no=1)
    (second,) = archive_and_validate(
        stores, [*ROWS[:10], *make_filing_rows(30, first=900)], batch_no=2
    )
    assert second.status == "held_back"
    assert "10 of the 40 numbers of the list are in the list of batch 001 too" in second.reason


def test_list_extended_by_rows_of_another_batch_is_held_back_also_on_rebuild(stores):
    others = make_filing_rows(40, first=900)
    archive_and_validate(stores, ROWS, batch_no=1)
    archive_and_validate(stores, others, batch_no=2)
    (extended,) = archive_and_validate(stores, [*ROWS, *others], batch_no=1)
    assert (extended.status, "batch 002" in extended.reason) == ("held_back", True)
    shutil.rmtree(stores.root / "validated")
    assert stores.validate_archived() == {}
    assert stores.validated().results("001")[-1] == extended


def test_list_with_few_rows_of_another_batch_is_accepted(stores):
    archive_and_validate(stores, ROWS, batch_no=1)
    (second,) = archive_and_validate(
        stores, [*ROWS[:2], *make_filing_rows(38, first=900)], batch_no=2
    )
    assert second.status == "accepted"


def test_numbers_in_use_in_the_batch_itself_do_not_count_as_those_of_another(stores):
    archive_and_validate(stores, ROWS, batch_no=1)
    (first,) = archive_and_validate(stores, ROWS, batch_no=2)
    stores.approved = [first.document_sha256]
    (second,) = archive_and_validate(stores, amended(1), batch_no=2)
    assert (second.status, second.amended) == ("accepted", 1)


def test_rebuild_judges_lists_of_other_batches_in_order_of_retrieval(stores):
    archive_and_validate(stores, ROWS, batch_no=7)
    archive_and_validate(stores, ROWS, batch_no=2)
    archive_and_validate(stores, ROWS, shifted(), batch_no=2)
    archive_and_validate(stores, make_filing_rows(40, first=900), batch_no=1)
    archive_and_validate(stores, make_filing_rows(41, first=900), batch_no=3)
    before = stores.validated_files()
    assert [stores.validated().current(folder) is None for folder in ("001", "002", "003")] == [
        False, True, True,
    ]  # fmt: skip
    shutil.rmtree(stores.root / "validated")
    assert stores.validate_archived() == {}
    assert stores.validated_files() == before
