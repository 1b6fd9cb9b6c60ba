"""Validated rows and results in object stores, through fsspec."""

from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.spark import job
from orchestration.spark.comparison import compare
from orchestration.spark.files import Files, StoreError
from tests.dbt_project.builds import BuildResult
from tests.orchestration.spark.in_process import in_process
from tests.support.s3 import S3Bucket

ROWS = pa.table({"number": ["1", "2"], "name": ["甲", None]})


@pytest.fixture(params=["folder", "memory", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "s3":
        return Files(f"s3://{request.getfixturevalue('bucket').name}/prefix")
    return Files(str(tmp_path) if request.param == "folder" else f"memory://{tmp_path.name}")


def test_file_is_found_and_read_as_written(files: Files):
    files.write("001/a.parquet", ROWS)
    files.write("b.parquet", ROWS)
    assert files.find("[0-9]*/*.parquet") == ["001/a.parquet"]
    assert files.read("001/a.parquet") == ROWS
    assert files.read("001/a.parquet", ["name"]) == ROWS.select(["name"])
    assert files.rows("001/a.parquet") == 2
    assert files.size("001/a.parquet") == len(files.read_bytes("001/a.parquet"))


def test_pattern_without_files_finds_none(files: Files):
    assert files.find("*") == []


def test_missing_file_is_named(files: Files):
    with pytest.raises(StoreError, match=r"a\.parquet"):
        files.read("a.parquet")


def test_address_that_nothing_opens_is_named():
    with pytest.raises(StoreError, match="nothing://bucket cannot be opened"):
        Files("nothing://bucket/")


def test_validated_rows_and_result_in_s3_give_the_rows_that_duckdb_gives(
    made_up: BuildResult, bucket: S3Bucket
):
    validated = made_up.warehouse.parent / "validated"
    for path in validated.rglob("*.parquet"):
        key = f"data/validated/{path.relative_to(validated)}"
        bucket.client.upload_file(str(path), bucket.name, key)
    address = f"s3://{bucket.name}/data"
    job.run(in_process, f"{address}/validated", f"{address}/spark", 2)
    assert f"data/spark/{job.RECORD}" in bucket.objects()
    assert all(item.is_equal for item in compare(f"{address}/spark", made_up.warehouse))
