"""The tables that dbt reads: which versions there are, and the rows that are kept of a folder that
cannot be validated now."""

from dataclasses import replace

import pytest

from orchestration.validation.contracts.deep_synthesis import CONTRACT
from scrapers.errors import ArchiveError
from tests.orchestration.validation.damage import cut_short, tear_sidecars
from tests.orchestration.validation.list_factories import (
    archive_and_validate,
    make_filing_rows,
    make_history,
)

VERSIONS = CONTRACT.tables.versions


def test_the_table_of_versions_says_which_is_current(stores):
    make_history(stores)
    table = stores.write_tables()
    assert table.select("batch_no", "version_no", "status", "is_current").rows() == [
        (1, 1, "accepted", False),
        (1, 2, "accepted", True),
        (1, 3, "held_back", False),
        (2, 1, "accepted", False),
        (2, 2, "accepted", True),
    ]


def test_the_table_of_versions_is_written_only_when_it_changes(stores):
    make_history(stores)
    path = stores.root / "validated" / f"{VERSIONS}.parquet"
    before = path.stat()
    stores.write_tables()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    archive_and_validate(stores, make_filing_rows(5, first=900), batch_no=3)
    stores.write_tables()
    assert path.stat().st_ino != before.st_ino


@pytest.mark.parametrize("damage", [cut_short, lambda path: path.write_bytes(b"\x00" * 9)])
def test_a_torn_table_of_versions_is_made_again(stores, caplog, damage):
    make_history(stores)
    path = stores.root / "validated" / f"{VERSIONS}.parquet"
    before = path.read_bytes()
    damage(path)
    stores.write_tables()
    assert path.read_bytes() == before
    assert f"{path} is damaged: it is made again" in caplog.text


def test_a_batch_whose_archive_cannot_be_read_keeps_its_rows_and_the_others_go_on(stores):
    make_history(stores)
    tear_sidecars(stores, "001")
    archive_and_validate(stores, make_filing_rows(5, first=900), batch_no=3)
    (error,) = stores.validate_archived().values()
    assert isinstance(error, ArchiveError) and error.document == "batch 001"
    assert stores.validated().current("001") is None
    table = stores.write_tables()
    assert table.select("batch_no", "version_no", "is_current").rows() == [
        (1, 1, False), (1, 2, True), (1, 3, False), (2, 1, False), (2, 2, True), (3, 1, True),
    ]  # fmt: skip


def test_a_batch_whose_document_is_damaged_keeps_its_rows_under_a_new_contract(stores):
    make_history(stores)
    stores.contract = replace(CONTRACT, version="next")
    stores.archive.versions("001", "list")[0].path.write_bytes(b"PK")
    assert list(stores.validate_archived()) == ["001"]
    table = stores.write_tables()
    assert table.filter("is_current").select("batch_no", "rows_accepted").rows() == [
        (1, 31), (2, 41),
    ]  # fmt: skip


def test_nothing_is_kept_of_a_batch_whose_rows_are_damaged_too(stores):
    make_history(stores)
    tear_sidecars(stores, "001")
    cut_short(next((stores.root / "validated" / "001").glob("*.parquet")))
    stores.validate_archived()
    assert stores.write_tables()["batch_no"].unique().to_list() == [2]


def test_a_list_amended_while_the_clock_was_back_is_the_one_in_use(stores):
    first, second, third = archive_and_validate(
        stores, make_filing_rows(3), make_filing_rows(4), make_filing_rows(5)
    )
    stores.fetches -= 400
    (fourth,) = archive_and_validate(stores, make_filing_rows(6))
    table = stores.write_tables()
    assert table.select("list_version", "version_no", "is_current").rows() == [
        (result.version, number, number == 4)
        for number, result in enumerate((first, second, third, fourth), 1)
    ]
    assert table["list_version"].is_sorted() and table["retrieved_at"].is_sorted()
    assert (fourth.added, fourth.amended, fourth.gone) == (1, 0, 0)
