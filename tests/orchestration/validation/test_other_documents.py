"""Documents that share numbers or content with another one are found without reading all."""

import sqlite3
from dataclasses import replace

import pytest

from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.validation.key_index import KeyIndex
from orchestration.validation.other_documents import Others
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_number,
    make_filing_rows,
)

INDEX = f"{CONTRACT.tables.versions}.keys.sqlite"


def numbers(count: int, first: int = 1) -> set[str]:
    return {make_filing_number(serial) for serial in range(first, first + count)}


@pytest.fixture
def others(stores: Stores) -> Others:
    """The batches 001 and 002, with forty rows each."""
    archive_and_validate(stores, make_filing_rows(40), batch_no=1)
    archive_and_validate(stores, make_filing_rows(40, first=101), batch_no=2)
    return Others(stores.validated())


def test_folders_sharing_more_than_some_keys_are_found(others):
    assert others.sharing(numbers(45, first=36), 4) == ["001"]
    assert others.sharing(numbers(45, first=36), 5) == []
    assert others.sharing(numbers(140), 1) == ["001", "002"]
    # More values than fit into one query.
    assert others.sharing(numbers(1200, first=39), 39) == ["002"]
    assert others.sharing(set(), 0) == []


def test_list_is_compared_only_with_those_that_share_numbers(others, stores, monkeypatch):
    read: list[str] = []
    keys = Others.keys

    def counted(self, result):
        read.append(result.folder)
        return keys(self, result)

    monkeypatch.setattr(Others, "keys", counted)
    (held_back,) = archive_and_validate(stores, make_filing_rows(40, first=121), batch_no=3)
    assert held_back.status == "held_back" and "the list of batch 002 too" in held_back.reason
    # The two batches are in the index already, and the first shares nothing.
    assert read == ["002"]


def test_version_that_was_just_accepted_is_found(others, stores):
    others.sharing(numbers(1), 0)
    stores.archive_list(3, make_filing_rows(40, first=301))
    version = stores.archive.versions("003", "list")[0]
    result = stores.validate("003").latest
    others.add(version, result)
    assert others.sharing(numbers(2, first=301), 1) == ["003"]
    assert others.with_content(version.content_sha256) == ["003"]
    others.add(version, replace(result, status="held_back", rows_sha256="other"))
    others.add(version, result)
    assert others.sharing(numbers(2, first=301), 1) == ["003"]


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, None])
def test_damaged_index_is_built_again(content, others, stores):
    path = stores.root / "validated" / INDEX
    others.sharing(numbers(1), 0)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert Others(stores.validated()).sharing(numbers(2), 1) == ["001"]


@pytest.mark.parametrize("name", ["folders", "add", "versions"])
def test_index_that_becomes_unreadable_is_built_again(others, monkeypatch, name):
    """Its first pages may be whole, so damage can show at any query."""
    method, damaged = getattr(KeyIndex, name), [True]

    def once(self, *arguments):
        if damaged:
            damaged.clear()
            raise sqlite3.DatabaseError("database disk image is malformed")
        return method(self, *arguments)

    monkeypatch.setattr(KeyIndex, name, once)
    assert others.sharing(numbers(2), 1) == ["001"]
    assert damaged == []


def test_index_is_built_again_if_most_of_its_versions_are_gone(others, stores):
    others.sharing(numbers(1), 0)
    index = KeyIndex(stores.root / "validated" / INDEX)
    assert {folder for folder, _ in index.versions()} == {"001", "002"}
    for folder in ("001", "002"):
        (stores.root / "raw" / folder).rename(stores.root / folder)
    archive_and_validate(stores, make_filing_rows(40), batch_no=3)
    archive_and_validate(stores, make_filing_rows(40, first=201), batch_no=4)
    assert {folder for folder, _ in index.versions()} == {"003", "004"}


def test_documents_with_the_same_content_are_found(others, stores):
    version = stores.archive.versions("001", "list")[0]
    assert others.with_content(version.content_sha256) == ["001"]
    assert others.with_content("other") == []
