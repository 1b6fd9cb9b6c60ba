"""The tables that dbt reads: versions, and kept rows of folders that cannot be validated."""

from dataclasses import replace

import polars as pl
import pytest

from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.validation.tables import rows_in_use, write_tables
from scrapers.errors import ArchiveError
from tests.orchestration.validation.damage import tear_sidecars, truncate
from tests.orchestration.validation.list_factories import (
    archive_and_validate,
    make_filing_rows,
)

VERSIONS = CONTRACT.tables.versions


def test_table_of_versions_marks_current_version(history):
    table = history.write_tables()
    assert table.select("batch_no", "version_no", "status", "is_current").rows() == [
        (1, 1, "accepted", False),
        (1, 2, "accepted", True),
        (1, 3, "held_back", False),
        (2, 1, "accepted", False),
        (2, 2, "accepted", True),
    ]


def test_rows_in_use_are_those_of_the_accepted_version_of_each_document(history):
    table = history.write_tables()
    current = table.filter("is_current")
    expected = {f"{number:03d}": rows for number, rows in current.select(
        "batch_no", "rows_accepted").rows()}  # fmt: skip
    assert set(expected) == {"001", "002"}
    assert rows_in_use(history.validated()) == expected


def test_table_of_versions_is_written_only_if_changed(history):
    path = history.root / "validated" / f"{VERSIONS}.parquet"
    before = path.stat()
    history.write_tables()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    archive_and_validate(history, make_filing_rows(5, first=900), batch_no=3)
    history.write_tables()
    assert path.stat().st_ino != before.st_ino


@pytest.mark.parametrize("damage", [truncate, lambda path: path.write_bytes(b"\x00" * 9)])
def test_torn_table_of_versions_is_rebuilt(history, caplog, damage):
    path = history.root / "validated" / f"{VERSIONS}.parquet"
    before = path.read_bytes()
    damage(path)
    history.write_tables()
    assert path.read_bytes() == before
    assert f"{path} is damaged. It will be rebuilt" in caplog.text


def test_batch_with_unreadable_archive_keeps_its_rows(history):
    tear_sidecars(history, "001")
    archive_and_validate(history, make_filing_rows(5, first=900), batch_no=3)
    (error,) = history.validate_archived().values()
    assert isinstance(error, ArchiveError) and error.document == "batch 001"
    assert history.validated().current("001") is None
    table = history.write_tables()
    assert table.select("batch_no", "version_no", "is_current").rows() == [
        (1, 1, False), (1, 2, True), (1, 3, False), (2, 1, False), (2, 2, True), (3, 1, True),
    ]  # fmt: skip


def test_batch_with_damaged_document_keeps_its_rows_under_new_contract(history):
    history.contract = replace(CONTRACT, version="next")
    history.archive.versions("001", "list")[0].path.write_bytes(b"PK")
    assert list(history.validate_archived()) == ["001"]
    table = history.write_tables()
    assert table.filter("is_current").select("batch_no", "rows_accepted").rows() == [
        (1, 31), (2, 41),
    ]  # fmt: skip


def test_batch_with_damaged_archive_and_rows_is_dropped(history):
    tear_sidecars(history, "001")
    truncate(next((history.root / "validated" / "001").glob("*.parquet")))
    history.validate_archived()
    assert history.write_tables()["batch_no"].unique().to_list() == [2]


def test_latest_archived_version_is_current_despite_wrong_clock(stores):
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


def test_document_without_a_recorded_source_takes_that_of_the_data_directory(history):
    store = history.validated()
    store.fetched_from = "replica"
    assert set(write_tables(store)["fetched_from"]) == {"replica"}
    # The sidecar of a document that is fetched now names its source.
    history.fetched_from = "live"
    archive_and_validate(history, make_filing_rows(5, first=900), batch_no=3)
    table = write_tables(store)
    assert dict(table.select("batch_no", "fetched_from").rows()) == {
        1: "replica", 2: "replica", 3: "live",
    }  # fmt: skip


def test_kept_rows_of_an_earlier_version_take_the_source_of_the_data_directory(history):
    path = history.root / "validated" / f"{VERSIONS}.parquet"
    pl.read_parquet(path).drop("fetched_from").write_parquet(path)
    tear_sidecars(history, "001")
    store = history.validated()
    store.fetched_from = "replica"
    assert set(write_tables(store)["fetched_from"]) == {"replica"}
