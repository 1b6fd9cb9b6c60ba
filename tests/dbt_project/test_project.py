"""The project: unit tests, descriptions, declared types, and independence of data directories."""

import json
import re
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.project import TARGET_DIR
from scrapers.fields.filing_number import KINDS
from scrapers.fields.text_keys import INVISIBLE
from tests.dbt_project.builds import PROJECT, BuildResult


@pytest.fixture(scope="session")
def tables(manifest: Manifest) -> list[object]:
    """Models, seeds and sources, as parsed by dbt."""
    nodes = [n for n in manifest.nodes.values() if n.resource_type in ("model", "seed")]
    return [*nodes, *manifest.sources.values()]


def test_dbt_unit_tests_pass(manifest: Manifest, made_up: BuildResult):
    names = {test.name for test in manifest.unit_tests.values()}
    assert len(names) >= 15
    assert {name: made_up.statuses.get(name) for name in names} == dict.fromkeys(names, "pass")


def test_every_table_and_column_is_described_in_sentences(tables: list[object]):
    bare = [
        f"{table.name}.{name}"
        for table in tables
        for name, text in [("", table.description)]
        + [(column.name, column.description) for column in table.columns.values()]
        if not text.strip().endswith(".")
    ]
    assert bare == []


def test_every_kind_of_a_cancelled_algorithm_is_described(manifest: Manifest):
    model = manifest.nodes["model.filings.cancellations"]
    words = dict(re.findall(r"when '(0\d)' then '(\w+)'", model.raw_code))
    # One word for each kind of the filing number, the same in messages and tables.
    assert words == {code: kind.replace(" ", "_") for code, kind in KINDS.items()}
    assert len(words) == len(set(words.values())) == 6
    kinds = set(words.values())
    assert set(re.findall(r"`(\w+)`", model.columns["kind"].description)) == kinds | {"kind_code"}


def test_every_data_test_is_described_in_a_sentence(manifest: Manifest):
    tests = [node for node in manifest.nodes.values() if node.resource_type == "test"]
    assert len(tests) > 90
    assert [test.name for test in tests if not test.description.strip().endswith(".")] == []


def test_declared_columns_and_types_match_the_warehouse(
    register: BuildResult, tables: list[object]
):
    built = register.rows(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_schema = 'main'"
    )
    types = {(table, column): kind.lower() for table, column, kind in built}
    stated = {
        (table.name, column.name): column.data_type
        for table in tables
        if table.resource_type != "source"
        for column in table.columns.values()
    }
    assert stated == types


def test_dbt_and_the_program_ignore_the_same_characters():
    assert f"'{INVISIBLE}'" in (PROJECT / "macros" / "squeezed.sql").read_text(encoding="utf-8")


def test_the_manifest_names_no_data_directory(manifest: Manifest):
    sources = json.dumps([s.to_dict(omit_none=True) for s in manifest.sources.values()])
    locations = [s.config.meta["external_location"] for s in manifest.sources.values()]
    assert all("'validated/" in location for location in locations)
    assert str(TARGET_DIR) not in sources  # the data directory during parsing


def test_every_model_and_seed_has_its_own_yml():
    made = [
        p
        for kind in ("models/**/*.sql", "models/**/*.py", "seeds/*.csv")
        for p in PROJECT.glob(kind)
    ]
    assert len(made) >= 19
    assert [path.name for path in made if not path.with_suffix(".yml").exists()] == []


def test_every_seed_declares_the_types_of_its_columns(manifest: Manifest):
    """DuckDB would guess the others, and load what it cannot convert as text."""
    seeds = [node for node in manifest.nodes.values() if node.resource_type == "seed"]
    assert seeds
    for seed in seeds:
        file = PROJECT / seed.original_file_path
        header, *_ = file.read_text(encoding="utf-8").splitlines()
        assert set(seed.config.column_types) == set(header.split(",")), seed.name


def test_marts_have_the_published_columns(tables: list[object]):
    promised = {
        "filings": "filing_number batch_no list_month announced_on list_position algorithm_name "
        "role entity_id entity_name products product_count purpose sector inputs outputs "
        "is_multimodal is_cross_modal is_generative sector_evidence sector_margin region_code "
        "province_code province_name city_name district_name issued_year serial_no is_cancelled "
        "cancelled_month note source_url document_sha256",
        "entities": "entity_id entity_name former_names filings first_batch_no last_batch_no "
        "province_name city_name",
        "filing_versions": "filing_number version_no valid_from valid_to changed_columns "
        "algorithm_name role entity_id entity_name products purpose note",
        "batches": "batch_no list_month announced_on filings entities new_entities "
        "cumulative_filings page_url document_sha256 retrieved_at",
        "regions_by_batch": "batch_no province_code province_name filings share "
        "cumulative_filings cumulative_share",
        "cities_by_batch": "batch_no city_name city_name_en filings share cumulative_filings "
        "cumulative_share",
        "sectors_by_batch": "batch_no sector sector_name_zh sector_name_en filings share "
        "cumulative_filings cumulative_share growth",
        "sectors_by_year": "announced_year sector filings share growth",
        "modalities_by_batch": "batch_no side modality modality_name_zh modality_name_en filings "
        "share",
        "regions_by_sector": "province_code province_name sector filings location_quotient",
        "cities_by_sector": "city_name city_name_en sector filings location_quotient",
        "roles_by_batch": "batch_no role filings share",
        "article_claims": "claim_id subject subject_zh statement statement_zh stated_value unit "
        "measured_value verdict definition definition_zh filing_numbers query reason_code reason "
        "reason_zh would_need would_need_zh",
        "pass_rates": "batch_no basis passed submitted pass_rate is_official is_implied "
        "source_title source_url note",
    }
    stated = {table.name: set(table.columns) for table in tables if table.resource_type == "model"}
    missing = {mart: set(names.split()) - stated[mart] for mart, names in promised.items()}
    assert {mart: names for mart, names in missing.items() if names} == {}


def test_dbt_names_the_missing_variable_without_a_data_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("FILINGS_DATA_DIR", raising=False)
    places = [f"--{name}-dir={PROJECT}" for name in ("project", "profiles")]
    result = dbtRunner().invoke(
        ["parse", *places, f"--target-path={tmp_path}", "--quiet", f"--log-path={tmp_path}"]
    )
    assert not result.success
    assert "Env var required but not provided: 'FILINGS_DATA_DIR'" in str(result.exception)


def test_every_mart_with_a_purpose_states_its_origin_next_to_it(manifest: Manifest):
    marts = {
        node.name: list(node.columns)
        for node in manifest.nodes.values()
        if node.resource_type == "model" and "marts" in node.fqn and "purpose" in node.columns
    }
    assert set(marts) >= {"filings", "recommendation_filings", "filing_versions"}
    for columns in marts.values():
        assert columns[columns.index("purpose") + 1] == "purpose_origin"
