"""Versions are validated once against the version in use, and again after a change of contract."""

import shutil
from dataclasses import replace

import pytest

from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.validation.results import ValidationResult
from scrapers.documents.reading import LimitError
from scrapers.errors import ArchiveError
from tests.orchestration.validation.list_factories import (
    archive_and_validate,
    make_filing_number,
    make_filing_row,
    make_filing_rows,
    make_list_table,
    with_positions,
)


def counts(result: ValidationResult) -> tuple[int, int, int]:
    return result.added, result.amended, result.gone


def test_first_version_is_accepted_with_all_rows_added(stores):
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
        "empty_file",
        "replaced",
        "spaced",
        "reordered",
        "positions printed",
        "reordered with their positions",
    ],
)
def test_version_is_compared_with_previous_one_by_filing_number(stores, after, expected):
    _, result = archive_and_validate(stores, make_filing_rows(3), after)
    assert (result.status, counts(result)) == ("accepted", expected)


def test_versions_after_an_approved_one_are_compared_with_it(stores):
    _, thirty_seven, thirty_six = archive_and_validate(
        stores, *(make_filing_rows(n) for n in (40, 37, 36))
    )
    assert thirty_six.status == "held_back"
    stores.approved = [thirty_seven.document_sha256]
    assert stores.validate_archived() == {}
    released, followed = stores.validated().results("002")[1:]
    assert (released.gone, followed.status, followed.gone) == (3, "accepted", 1)


def test_filing_number_in_two_lists_is_accepted(stores):
    (first,) = archive_and_validate(stores, make_filing_rows(30), batch_no=1)
    (second,) = archive_and_validate(stores, make_filing_rows(30, first=30), batch_no=2)
    assert (first.rows_accepted, second.rows_accepted, second.rows_quarantined) == (30, 30, 0)


def test_version_after_held_back_one_is_compared_with_version_in_use(stores):
    *_, third = archive_and_validate(
        stores, make_filing_rows(3), make_filing_rows(2), make_filing_rows(4)
    )
    assert (third.status, counts(third)) == ("accepted", (1, 0, 0))


def test_version_with_result_is_not_validated_again(stores, monkeypatch):
    archive_and_validate(stores, make_filing_rows(3))
    monkeypatch.setattr(Contract, "apply", None)
    state = stores.validate("002")
    assert not state.is_new and state.latest.rows_accepted == 3


def test_new_contract_version_validates_all_versions_again(stores):
    before = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(4))
    stores.contract = replace(CONTRACT, version="next")
    store = stores.validated()
    assert store.results("002") == [] and store.current("002") is None
    assert stores.validate("002").is_new and not stores.validate("002").is_new
    assert [v.contract_version for v in store.results("002")] == ["next", "next"]
    assert [counts(v) for v in store.results("002")] == [counts(v) for v in before]


def test_known_table_is_not_parsed_again(stores):
    version = stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    state = stores.validate("002", {version.version: make_list_table(make_filing_rows(2))})
    assert state.latest.rows_accepted == 2


def test_unreadable_document_has_result_with_reason(stores):
    (first,) = archive_and_validate(stores, make_filing_rows(2))
    stores.archive_bytes(2, b"PK\x03\x04 unreadable", "x")
    state = stores.validate("002")
    assert state.latest.status == "unreadable" and "damaged" in state.latest.reason
    assert state.current == first


def test_limit_of_the_machine_raises_without_result(stores, monkeypatch):
    def read_document(*_: object) -> None:
        raise LimitError("it took too long")

    stores.archive_list(2, make_filing_rows(2))
    monkeypatch.setattr("orchestration.validation.validator.read_document", read_document)
    with pytest.raises(LimitError):
        stores.validate("002")
    assert stores.validated().results("002") == []


def test_damaged_archive_raises_without_result(stores):
    stores.archive_list(2, make_filing_rows(2)).path.write_bytes(b"PK")
    with pytest.raises(ArchiveError):
        stores.validate("002")
    assert stores.validated().results("002") == []


def test_validate_raises_if_folder_has_no_version(stores):
    with pytest.raises(LookupError, match="no list in the archive's folder 005"):
        stores.validate("005")


def test_deleted_store_is_rebuilt_with_identical_files(history):
    before = history.validated_files()
    shutil.rmtree(history.root / "validated")
    assert history.validate_archived() == {}
    history.write_tables()
    assert history.validated_files() == before
    assert sum(name.endswith(".parquet") for name in before) == 10


def test_version_without_result_is_validated_again(stores):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    before = stores.validated_files()
    folder = stores.root / "validated" / "002"
    (folder / f"{result.version}.json").unlink()
    assert stores.validate("002").is_new
    assert stores.validated_files() == before


def test_older_held_back_version_is_not_validated_again(stores):
    archive_and_validate(stores, make_filing_rows(20), make_filing_rows(15), make_filing_rows(21))
    before = stores.validated_files()
    state = stores.validate("002")
    assert not state.is_new and stores.validated_files() == before


def test_damaged_batch_does_not_stop_validation_of_others(stores):
    broken = stores.archive_list(1, make_filing_rows(3))
    stores.archive_list(2, make_filing_rows(3, first=50))
    broken.path.write_bytes(b"not what was archived")
    failed = stores.validate_archived()
    assert list(failed) == ["001"] and "batch 001" in str(failed["001"])
    assert stores.validated().current("002") is not None


def test_overlong_position_is_quarantined(stores):
    (result,) = archive_and_validate(
        stores, [*make_filing_rows(30), make_filing_row(31, position="9" * 5000)]
    )
    assert (result.status, result.rows_quarantined) == ("accepted", 1)
