"""Changes between releases: kinds, columns, the table, the page, and escaping on the page."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from orchestration.publication.changes import (
    CHANGES,
    ChangedRow,
    Changes,
    RegisterChanges,
    counted_kind,
)
from orchestration.publication.changes_page import to_markdown
from orchestration.publication.comparison import compare
from orchestration.publication.registers import RegisterRows
from tests.orchestration.publication.release_factories import (
    COMPARED,
    MARTS,
    Row,
    make_filing,
    make_release,
    write_parquet,
)


def changes(folder: Path, before: Sequence[Row], after: Sequence[Row]) -> Changes:
    new, old = write_parquet(folder / "new", after), write_parquet(folder / "old", before)
    return compare(new, old, MARTS)


def without(column: str, *rows: Row) -> list[Row]:
    return [{name: value for name, value in row.items() if name != column} for row in rows]


CANCELLED = {"is_cancelled": True, "note": "已注销", "cancelled_month": "2025-07"}
NOTED = {"is_cancelled": True, "note": "已注销", "cancellation_source": "note"}
CONFIRMED = NOTED | {"cancelled_month": "2025-07", "cancellation_source": "both"}
WITHDRAWN = {"list_status": "withdrawn_from_list"}


@pytest.mark.parametrize(
    ("before", "after", "kind", "columns"),
    [
        ([], [make_filing(1)], "added", {}),
        ([make_filing(1)], [], "gone", {}),
        ([make_filing(1)], [make_filing(1, note="新增产品")], "amended",
         {"note": (None, "新增产品")}),
        ([make_filing(1)], [make_filing(1, name="新名", entity="新主体")], "amended", {
            "algorithm_name": ("算法", "新名"), "entity_name": ("公司", "新主体"),
        }),
        ([make_filing(1)], [make_filing(1, batch_no=2)], "moved", {"batch_no": ("1", "2")}),
        ([make_filing(1)], [make_filing(1, **CANCELLED)], "cancelled", {
            "note": (None, "已注销"), "is_cancelled": ("false", "true"),
            "cancelled_month": (None, "2025-07"),
        }),
        ([make_filing(1, **CANCELLED)], [make_filing(1)], "amended", {
            "note": ("已注销", None), "is_cancelled": ("true", "false"),
            "cancelled_month": ("2025-07", None),
        }),
        ([make_filing(1, **NOTED)], [make_filing(1, **CONFIRMED)], "confirmed", {
            "cancelled_month": (None, "2025-07"), "cancellation_source": ("note", "both"),
        }),
        ([make_filing(1, **NOTED)], [make_filing(1, **CONFIRMED | {"products": "新"})], "amended", {
            "products": ("产品(APP)", "新"),
            "cancelled_month": (None, "2025-07"), "cancellation_source": ("note", "both"),
        }),
        ([make_filing(1)], [make_filing(1, **WITHDRAWN)], "gone", {
            "list_status": ("listed", "withdrawn_from_list"),
        }),
        ([make_filing(1)], [make_filing(1, **WITHDRAWN, **CANCELLED)], "gone", {
            "note": (None, "已注销"), "list_status": ("listed", "withdrawn_from_list"),
            "is_cancelled": ("false", "true"), "cancelled_month": (None, "2025-07"),
        }),
        ([make_filing(1, **WITHDRAWN)], [make_filing(1)], "added", {
            "list_status": ("withdrawn_from_list", "listed"),
        }),
        ([make_filing(1, **WITHDRAWN)], [make_filing(1, **WITHDRAWN, note="x")], "amended",
         {"note": (None, "x")}),
        ([make_filing(1)], [make_filing(1, list_status="quarantined")], "amended", {
            "list_status": ("listed", "quarantined"),
        }),
    ],
)  # fmt: skip
def test_changed_filing_has_one_kind_and_its_columns(tmp_path, before, after, kind, columns):
    found = changes(tmp_path, [*before, make_filing(9)], [*after, make_filing(9)])
    (changed,) = found.registers[0].rows
    assert (int(changed.number), changed.kind, changed.columns) == (1, kind, columns)
    words = "cancellation confirmed" if kind == "confirmed" else kind
    assert found.summary.endswith(f": 1 {words}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (make_filing(1, place=1), make_filing(1, place=2)),
        (make_filing(1, name="甲 算法"), make_filing(1, name="甲算\u3000法\n")),
        (make_filing(1, name="甲算法"), make_filing(1, name="\ufeff甲\u200b算法")),
        (make_filing(1, note=None), make_filing(1, note="")),
        (make_filing(1, sector="finance"), make_filing(1, sector="law")),
    ],
    ids=["position", "white space", "zero-width characters", "empty note", "derived sector"],
)
def test_difference_outside_the_register_is_not_a_change(tmp_path, before, after):
    found = changes(tmp_path, [before], [after])
    assert found.registers[0].rows == ()
    assert found.summary == "1 filing in 1 batch: no filing changed"


def test_derived_columns_that_differ_are_counted(tmp_path):
    before = [make_filing(1, sector=None), make_filing(2), make_filing(3)]
    after = [make_filing(1, sector="law"), make_filing(2, sector="law", place=2), make_filing(3)]
    found = changes(tmp_path, before, after)
    assert found.registers[0].derived == {"sector": 2}
    amended = [make_filing(1, sector="law", products="新（APP）"), *after[1:]]
    assert changes(tmp_path / "amended", before, amended).registers[0].derived == {"sector": 1}
    assert "otherwise unchanged filings: `sector` in 2." in to_markdown(found, "r2")


@pytest.mark.parametrize("column", ["list_status", "entity_id", "list_version", "is_cancelled"])
def test_columns_missing_from_the_older_release_are_not_compared(tmp_path, column):
    before = without(column, make_filing(1), make_filing(2))
    found = changes(tmp_path, before, [make_filing(1), make_filing(2, note="x")])
    assert [(int(row.number), row.kind) for row in found.registers[0].rows] == [(2, "amended")]


def test_only_listed_filings_are_counted(tmp_path):
    found = changes(tmp_path, [make_filing(1)], [make_filing(1), make_filing(2, **WITHDRAWN)])
    assert found.batches == {1: 1}


def test_first_release_has_no_changes(tmp_path):
    found = compare(write_parquet(tmp_path, [make_filing(1), make_filing(2)]), None, MARTS)
    assert found.before is None and found.summary == "first release: 2 filings in 1 batch"
    assert "| 1 | 2 |" in to_markdown(found, "r1") and list(found.rows()) == []


def test_table_and_page_have_the_same_changes(tmp_path):
    first = make_release(tmp_path, make_filing(1), make_filing(2), make_filing(3), make_filing(4))
    assert pl.read_parquet(first.path / "parquet/changes.parquet").columns == list(CHANGES.columns)
    second = make_release(
        tmp_path, make_filing(1, note="x", name="新"), make_filing(2, **CANCELLED),
        make_filing(3, **WITHDRAWN, place=7), make_filing(4), make_filing(5),
    )  # fmt: skip
    table = pl.read_parquet(second.path / "parquet/changes.parquet")
    assert table["change_no"].to_list() == list(range(1, table.height + 1))
    assert set(table["release_before"]) == {first.name}
    listed = {(kind, int(number)) for kind, number in table.select("kind", "filing_number").rows()}
    assert listed == {("amended", 1), ("cancelled", 2), ("gone", 3), ("added", 5)}
    page = (second.path / "CHANGES.md").read_text().replace("\\", "")
    for row in table.iter_rows(named=True):
        assert row["filing_number"] in page
        if row["column_name"]:
            old, new = (row[name] or "(empty)" for name in ("old_value", "new_value"))
            assert f"- {row['column_name']}: {old} → {new}" in page
    assert table.filter(kind="gone")["last_seen_in"].to_list() == ["v7"]
    assert "last listed in version v7 of its list" in page


def page(name: str) -> str:
    """The page with this text in every place that can hold one."""
    plain = ChangedRow("added", "1", 1, name, "1", name, {})
    changed = ChangedRow("amended", "1", 1, name, "1", name, {"note": (name, None)})
    register = RegisterChanges(RegisterRows(COMPARED, {1: 3}), rows=(plain, changed))
    return to_markdown(Changes("r1", [register]), "r2")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("a|b", r"a\|b"),
        ("**b** _i_ `c`", r"\*\*b\*\* \_i\_ \`c\`"),
        ("[x](http://evil)", "\\[x\\](http:\u200b//evil)"),
        ("HTTPS://evil.example", "HTTPS:\u200b//evil.example"),
        ("www.evil.example", "www\u200b.evil.example"),
        ("a@evil.example", "a@\u200bevil.example"),
        ("mailto:a@evil.example", "mailto:a@\u200bevil.example"),
        (":warning: 12:30:45", ":\u200bwarning: 12:30:45"),
        ("$x$", r"\$x\$"),
        ("a\u202eb\u2066c\u200ed\u061ce\x1bf", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf"),
        ("~~gone~~ &lt;b&gt;", r"\~\~gone\~\~ \&lt;b\&gt;"),
        ("back\\slash", r"back\\slash"),
        ("two\nlines", "two lines"),
    ],
)
def test_text_is_escaped_on_the_page(text, escaped):
    assert page(text).count(escaped) == 5
    assert text not in page(text).replace(escaped, "")


def test_text_with_bars_and_line_breaks_keeps_the_table_intact():
    rows = [line for line in page("a|b\nc").splitlines() if line.startswith("|")]
    # The first table counts the changes of each batch in three columns.
    assert [line.replace("\\|", "").count("|") for line in rows] == [4] * 3 + [5] * 3


def test_empty_value_is_shown_as_empty():
    assert "- note: x → (empty)" in page("x")


@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [
        ("amended", 1_234, "1,234 amended"),
        ("confirmed", 1, "1 cancellation confirmed"),
        ("confirmed", 2, "2 cancellations confirmed"),
    ],
)
def test_count_of_a_kind_is_in_words(kind, count, words):
    assert counted_kind(kind, count) == words


def test_confirmed_cancellation_has_a_section_of_its_own_on_the_page(tmp_path):
    found = changes(tmp_path, [make_filing(1, **NOTED)], [make_filing(1, **CONFIRMED)])
    page = to_markdown(found, "r2")
    assert "### Cancellation confirmed (1)" in page and "mended" not in page
