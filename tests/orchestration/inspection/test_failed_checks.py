"""Failed checks and counts of the versions in use, as read from the data directory."""

import duckdb
import pytest

from orchestration.inspection.failed_checks import failed_checks
from orchestration.inspection.status import read_status
from orchestration.runtime.data_dir import DataDir
from orchestration.validation.contracts.deep_synthesis import CONTRACT
from scrapers.documents import Row
from scrapers.registers import DEEP_SYNTHESIS
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_row,
    make_filing_rows,
)

GOOD = make_filing_rows(60)


def with_bad_roles(roles: dict[int, str]) -> list[Row]:
    """The good rows, with other roles by row number."""
    return [
        make_filing_row(serial, role=roles[serial]) if serial in roles else row
        for serial, row in enumerate(GOOD, 1)
    ]


@pytest.fixture
def data(tmp_path) -> DataDir:
    return DataDir(tmp_path)


def found(data: DataDir) -> list[tuple[str, int, str, str | None]]:
    with duckdb.connect() as connection:
        checks = failed_checks(connection, data.validated, DEEP_SYNTHESIS, CONTRACT)
    assert all(item.path.exists() for item in checks)
    return [(item.document, item.row_no, item.check, item.value) for item in checks]


def test_failed_checks_are_sorted_by_document_and_row(data):
    stores = Stores(data.root)
    archive_and_validate(stores, with_bad_roles({5: "z", 25: "a"}), batch_no=2)
    other_rows = [make_filing_row(900, role="b"), *make_filing_rows(30, 901)]
    archive_and_validate(stores, other_rows, batch_no=1)
    stores.write_tables()
    assert found(data) == [
        ("001", 1, "known_role", "b"),
        ("002", 5, "known_role", "z"),
        ("002", 25, "known_role", "a"),
    ]
    documents = read_status(data).of(DEEP_SYNTHESIS).documents
    assert {key: item.quarantined for key, item in documents.items()} == {"001": 1, "002": 2}


def test_failed_checks_of_replaced_versions_are_left_out(data):
    stores = Stores(data.root)
    archive_and_validate(stores, with_bad_roles({5: "?"}), GOOD)
    stores.write_tables()
    assert found(data) == []
    shown = read_status(data).of(DEEP_SYNTHESIS).documents["002"]
    assert (shown.rows, shown.quarantined, shown.versions) == (60, 0, 2)


def test_without_a_store_there_are_no_failed_checks(data):
    assert found(data) == []
