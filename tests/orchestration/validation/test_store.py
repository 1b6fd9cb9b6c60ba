"""Looking up in the validated store: which results count, and what was in use when."""

from dataclasses import replace
from datetime import timedelta

from orchestration.validation.contracts.deep_synthesis import CONTRACT
from scrapers.archive.sidecar import Version
from scrapers.errors import DocumentError
from tests.orchestration.validation.damage import tear_sidecars
from tests.orchestration.validation.list_factories import (
    archive_and_validate,
    make_filing_number,
    make_filing_rows,
    make_history,
)


def test_a_result_of_another_contract_does_not_count(stores):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    stores.contract = replace(CONTRACT, version="next")
    store = stores.validated()
    assert store.result("002", result.version) is None
    assert store.results("002") == [] and store.current("002") is None


def test_what_was_held_back_does_not_count_once_its_rows_or_its_document_are_reviewed(stores):
    first, second = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    assert stores.validated().results("002") == [first, second]
    stores.reviewed = {"002": 2}
    assert stores.validated().results("002") == [first]
    stores.reviewed, stores.found_right = {}, [second.document_sha256]
    assert stores.validated().results("002") == [first]


def test_a_review_of_another_batch_changes_nothing(stores):
    results = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    stores.reviewed = {"003": 2}
    assert stores.validated().results("002") == results


def test_the_version_in_use_at_a_moment_is_the_last_accepted_one_before_it(stores):
    make_history(stores)
    store = stores.validated()
    first, second, third = store.versions("001")

    def in_use_at(version: Version, **later: int) -> str | None:
        result = store.in_use_at("001", version.seen_at + timedelta(**later))
        return result.version if result else None

    assert in_use_at(first) is None
    assert in_use_at(first, seconds=1) == in_use_at(second) == first.version
    # The third is held back.
    assert in_use_at(third, days=1) == second.version


def test_every_version_with_a_result_is_listed_with_its_number(stores):
    make_history(stores)
    found = list(stores.validated().validated_versions())
    assert [(version.folder, number, is_current) for number, version, _, is_current in found] == [
        ("001", 1, False), ("001", 2, True), ("001", 3, False), ("002", 1, False), ("002", 2, True),
    ]  # fmt: skip
    latest = [(item.folder, item.status) for item in stores.validated().latest_results()]
    assert latest == [("001", "held_back"), ("002", "accepted")]


def test_a_folder_that_cannot_be_read_is_listed_without_versions(stores):
    make_history(stores)
    tear_sidecars(stores, "001")
    store = stores.validated()
    assert store.folders() == ["001", "002"]
    assert (store.versions("001"), store.results("001"), store.current("001")) == (None, [], None)


def test_folders_of_other_registers_are_left_out(stores):
    archive_and_validate(stores, make_filing_rows(3))
    for folder in ("notices", "cancellations/notice_1"):
        (stores.root / "raw" / folder).mkdir(parents=True)
        (stores.root / "raw" / folder / "datapackage.json").write_text("{")
    assert stores.validated().folders() == ["002"]


def test_an_error_gets_the_name_of_its_document(stores):
    error = stores.validated().located(DocumentError("torn"), "002")
    assert str(error) == "torn [batch 002]"


def test_the_page_of_a_batch_under_another_ordinal_takes_its_place(stores):
    rows = make_filing_rows(40)
    archive_and_validate(stores, rows, batch_no=21)
    again = stores.archive_list(4, rows, page_of=21)
    assert stores.validated().folders() == ["004"]
    assert stores.validate("004").current.document_sha256 == again.sha256
    in_use = stores.validated().rows(stores.validated().current("004"))
    assert in_use["filing_number"][0] == make_filing_number(1)
