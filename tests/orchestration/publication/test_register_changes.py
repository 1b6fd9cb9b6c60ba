"""Changes in several registers: their order, new registers, and what table and page say."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from orchestration.publication import comparison
from orchestration.publication.changes import CHANGES, Changes
from orchestration.publication.changes_page import to_markdown
from orchestration.publication.comparison import compare
from orchestration.warehouse.marts import Mart
from tests.orchestration.publication.release_factories import (
    MARTS,
    SERVICES,
    make_filing,
    write_parquet,
)

# Marts are sorted by name, registers by their order.
ALL = [Mart("a_services", "", {}, SERVICES), *MARTS]


Service = tuple[int, str, str, str, str]


def service(
    number: int, name: str = "模型", month: str = "2026-06", match: str = "name"
) -> Service:
    return number, name, month, "listed", match


def release(
    folder: Path, filings: Sequence[dict[str, object]], services: Sequence[Service] | None
) -> Path:
    """A release with these rows; without the mart of services if they are None."""
    write_parquet(folder, filings)
    if services is not None:
        with duckdb.connect() as connection:
            connection.execute(
                "create table services (service_number varchar, service_name varchar, "
                "list_month varchar, list_status varchar, entity_match varchar, "
                "entity_id varchar, entity_name varchar, list_version varchar)"
            )
            for number, *values in services:
                connection.execute(
                    "insert into services values (?, ?, ?, ?, ?, null, '公司', 'v1')",
                    [f"S-{number}", *values],
                )
            path = folder / "parquet" / "a_services.parquet"
            connection.table("services").write_parquet(str(path))
    return folder


def found(
    folder: Path, before: Sequence[Service] | None, after: Sequence[Service], note: str | None
) -> Changes:
    """The changes to a filing that gets this note, and to services."""
    old = release(folder / "old", [make_filing(1)], before)
    new = release(folder / "new", [make_filing(1, note=note)], after)
    return compare(new, old, ALL)


def records(changes: Changes) -> list[dict[str, object]]:
    return [dict(zip(CHANGES.columns, row, strict=True)) for row in changes.rows()]


def test_all_registers_are_compared_in_their_order(tmp_path):
    before = [service(1), service(2), service(3, month="2026-02")]
    after = [service(1, "新名"), service(4, month="2026-04"), service(3, month="2026-02")]
    changes = found(tmp_path, before, after, "新增产品")
    shown = [
        (row["register"], row["kind"], row["filing_number"], row["document_key"], row["batch_no"])
        for row in records(changes)
    ]
    assert shown == [
        ("deep_synthesis", "amended", f"{1:021d}", "001", 1),
        ("generative_services", "added", "S-4", "2026-04", None),
        ("generative_services", "amended", "S-1", "2026-06", None),
        ("generative_services", "gone", "S-2", "2026-06", None),
    ]
    assert [row["algorithm_name"] for row in records(changes)[1:]] == ["模型", "新名", "模型"]
    assert changes.summary == (
        "1 filing in 1 batch: 1 amended; "
        "3 services in 3 lists (generative AI services): 1 added, 1 amended, 1 gone"
    )
    assert changes.counts == {
        "added": 1,
        "amended": 2,
        "moved": 0,
        "cancelled": 0,
        "confirmed": 0,
        "gone": 1,
    }
    assert changes.batches == {1: 1}


def test_page_counts_changes_by_list_before_the_details(tmp_path):
    before = [service(1), service(2), service(3, month="2026-02")]
    after = [service(1, "新名"), service(2, "新名"), service(4, month="2026-04")]
    page = to_markdown(found(tmp_path, before, after, None), "r2")
    assert "## Deep-synthesis algorithms" not in page
    _, section = page.split("## Generative AI services · 生成式人工智能服务备案与登记\n")
    table, details = section.split("\n### ", 1)
    assert table.splitlines()[3:] == [
        "| list | added | amended | gone |",
        "| ---: | ---: | ---: | ---: |",
        "| 2026-02 | 0 | 0 | 1 |",
        "| 2026-04 | 1 | 0 | 0 |",
        "| 2026-06 | 0 | 2 | 0 |",
    ]
    assert details.startswith("New services (1)\n")
    assert "| S-4 | 2026-04 | 模型 | 公司 |" in details
    assert "**S-1** 新名, 公司 (list 2026-06)\n\n- service_name: 模型 → 新名\n" in details


def test_move_to_another_list_is_told_by_the_column_of_lists(tmp_path):
    changes = found(tmp_path, [service(1)], [service(1, month="2026-09")], None)
    (row,) = records(changes)
    assert (row["kind"], row["document_key"]) == ("moved", "2026-09")
    assert (row["column_name"], row["old_value"], row["new_value"]) == (
        "list_month", "2026-06", "2026-09",
    )  # fmt: skip
    assert "### Moved to another list (1)" in to_markdown(changes, "r2")


@pytest.mark.parametrize("before", [None, []], ids=["no mart", "no rows"])
def test_new_register_is_counted_by_list_and_has_no_changed_rows(tmp_path, before):
    after = [service(1), service(2), service(3, month="2026-02")]
    changes = found(tmp_path, before, after, None)
    assert records(changes) == [] and not any(changes.counts.values())
    assert changes.summary == (
        "1 filing in 1 batch: no filing changed; "
        "new register: 3 services in 2 lists (generative AI services)"
    )
    page = to_markdown(changes, "r2")
    assert "\nNew register: 3 services in 2 lists.\n" in page
    assert "| 2026-02 | 1 |\n| 2026-06 | 2 |\n" in page and "S-1" not in page


def test_register_that_is_empty_in_both_releases_is_not_mentioned(tmp_path):
    changes = found(tmp_path, None, [], "x")
    assert changes.summary == "1 filing in 1 batch: 1 amended"
    assert "Generative" not in to_markdown(changes, "r2")


def test_derived_match_of_a_service_is_counted_only(tmp_path):
    changes = found(tmp_path, [service(1)], [service(1, match="none")], None)
    assert records(changes) == []
    page = to_markdown(changes, "r2")
    assert "otherwise unchanged services: `entity_match` in 1." in page


def test_first_release_has_the_lists_of_every_register(tmp_path):
    changes = compare(release(tmp_path, [make_filing(1)], [service(1)]), None, ALL)
    assert changes.summary == (
        "first release: 1 filing in 1 batch; 1 service in 1 list (generative AI services)"
    )
    page = to_markdown(changes, "r1")
    assert page.index("| 1 | 1 |") < page.index("| 2026-06 | 1 |")


def test_file_that_both_releases_share_is_not_compared(tmp_path, monkeypatch):
    old = release(tmp_path / "old", [make_filing(1)], [service(1)])
    new = release(tmp_path / "new", [make_filing(1, note="新增产品")], None)
    (new / "parquet" / "a_services.parquet").hardlink_to(old / "parquet" / "a_services.parquet")
    compared = []
    select = comparison._select_different
    monkeypatch.setattr(
        comparison,
        "_select_different",
        lambda connection, key, columns: (compared.append(key), select(connection, key, columns)),
    )
    found = compare(new, old, ALL)
    assert compared == ["filing_number"]
    assert [len(item.rows) for item in found.registers] == [1, 0]
    assert found.registers[1].listed.count == 1


def test_only_rows_that_differ_are_compared_by_column(tmp_path):
    rows = [make_filing(number) for number in range(1, 6)]
    old = release(tmp_path / "old", rows, None)
    new = release(tmp_path / "new", [*rows[:3], make_filing(4, note="x"), make_filing(9)], None)
    with duckdb.connect() as connection:
        for name, folder in (("new_rows", new), ("old_rows", old)):
            path = folder / "parquet" / "filings.parquet"
            connection.read_parquet(str(path)).create_view(name)
        comparison._select_different(connection, "filing_number", ["note", "sector"])
        numbers = {
            name: [
                int(number)
                for (number,) in connection.execute(
                    f"select filing_number from {name}_different order by 1"
                ).fetchall()
            ]
            for name in ("new", "old")
        }
    assert numbers == {"new": [4, 9], "old": [4, 5]}
