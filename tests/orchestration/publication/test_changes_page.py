"""CHANGES.md: its summary, and its length when thousands of rows have changed."""

import re
from dataclasses import replace

import duckdb
import pytest

from orchestration.publication.changes import ChangedRow, Changes, Kind, RegisterChanges
from orchestration.publication.changes_page import SHOWN_ROWS, to_markdown
from orchestration.publication.registers import RegisterRows
from tests.orchestration.publication.release_factories import (
    COMPARED,
    SERVICES,
    make_filing,
    make_release,
)


def row(number: int, kind: Kind = "added", batch: int = 2) -> ChangedRow:
    columns = {"note": ("甲", "乙")} if kind == "amended" else {}
    return ChangedRow(kind, f"{number:021d}", batch, "算法", "1", "公司", columns)


def register(*rows: ChangedRow, listed: dict[int, int], **others) -> RegisterChanges:
    return RegisterChanges(RegisterRows(COMPARED, listed), rows=rows, **others)


def summary_of(page: str) -> list[str]:
    return re.findall(r"^- \*\*.*$", page.split("\n## ", maxsplit=1)[0], re.MULTILINE)


def shown_numbers(page: str) -> list[str]:
    return re.findall(r"\b\d{21}\b", page)


def test_page_leads_with_what_changed_in_each_register_and_which_lists_are_new():
    filings = register(
        row(1), row(2), row(3, batch=3), row(4, "amended", 1), row(5, "cancelled", 1),
        listed={1: 700, 2: 2, 3: 1},
    )  # fmt: skip
    services = RegisterChanges(RegisterRows(SERVICES, {"2026-06": 3}), is_new=True)
    page = to_markdown(Changes("r1", [filings, services]), "r2")
    assert page.startswith("# Changes in release r2\n\nCompared with release r1.\n\n- **Deep")
    first, second = summary_of(page)
    assert first == (
        "- **Deep-synthesis algorithms** (深度合成服务算法备案): 3 added, 1 amended, 1 cancelled; "
        "new batches: 2, 3. Now 703 filings in 3 batches."
    )
    assert second == (
        "- **Generative AI services** (生成式人工智能服务备案与登记): 3 services in 1 list, "
        "a new register."
    )


def test_list_that_only_grew_is_not_new():
    page = to_markdown(Changes("r1", [register(row(1), listed={2: 2})]), "r2")
    assert summary_of(page)[0].endswith(": 1 added. Now 2 filings in 1 batch.")


def test_summary_says_that_nothing_changed_in_a_register():
    page = to_markdown(Changes("r1", [register(listed={1: 1})]), "r2")
    assert summary_of(page)[0].endswith(": no filing changed. Now 1 filing in 1 batch.")


def test_first_release_has_its_registers_as_summary():
    page = to_markdown(Changes(None, [register(listed={1: 1})]), "r1")
    assert page.startswith("# Changes in release r1\n\nFirst release.\n\n- **Deep")
    assert summary_of(page)[0].endswith(": 1 filing in 1 batch.")


def test_release_without_rows_has_no_empty_summary():
    assert to_markdown(Changes(None, []), "r1") == "# Changes in release r1\n\nFirst release.\n"


def test_thousands_of_new_rows_are_counted_by_list_and_left_to_the_table():
    rows = [row(number, batch=1 + number % 8) for number in range(4320)]
    page = to_markdown(
        Changes("r1", [register(*rows, listed=dict.fromkeys(range(1, 9), 540))]), "r2"
    )
    assert len(page.splitlines()) < 60
    assert shown_numbers(page) == [item.number for item in rows[:SHOWN_ROWS]]
    assert "### New filings (4,320)" in page and page.count("| 540 |") == 8
    assert "\n4,300 more. All are in the table `changes`:\n\n```sql\nfrom changes where" in page


@pytest.mark.parametrize("kind", ["added", "amended", "cancelled", "gone"])
@pytest.mark.parametrize(("count", "more"), [(20, None), (21, "1 more."), (40, "20 more.")])
def test_every_kind_is_shown_in_full_up_to_twenty_rows(kind: Kind, count: int, more: str | None):
    rows = [row(number, kind) for number in range(count)]
    page = to_markdown(Changes("r1", [register(*rows, listed={1: 1})]), "r2")
    assert shown_numbers(page) == [item.number for item in rows[:20]]
    assert ("more." in page) == (more is not None)
    assert more is None or f"\n{more} " in page


def test_query_on_the_page_returns_the_rows_of_the_kind(tmp_path):
    make_release(tmp_path, make_filing(99))
    made = make_release(tmp_path, make_filing(99, note="x"), *map(make_filing, range(1, 26)))
    (query,) = re.findall(r"```sql\n(.*?)\n```", made.changes)
    with duckdb.connect(str(made.path / "filings.duckdb"), read_only=True) as connection:
        found = connection.sql(f"select filing_number from ({query})").fetchall()
    assert sorted(int(number) for (number,) in found) == list(range(1, 26))


def test_names_in_the_table_stay_escaped():
    named = replace(row(1), name="a|b", entity_name="<公司>")
    page = to_markdown(Changes("r1", [register(named, listed={2: 1})]), "r2")
    assert "| 2 | a\\|b | \\<公司\\> |" in page
