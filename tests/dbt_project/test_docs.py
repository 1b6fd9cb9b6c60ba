"""The documentation page describes the existing warehouse and does not change it."""

from pathlib import Path

import duckdb
import pytest

from orchestration.runtime.data_dir import DataDir
from orchestration.warehouse.docs import write_docs
from orchestration.warehouse.project import DbtError


@pytest.mark.many_builds
def test_docs_describe_tables_and_columns_without_changing_the_warehouse(tmp_path: Path):
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table batches (batch_no integer, of_this_test integer)")
    before = warehouse.read_bytes()
    page = write_docs(DataDir(tmp_path), tmp_path / "docs" / "index.html").read_text(
        encoding="utf-8"
    )
    assert "Announced batches whose list was accepted" in page
    assert "of_this_test" in page
    assert "The filings register" in page
    assert warehouse.read_bytes() == before
    assert [path.name for path in (tmp_path / "docs").iterdir()] == ["index.html"]


def test_docs_without_a_warehouse_fail_with_a_remedy_and_write_nothing(tmp_path: Path):
    with pytest.raises(DbtError, match=r"no warehouse in .* `make run` first"):
        write_docs(DataDir(tmp_path / "data"), tmp_path / "index.html")
    assert list(tmp_path.iterdir()) == []
