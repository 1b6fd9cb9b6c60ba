"""The descriptors of a real release, checked against its files and by programs that use them."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml
from frictionless import Package, Resource, Schema, validate

from orchestration.publication.croissant import CROISSANT
from orchestration.publication.latest import DESCRIPTOR
from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.conftest import FirstRun
from tests.end_to_end.releases import latest, query


def package_of(run: FirstRun) -> dict[str, Any]:
    return json.loads((latest(run.data_dir) / DESCRIPTOR).read_bytes())


def tables_of(run: FirstRun) -> list[dict[str, Any]]:
    return [item for item in package_of(run)["resources"] if "schema" in item]


def test_frictionless_finds_a_release_valid(whole_register: FirstRun):
    report = validate(str(latest(whole_register.data_dir) / DESCRIPTOR))
    assert report.valid, report.flatten(["name", "message"])
    assert len(report.tasks) > 34


def test_rows_of_every_table_fit_their_schema_keys_and_references(one_batch: FirstRun):
    release = latest(one_batch.data_dir)
    resources = []
    for item in tables_of(one_batch):
        table = pq.read_table(release / item["path"])
        rows = [list(row.values()) for row in table.to_pylist()]
        assert len(rows) == item["row_count"]
        schema = Schema.from_descriptor(item["schema"])
        assert table.column_names == schema.field_names
        if rows:
            data = [table.column_names, *rows]
            resources.append(Resource(name=item["name"], data=data, schema=schema))
    report = Package(resources=resources).validate()
    assert report.valid, report.flatten(["name", "message"])
    assert len(resources) > 25


def test_every_column_is_described_and_every_referenced_row_exists(whole_register: FirstRun):
    tables = tables_of(whole_register)
    for item in tables:
        assert all(field.get("description") for field in item["schema"]["fields"]), item["name"]
        assert all(field["type"] != "any" for field in item["schema"]["fields"]), item["name"]
    lost = {
        (item["name"], key["reference"]["resource"]): query(
            whole_register.data_dir,
            f"select count(*) from {item['name']} anti join {key['reference']['resource']} "
            f"using ({key['fields'][0]}) where {key['fields'][0]} is not null",
        )
        for item in tables
        for key in item["schema"].get("foreignKeys", [])
    }
    assert len(lost) >= 10 and set(map(tuple, lost.values())) == {((0,),)}


def test_descriptors_agree_on_version_hashes_and_state(whole_register: FirstRun):
    release = latest(whole_register.data_dir)
    package, croissant = (
        package_of(whole_register),
        json.loads((release / CROISSANT).read_bytes()),
    )
    assert package["version"] == croissant["version"]
    assert package["as_of"] == "lists to August 2026, notices to July 2026"
    assert package["description"].endswith("rewords them from their parts.")
    assert package["as_of"] in croissant["description"]
    hashes = {item["path"]: item["hash"] for item in package["resources"]}
    for file in croissant["distribution"]:
        assert hashes[file["contentUrl"]] == f"sha256:{file['sha256']}"
    assert CROISSANT in hashes
    assert {item["name"] for item in croissant["recordSet"]} == {
        item["name"] for item in tables_of(whole_register)
    }


@pytest.mark.parametrize("name", ["CHANGES.md", "panorama.html", "filings.duckdb"])
def test_croissant_lists_only_data_with_reproducible_bytes(whole_register: FirstRun, name: str):
    croissant = json.loads((latest(whole_register.data_dir) / CROISSANT).read_bytes())
    assert name not in {file["contentUrl"] for file in croissant["distribution"]}


def test_croissant_columns_are_those_of_the_files(whole_register: FirstRun):
    release: Path = latest(whole_register.data_dir)
    for record_set in json.loads((release / CROISSANT).read_bytes())["recordSet"]:
        path = release / "parquet" / f"{record_set['name']}.parquet"
        columns = set(duckdb.read_parquet(str(path)).columns)
        named = {field["source"]["extract"]["column"] for field in record_set["field"]}
        # Croissant has no type for a list of structs.
        assert columns - named <= {"changed_values"} and named <= columns


def test_citation_file_has_what_the_format_requires_and_names_no_person():
    cited = yaml.safe_load((PROJECT_ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0" and cited["type"] == "dataset"
    assert cited["message"] and cited["title"]
    assert cited["authors"] == [{"name": "The filings register"}]
    assert {"type", "title", "authors"} <= set(cited["references"][0])


def test_descriptions_of_kinds_evidence_and_months_hold(whole_register: FirstRun):
    def of(sql: str) -> list[tuple[Any, ...]]:
        return query(whole_register.data_dir, sql)

    comments = {
        (table, column): comment
        for table, column, comment in of(
            "select table_name, column_name, comment from duckdb_columns()"
        )
    }
    described = comments["cancellations", "kind"]
    assert "Lists until 2023, and notices about their filings" in described
    printed = "检索过滤类"
    assert of(
        f"select max(list_month) from recommendation_filings where category = '{printed}'"
    ) == [("2023-12",)]
    assert of(
        "select max(year(published_on)), max(left(list_month, 4)) from cancellations "
        f"join recommendation_filings using (filing_number) where printed_role = '{printed}'"
    ) == [(2025, "2023")]
    assert (
        "none points to a sector, which is then `general` by rules"
        in comments["filings", "sector_evidence"]
    )
    assert "negative or 0 if the service came first" in comments["dual_track", "months_apart"]
    first = "from dual_track where came_first = 'generative_services'"
    assert of(f"select min(months_apart) < 0, max(months_apart) {first}") == [(True, 0)]
    unfounded = "from filings where sector_evidence = 'no term found'"
    assert of(f"select distinct sector_by_rules {unfounded}") == [("general",)]
    assert of(f"select count(sector_runner_up) > 0 {unfounded}") == [(True,)]
