"""Versions are validated once, each against the one in use before it, and again where a contract
or a review says so."""

import shutil
from dataclasses import replace

import pytest

from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.validation.results import ValidationResult
from scrapers.errors import ArchiveError
from tests.orchestration.validation.list_factories import (
    archive_and_validate,
    make_filing_number,
    make_filing_row,
    make_filing_rows,
    make_history,
    make_list_table,
    with_positions,
)


def counts(result: ValidationResult) -> tuple[int, int, int]:
    return result.added, result.amended, result.gone


def test_a_first_list_is_accepted_and_all_its_filings_are_added(stores):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    assert (result.status, result.rows_listed, result.rows_accepted) == ("accepted", 3, 3)
    assert counts(result) == (3, 0, 0)
    rows = stores.validated().rows(result)
    assert rows["filing_number"].to_list() == [
        make_filing_number(1),
        make_filing_number(2),
        make_filing_number(3),
    ]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (make_filing_rows(4), (1, 0, 0)),
        ([make_filing_row(1, note="已注销"), *make_filing_rows(2, first=2)], (0, 1, 0)),
        ([make_filing_row(1, products=""), *make_filing_rows(2, first=2)], (0, 1, 0)),
        ([*make_filing_rows(2), make_filing_row(9)], (1, 0, 1)),
        (
            [make_filing_row(1, entity_name="公\u200b司 1"), *make_filing_rows(2, first=2)],
            (0, 0, 0),
        ),
        (list(reversed(make_filing_rows(3))), (0, 0, 0)),
        (with_positions(make_filing_rows(3)), (0, 0, 0)),
        (list(reversed(with_positions(make_filing_rows(3)))), (0, 0, 0)),
    ],
    ids=[
        "added",
        "amended",
        "emptied",
        "replaced",
        "spaced",
        "reordered",
        "positions printed",
        "reordered with their positions",
    ],
)
def test_a_version_is_compared_with_the_one_before_by_number(stores, after, expected):
    _, result = archive_and_validate(stores, make_filing_rows(3), after)
    assert (result.status, counts(result)) == ("accepted", expected)


def test_what_follows_a_released_version_is_compared_with_it(stores):
    _, thirty_seven, thirty_six = archive_and_validate(
        stores, *(make_filing_rows(n) for n in (40, 37, 36))
    )
    assert thirty_six.status == "held_back"
    stores.found_right = [thirty_seven.document_sha256]
    assert stores.validate_archived() == {}
    released, followed = stores.validated().results("002")[1:]
    assert (released.gone, followed.status, followed.gone) == (3, "accepted", 1)


def test_a_number_that_another_list_shows_too_is_accepted(stores):
    (first,) = archive_and_validate(stores, make_filing_rows(30), batch_no=1)
    (second,) = archive_and_validate(stores, make_filing_rows(30, first=30), batch_no=2)
    assert (first.rows_accepted, second.rows_accepted, second.rows_quarantined) == (30, 30, 0)


def test_a_list_that_grows_again_is_compared_with_the_last_good_one(stores):
    *_, third = archive_and_validate(
        stores, make_filing_rows(3), make_filing_rows(2), make_filing_rows(4)
    )
    assert (third.status, counts(third)) == ("accepted", (1, 0, 0))


def test_a_version_is_validated_once(stores, monkeypatch):
    archive_and_validate(stores, make_filing_rows(3))
    monkeypatch.setattr(Contract, "apply", None)
    state = stores.validate("002")
    assert not state.is_new and state.latest.rows_accepted == 3


def test_under_a_new_contract_every_version_is_validated_again(stores):
    before = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(4))
    stores.contract = replace(CONTRACT, version="next")
    store = stores.validated()
    assert store.results("002") == [] and store.current("002") is None
    assert stores.validate("002").is_new and not stores.validate("002").is_new
    assert [v.contract_version for v in store.results("002")] == ["next", "next"]
    assert [counts(v) for v in store.results("002")] == [counts(v) for v in before]


def test_a_table_that_was_just_read_is_not_read_again(stores):
    version = stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    state = stores.validate("002", {version.version: make_list_table(make_filing_rows(2))})
    assert state.latest.rows_accepted == 2


def test_an_archived_list_that_cannot_be_read_has_a_result_that_says_why(stores):
    (first,) = archive_and_validate(stores, make_filing_rows(2))
    stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    state = stores.validate("002")
    assert state.latest.status == "unreadable" and "damaged" in state.latest.reason
    assert state.current == first


def test_damage_in_the_archive_is_an_error_and_no_result(stores):
    stores.archive_list(2, make_filing_rows(2)).path.write_bytes(b"PK")
    with pytest.raises(ArchiveError):
        stores.validate("002")
    assert stores.validated().results("002") == []


def test_a_batch_that_was_never_archived_cannot_be_validated(stores):
    with pytest.raises(LookupError, match="no list in the archive's folder 005"):
        stores.validate("005")


def test_a_deleted_store_is_made_again_with_the_same_files(stores):
    make_history(stores)
    before = stores.validated_files()
    shutil.rmtree(stores.root / "validated")
    assert stores.validate_archived() == {}
    stores.write_tables()
    assert stores.validated_files() == before
    assert sum(name.endswith(".parquet") for name in before) == 10


def test_a_version_is_validated_again_after_a_run_that_was_killed_before_the_result(stores):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    before = stores.validated_files()
    folder = stores.root / "validated" / "002"
    (folder / f"{result.version}.json").unlink()
    assert stores.validate("002").is_new
    assert stores.validated_files() == before


def test_an_older_held_back_version_is_not_validated_again(stores):
    archive_and_validate(stores, make_filing_rows(20), make_filing_rows(15), make_filing_rows(21))
    before = stores.validated_files()
    state = stores.validate("002")
    assert not state.is_new and stores.validated_files() == before


def test_where_the_archive_fails_for_one_batch_the_others_are_validated(stores):
    broken = stores.archive_list(1, make_filing_rows(3))
    stores.archive_list(2, make_filing_rows(3, first=50))
    broken.path.write_bytes(b"not what was archived")
    failed = stores.validate_archived()
    assert list(failed) == ["001"] and "batch 001" in str(failed["001"])
    assert stores.validated().current("002") is not None


def test_a_position_of_no_sensible_length_is_quarantined_and_stops_nothing(stores):
    (result,) = archive_and_validate(
        stores, [*make_filing_rows(30), make_filing_row(31, position="9" * 5000)]
    )
    assert (result.status, result.rows_quarantined) == ("accepted", 1)
