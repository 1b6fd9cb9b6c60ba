"""What a build does with failed tests and with an earlier warehouse; each test builds its own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from scrapers.replica.facts import load_register
from tests.dbt_project.attached_lists import write_attached
from tests.dbt_project.builds import BuildResult, load_manifest, run_dbt
from tests.dbt_project.made_up import number, rows
from tests.dbt_project.validated_data import ListFact, filing, write_validated

pytestmark = pytest.mark.many_builds


def build(manifest: Manifest, data: Path, model: str, *lists: ListFact) -> BuildResult:
    """Build a model with all that it depends on, and run their data tests."""
    for file in data.rglob("*.parquet"):
        file.unlink()
    write_validated(data, list(lists))
    write_attached(data)
    # By its file, since `filings` is also the name of the project.
    selected = ["--select", f"+file:{model}.sql"]
    command = ["build", "--exclude-resource-type", "unit_test", *selected]
    return run_dbt(manifest, data, command)


def a_list(batch_no: int, *entities: int) -> ListFact:
    return ListFact(batch_no, tuple(rows(*entities)), date(2025, 5, batch_no % 28 + 1))


def test_a_failed_test_stops_the_marts_that_depend_on_it(manifest: Manifest, tmp_path: Path):
    repeated = build(
        manifest, tmp_path, "regions_by_batch", a_list(101, 1, 2), a_list(102, 1, 2, 3)
    )
    assert repeated.named("fail") == {"counts_of_a_batch_agree"}
    assert "regions_by_batch" in repeated.named("skipped")


def test_a_mart_with_another_type_than_declared_is_an_error(tmp_path: Path):
    manifest = load_manifest()
    column, *_ = manifest.nodes["model.filings.sectors"].columns.values()
    column.data_type = "integer"
    built = build(manifest, tmp_path, "sectors", a_list(101, 1))
    assert "sectors" in built.named("error")
    assert "contract" in built.messages["sectors"]


def test_a_rebuilt_warehouse_forgets_earlier_rows(manifest: Manifest, tmp_path: Path):
    assert build(manifest, tmp_path, "filings", a_list(101, 1, 2, 3)).named("fail") == set()
    changed = filing(number(4), note="已注销", products="--")
    rebuilt = build(manifest, tmp_path, "filings", ListFact(101, (*rows(1), changed), version_no=2))
    assert rebuilt.named("fail", "skipped") == set()
    assert rebuilt.rows(
        "select count(*), sum(product_count), sum(is_cancelled::int) from filings"
    ) == [(2, 1, 1)]


def test_amended_filing_goes_back_to_the_rules_until_it_is_read_again(
    manifest: Manifest, tmp_path: Path
):
    read = load_register().filings[1][:4]
    first, second, third, fourth = read
    later = (
        replace(first, made="另一种文本"),
        replace(second, products="某某（APP）"),
        replace(third, algorithm_name="天气播报算法"),
        replace(fourth, entity_name=f"{fourth.entity_name}（更名）"),
    )
    lists = [
        ListFact(1, tuple(read), is_current=False),
        ListFact(1, (*later, *rows(1)), version_no=2),
    ]
    built = build(manifest, tmp_path, "filings", *lists)
    found = {
        number: columns
        for number, *columns in built.rows(
            "select filing_number, review_status, sector_source, sector = sector_by_rules "
            "from filings"
        )
    }
    amended, reviewed = ["amended", "rules", True], ["reviewed", "reviewed"]
    assert [found[filing.filing_number] for filing in later[:3]] == [amended] * 3
    # The name of the entity says nothing of the use.
    assert found[fourth.filing_number][:2] == reviewed
    assert [status for status, *_ in found.values()].count("not_reviewed") == 1
