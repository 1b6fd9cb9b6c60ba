"""croissant.json: the required properties of the specification, and what search engines read.

The rules are those that the validator of MLCommons checks; the package itself is too large to
install for one test.
"""

import json
from dataclasses import replace
from hashlib import sha256

import duckdb

from orchestration.publication.context import ReleaseContext
from orchestration.publication.croissant import CROISSANT, write_croissant
from tests.orchestration.publication.release_factories import (
    make_context,
    make_filing,
    with_services,
)

TYPES = {f"sc:{name}" for name in ("Text", "Integer", "Float", "Boolean", "Date", "DateTime")}


def croissant_of(context: ReleaseContext) -> dict:
    write_croissant(context)
    return json.loads((context.folder / CROISSANT).read_bytes())


def with_parquet(context: ReleaseContext) -> ReleaseContext:
    """The context, with a Parquet file for each of its tables."""
    (context.folder / "parquet").mkdir()
    with context.connect() as connection:
        for mart in context.marts:
            path = context.folder / "parquet" / f"{mart.name}.parquet"
            connection.table(mart.name).write_parquet(str(path))
    return context


def test_dataset_has_what_croissant_requires_and_search_engines_read(tmp_path):
    dataset = croissant_of(with_services(tmp_path))
    assert dataset["@context"]["@vocab"] == "https://schema.org/"
    assert dataset["@context"]["cr"] == "http://mlcommons.org/croissant/"
    assert dataset["@type"] == "sc:Dataset"
    assert dataset["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert dataset["name"] == "China's public registers of algorithms and AI services"
    assert "As of: lists to June 2026." in dataset["description"]
    assert "政务信息公开" in dataset["license"][0]["description"]
    assert dataset["creator"] == {"@type": "Organization", "name": "The filings register"}
    assert dataset["version"] == "2026.6.0+c0ffee" and dataset["version"] in dataset["citeAs"]
    assert dataset["datePublished"] == "2025-01-02"
    assert dataset["temporalCoverage"] == "2024-02/2026-06"
    assert dataset["spatialCoverage"]["name"] == "China"
    assert dataset["isAccessibleForFree"] is True and dataset["inLanguage"] == ["zh", "en"]
    assert [(item["name"], item["value"]) for item in dataset["variableMeasured"]] == [
        ("Deep-synthesis algorithms", 1), ("Generative AI services", 3),
    ]  # fmt: skip


def test_distribution_has_each_data_file_with_size_and_hash(tmp_path):
    context = with_parquet(make_context(tmp_path, make_filing(1)))
    (tmp_path / "CHANGES.md").write_text("# Changes in release 1\n")
    files = croissant_of(context)["distribution"]
    assert [file["@id"] for file in files] == [
        "parquet/batches.parquet", "parquet/filing_events.parquet",
        "parquet/filings.parquet",
    ]  # fmt: skip
    for file in files:
        content = (tmp_path / file["contentUrl"]).read_bytes()
        assert file["@type"] == "cr:FileObject"
        assert file["sha256"] == sha256(content).hexdigest()
        assert file["contentSize"] == f"{len(content)} B"


def test_every_field_reads_a_column_of_a_described_file(tmp_path):
    context = with_parquet(
        make_context(
            tmp_path,
            make_filing(1),
            extra="select ['a'] as names, 0.5::double as share, {'a': 1} as parts, 1 as n",
        )
    )
    dataset = croissant_of(context)
    files = {file["@id"] for file in dataset["distribution"]}
    identifiers = [file["@id"] for file in dataset["distribution"]]
    for record_set in dataset["recordSet"]:
        identifiers.append(record_set["@id"])
        for field in record_set["field"]:
            identifiers.append(field["@id"])
            source = field["source"]["fileObject"]["@id"]
            assert source in files and field["dataType"] in TYPES and field["description"]
            columns = duckdb.read_parquet(str(tmp_path / source)).columns
            assert field["source"]["extract"]["column"] in columns
    assert len(set(identifiers)) == len(identifiers)
    (extra,) = [item for item in dataset["recordSet"] if item["name"] == "extra"]
    fields = {field["name"]: field for field in extra["field"]}
    # Croissant has no type for a struct.
    assert set(fields) == {"names", "share", "n"}
    assert (fields["names"]["dataType"], fields["names"]["repeated"]) == ("sc:Text", True)
    assert "repeated" not in fields["share"]


def test_key_of_a_table_refers_to_its_fields(tmp_path):
    context = make_context(tmp_path, make_filing(1))
    marts = [replace(mart, key=("filing_number",)) for mart in context.marts[:1]]
    (record_set,) = croissant_of(replace(context, marts=marts))["recordSet"]
    assert record_set["key"] == [{"@id": "filings/filing_number"}]


def test_croissant_is_deterministic(tmp_path):
    for name in ("one", "two"):
        context = with_parquet(make_context(tmp_path / name, make_filing(1)))
        write_croissant(context)
    one, two = ((tmp_path / name / CROISSANT).read_bytes() for name in ("one", "two"))
    assert one == two
