"""The data package of a release: valid, with a schema for each table, its state and its terms."""

import re
from dataclasses import replace

import pytest
from frictionless import Package, validate

from orchestration.publication.catalogue import Column, Table
from orchestration.publication.changes import CHANGES, Changes
from orchestration.publication.context import ReleaseContext
from orchestration.publication.datapackage import data_package
from orchestration.publication.latest import DESCRIPTOR, descriptor
from orchestration.publication.table_schema import field_type, table_schema
from orchestration.warehouse.manifest import marts
from tests.orchestration.publication.release_factories import make_context, make_filing

# Part of the pattern of https://semver.org: no leading zeros, then the metadata of the build.
SEMANTIC_VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"


def resources_of(release) -> dict[str, dict]:
    return {item["name"]: item for item in descriptor(release)["resources"]}


def test_frictionless_finds_every_file_of_a_release_as_published(first_release):
    made = first_release(2)
    report = validate(str(made.path / DESCRIPTOR))
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == 5


def test_frictionless_finds_an_altered_file(first_release):
    made = first_release(2)
    path = made.path / "parquet" / "filings.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    assert not validate(str(made.path / DESCRIPTOR)).valid


def test_table_has_a_schema_with_types_and_descriptions(first_release):
    filings = resources_of(first_release(1).path)["filings"]
    fields = {field["name"]: field for field in filings["schema"]["fields"]}
    assert fields["batch_no"] == {"name": "batch_no", "type": "integer"}
    assert fields["is_cancelled"]["type"] == "boolean"
    assert fields["note"] == {
        "name": "note", "type": "string", "description": "What the list's note says.",
    }  # fmt: skip
    assert (filings["format"], filings["row_count"]) == ("parquet", 1)
    assert "encoding" not in filings


def test_database_and_texts_state_their_format(first_release):
    found = resources_of(first_release(1).path)
    assert "same rows and columns as the Parquet files" in found["filings-duckdb"]["description"]
    assert (found["changes-md"]["format"], found["changes-md"]["encoding"]) == ("md", "utf-8")


def test_package_states_version_terms_and_state(first_release):
    stated = descriptor(first_release(1).path)
    assert stated["version"] == f"2024.2.0+{stated['content_sha256'][:12]}"
    assert re.fullmatch(SEMANTIC_VERSION, stated["version"])
    assert (stated["as_of"], stated["as_of_zh"]) == ("list of February 2024", "2024 年 2 月清单")
    assert stated["temporal"] == {"start": "2024-02", "end": "2024-02"}
    # The identifier of the Open Definition for data without a stated licence.
    assert [item["name"] for item in stated["licenses"]] == ["notspecified"] * 2
    assert "政务信息公开" in stated["licenses"][0]["title"]
    assert stated["sources"][0]["path"] == "https://www.cac.gov.cn"
    assert stated["contributors"] and "深度合成" in stated["keywords"]


def test_release_without_lists_has_a_valid_package(tmp_path):
    context = replace(make_context(tmp_path, make_filing(1)), marts=[])
    package = data_package(context, "20260101T000000000000Z", Changes(None, []), {})
    assert Package.validate_descriptor(package).valid
    assert package["version"] == "0.0.0+c0ffee"
    assert "temporal" not in package and package["as_of"] == "no lists yet"


@pytest.mark.parametrize(
    ("duckdb_type", "expected"),
    [
        ("VARCHAR", "string"), ("INTEGER", "integer"), ("BIGINT", "integer"), ("DOUBLE", "number"),
        ("DECIMAL(18,3)", "number"), ("BOOLEAN", "boolean"), ("DATE", "date"),
        ("TIMESTAMP", "datetime"), ("TIMESTAMP WITH TIME ZONE", "datetime"),
        ("VARCHAR[]", "array"), ("STRUCT(a VARCHAR)[]", "array"), ("INTEGER[3]", "array"),
        ("STRUCT(a VARCHAR[])", "object"), ("MAP(VARCHAR, INTEGER)", "object"), ("BLOB", "any"),
    ],
)  # fmt: skip
def test_duckdb_type_has_its_frictionless_type(duckdb_type: str, expected: str):
    assert field_type(duckdb_type) == expected


def test_schema_has_key_and_only_references_to_tables_of_the_release():
    products = Table("products", "", 0, (Column("filing_number", "VARCHAR"),))
    keys = {"products": ("filing_number", "product_no"), "filings": ("filing_number",)}
    schema = table_schema(products, keys)
    assert schema["primaryKey"] == ["filing_number", "product_no"]
    assert schema["foreignKeys"] == [
        {
            "fields": ["filing_number"],
            "reference": {"resource": "filings", "fields": ["filing_number"]},
        }
    ]
    assert "foreignKeys" not in table_schema(products, {"products": keys["products"]})
    assert "primaryKey" not in table_schema(products, {})


def test_key_of_a_mart_is_the_one_that_its_data_test_checks():
    keys = {mart.name: mart.key for mart in (*marts(), CHANGES)}
    assert keys["filings"] == ("filing_number",)
    assert keys["batches"] == ("batch_no",)
    assert keys["filing_events"] == ("register", "filing_number", "event_no")
    assert keys["changes"] == ("change_no",)
    for mart in (*marts(), CHANGES):
        assert set(mart.key) <= set(mart.columns), mart.name


def test_version_is_equal_for_equal_contents(tmp_path):
    contexts: list[ReleaseContext] = [
        make_context(tmp_path / name, make_filing(1)) for name in ("one", "two")
    ]
    assert len({context.version() for context in contexts}) == 1
