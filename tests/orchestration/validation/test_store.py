"""Look-ups in the validated store: valid results, and versions in use."""

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
)


def test_result_of_another_contract_version_does_not_count(stores):
    (result,) = archive_and_validate(stores, make_filing_rows(3))
    stores.contract = replace(CONTRACT, version="next")
    store = stores.validated()
    assert store.result("002", result.version) is None
    assert store.results("002") == [] and store.current("002") is None


def test_held_back_result_does_not_count_after_a_review(stores):
    first, second = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    assert stores.validated().results("002") == [first, second]
    stores.reviewed = {"002": 2}
    assert stores.validated().results("002") == [first]
    stores.reviewed, stores.approved = {}, [second.document_sha256]
    assert stores.validated().results("002") == [first]


def test_review_of_another_batch_has_no_effect(stores):
    results = archive_and_validate(stores, make_filing_rows(3), make_filing_rows(2))
    stores.reviewed = {"003": 2}
    assert stores.validated().results("002") == results


def test_version_in_use_at_a_moment_is_last_accepted_before_it(history):
    store = history.validated()
    first, second, third = store.versions("001")

    def in_use_at(version: Version, **later: int) -> str | None:
        result = store.in_use_at("001", version.seen_at + timedelta(**later))
        return result.version if result else None

    assert in_use_at(first) is None
    assert in_use_at(first, seconds=1) == in_use_at(second) == first.version
    # The third is held back.
    assert in_use_at(third, days=1) == second.version


def test_validated_versions_are_numbered_within_their_folder(history):
    found = list(history.validated().validated_versions())
    assert [(version.folder, number, is_current) for number, version, _, is_current in found] == [
        ("001", 1, False), ("001", 2, True), ("001", 3, False), ("002", 1, False), ("002", 2, True),
    ]  # fmt: skip
    latest = [(item.folder, item.status) for item in history.validated().latest_results()]
    assert latest == [("001", "held_back"), ("002", "accepted")]


def test_unreadable_folder_is_listed_without_versions(history):
    tear_sidecars(history, "001")
    store = history.validated()
    assert store.folders() == ["001", "002"]
    assert (store.versions("001"), store.results("001"), store.current("001")) == (None, [], None)


def test_folders_exclude_other_registers(stores):
    archive_and_validate(stores, make_filing_rows(3))
    for folder in ("notices", "cancellations/notice_1"):
        (stores.root / "raw" / folder).mkdir(parents=True)
        (stores.root / "raw" / folder / "datapackage.json").write_text("{")
    assert stores.validated().folders() == ["002"]


def test_located_error_names_its_document(stores):
    error = stores.validated().located(DocumentError("torn"), "002")
    assert str(error) == "torn [batch 002]"


def test_batch_announced_again_under_another_number_replaces_the_first(stores):
    rows = make_filing_rows(40)
    archive_and_validate(stores, rows, batch_no=21)
    again = stores.archive_list(4, rows, page_of=21)
    assert stores.validated().folders() == ["004"]
    assert stores.validate("004").current.document_sha256 == again.sha256
    in_use = stores.validated().rows(stores.validated().current("004"))
    assert in_use["filing_number"][0] == make_filing_number(1)
