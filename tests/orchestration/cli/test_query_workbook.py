"""`filings query --output rows.xlsx`: text stays text, and what Excel cannot hold is refused."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from orchestration.cli.query import workbook
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run

VALUES = """
    select '110108823483901230031' as number, '0233963' as id, '=1+1' as formula, '<r>x' as markup,
        7 as whole, 1.5::decimal(4, 2) as exact, 10::hugeint ** 3 as many, true as yes,
        date '2025-05-19' as day, timestamp '2025-05-19 02:00' as moment, null as nothing,
        [1, null] as list, 1234567890123456 as long, 'nan'::double as nan,
        date '0800-01-01' as early
"""


def sheet_of(path: Path, name: str = "rows") -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[name].iter_rows(values_only=True))


def test_workbook_has_typed_values_and_text_with_all_digits(released, tmp_path):
    output = tmp_path / "rows.xlsx"
    result = run(released, "query", VALUES, "--output", str(output))
    assert result.exit_code == 0 and result.stderr.startswith("Wrote 1 row from release 2")
    names, values = sheet_of(output)
    assert dict(zip(names, values, strict=True)) == {
        "number": "110108823483901230031", "id": "0233963", "formula": "=1+1", "markup": "<r>x",
        "whole": 7, "exact": 1.5, "many": 1000, "yes": True, "day": datetime(2025, 5, 19),
        "moment": datetime(2025, 5, 19, 2), "nothing": None, "list": "[1, null]",
        "long": "1234567890123456", "nan": "nan", "early": "0800-01-01",
    }  # fmt: skip
    cells = openpyxl.load_workbook(output)["rows"][2]
    assert cells[0].number_format == "@" and cells[2].data_type != "f"


def test_workbook_names_the_release_and_the_query(released, tmp_path):
    output = tmp_path / "rows.xlsx"
    assert_succeeds(released, "query", "select 1 as x", "--output", str(output))
    (_, release), (_, query) = sheet_of(output, "query")
    assert str(release).startswith("2") and query == "select 1 as x"


def test_result_with_more_rows_than_a_sheet_is_refused_before_it_is_written(released, tmp_path):
    sql = "from range(1_048_576)"
    text = assert_fails(run(released, "query", sql, "--output", str(tmp_path / "rows.xlsx")))
    assert "more rows than a sheet in Excel can hold (1,048,575). Write .csv" in text
    assert list(tmp_path.iterdir()) == []


def test_result_that_cannot_be_counted_is_refused_at_the_first_row_too_many(
    released, tmp_path, monkeypatch
):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    monkeypatch.setattr(workbook.OpenRelease, "count", lambda *_: None)
    output = tmp_path / "rows.xlsx"
    assert_succeeds(released, "query", "from range(2)", "--output", str(output))
    before = output.read_bytes()
    text = assert_fails(run(released, "query", "from range(3)", "--output", str(output)))
    assert "more rows than a sheet" in text and output.read_bytes() == before


@pytest.mark.parametrize(("length", "fits"), [(32_767, True), (32_768, False)])
def test_text_longer_than_a_cell_is_refused_with_its_place(released, tmp_path, length, fits):
    output = tmp_path / "rows.xlsx"
    result = run(released, "query", f"select repeat('x', {length}) as a", "--output", str(output))
    assert (result.exit_code == 0) == fits == output.exists()
    assert fits or "row 1 has 32,768 characters in column a" in result.stderr
