"""`filings query --output`: the files that it writes and refuses to write."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest

from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "parquet"])
def test_suffix_of_the_output_file_selects_the_format(released, tmp_path, format_):
    output = tmp_path / f"rows.{format_.upper()}"
    result = run(released, "query", "from filings", "--output", str(output))
    assert result.exit_code == 0 and result.stdout == ""
    assert result.stderr.startswith("Wrote 2 rows from release 2") and str(output) in result.stderr
    readers = {
        "csv": lambda: pl.read_csv(output),
        "tsv": lambda: pl.read_csv(output, separator="\t"),
        "json": lambda: pl.read_json(output),
        "parquet": lambda: pl.read_parquet(output),
    }
    assert readers[format_]().height == 2


def test_only_csv_files_begin_with_a_byte_order_mark(released, tmp_path):
    for name in ("a.csv", "a.tsv", "a.json"):
        run(released, "query", "select '北京' as x", "--output", str(tmp_path / name))
    marks = [(tmp_path / name).read_bytes()[:3] for name in ("a.csv", "a.tsv", "a.json")]
    assert marks[0] == b"\xef\xbb\xbf" and b"\xef\xbb\xbf" not in marks[1:]


CODES = "select filing_number, entity_id, cancelled_month, batch_no from filings"


@pytest.mark.parametrize(("name", "is_warned"), [("a.csv", False), ("a.tsv", True)])
def test_columns_that_excel_changes_are_named_for_tsv(released, tmp_path, name, is_warned):
    result = run(released, "query", CODES, "--output", str(tmp_path / name))
    changed = "Excel changes the values of filing_number, entity_id, cancelled_month when"
    assert (result.exit_code, changed in result.stderr) == (0, is_warned)


@pytest.mark.parametrize("arguments", [["a.json"], ["a.csv", "--plain"], ["a.tsv", "--plain"]])
def test_files_for_programs_are_written_without_a_warning(
    released, tmp_path, monkeypatch, arguments
):
    monkeypatch.chdir(tmp_path)
    result = run(released, "query", CODES, "--output", *arguments)
    assert result.exit_code == 0 and result.stderr.count("\n") == 1


TEXTS = """
    select '110108823483901230031' as number, '0233963' as id, '2025-03' as month,
        '2025年5月' as printed, 'Beijing-X-20230821' as service, '=1+1' as formula, 7 as whole,
        10::hugeint ** 20 as many, date '2025-05-19' as day
"""


def test_csv_file_writes_codes_so_that_spreadsheets_keep_them_as_text(released, tmp_path):
    output = tmp_path / "rows.csv"
    result = run(released, "query", TEXTS, "--output", str(output))
    assert 'number, id, month: written as ="…"' not in result.stderr
    (row,) = csv.DictReader(io.StringIO(output.read_text(encoding="utf-8-sig")))
    assert row == {
        "number": '="110108823483901230031"', "id": '="0233963"', "month": '="2025-03"',
        "printed": '="2025年5月"', "service": "Beijing-X-20230821", "formula": "'=1+1",
        "whole": "7", "many": "1e+20", "day": "2025-05-19",
    }  # fmt: skip


def test_message_names_the_columns_with_codes(released, tmp_path):
    result = run(released, "query", CODES, "--output", str(tmp_path / "rows.csv"))
    assert 'filing_number, entity_id, cancelled_month: written as ="…"' in result.stderr
    assert "Programs need --plain" in result.stderr


def test_integer_of_sixteen_digits_is_kept_as_text_in_csv_files(released, tmp_path):
    output = tmp_path / "rows.csv"
    sql = "select 999999999999999 as exact, 1000000000000000 as long"
    run(released, "query", sql, "--output", str(output))
    assert output.read_text().splitlines()[1] == '999999999999999,"=""1000000000000000"""'


@pytest.mark.parametrize(("name", "delimiter"), [("rows.csv", ","), ("rows.tsv", "\t")])
def test_plain_file_has_the_values_as_they_are(released, tmp_path, name, delimiter):
    output = tmp_path / name
    assert_succeeds(released, "query", TEXTS, "--output", str(output), "--plain")
    (row,) = csv.DictReader(io.StringIO(output.read_text()), delimiter=delimiter)
    assert (row["number"], row["id"], row["formula"]) == (
        "110108823483901230031",
        "0233963",
        "=1+1",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plain"], "--plain is for --format csv or tsv"),
        (["--limit", "3", "--format", "csv"], "--vertical and --limit are for tables"),
        (["--vertical", "--output", "rows.csv"], "--vertical and --limit are for tables"),
    ],
)
def test_options_of_other_formats_are_wrong_usage(released, arguments, words):
    result = run(released, "query", "select 1", *arguments)
    assert result.exit_code == 2 and words in result.stderr


def test_plain_json_is_refused(released):
    text = assert_fails(run(released, "query", "select 1", "--format", "json", "--plain"))
    assert "--plain is for CSV and TSV, not for json" in text


def test_output_file_is_replaced_only_if_the_query_succeeds(released, tmp_path):
    output = tmp_path / "rows.csv"
    output.write_text("before")
    failing = "select if(range = 99999, error('broken'), 'x') from range(100000)"
    assert "broken" in assert_fails(run(released, "query", failing, "--output", str(output)))
    assert output.read_text() == "before" and list(tmp_path.iterdir()) == [output]
    run(released, "query", "select 1 as x", "--output", str(output))
    assert output.read_text(encoding="utf-8-sig") == "x\n1\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--output", "rows.xls"], "cannot tell the format from the file name rows.xls"),
        (["--output", "rows"], "Use one of the suffixes .csv, .tsv, .json, .parquet, .xlsx"),
        (["--output", "rows.txt", "--format", "table"], "a table cannot be written to a file"),
        (["--output", "none/rows.csv"], "the folder none does not exist"),
        (["--output", ".", "--format", "csv"], "exists and is not a regular file"),
        (["--output", "/dev/null", "--format", "csv"], "exists and is not a regular file"),
    ],
)
def test_invalid_output_is_reported(released, tmp_path, monkeypatch, arguments, text):
    monkeypatch.chdir(tmp_path)
    assert text in assert_fails(run(released, "query", "select 1", *arguments))
    assert list(tmp_path.iterdir()) == []


def test_output_inside_the_published_releases_is_refused(released):
    output = released / "published" / "latest" / "rows.csv"
    text = assert_fails(run(released, "query", "select 1", "--output", str(output)))
    assert "inside the folder of published releases" in text and not output.exists()


def test_relative_output_inside_the_published_releases_is_refused(released, monkeypatch):
    monkeypatch.chdir(released / "published")
    text = assert_fails(run(released, "query", "select 1", "--output", "rows.csv"))
    assert "inside the folder of published releases" in text and not Path("rows.csv").exists()


def test_output_through_a_link_replaces_the_file_that_it_points_to(released, tmp_path):
    link, target = tmp_path / "rows.csv", tmp_path / "target"
    target.write_text("before")
    link.symlink_to(target)
    assert_succeeds(released, "query", "select 1 as x", "--output", str(link))
    assert link.is_symlink() and target.read_text(encoding="utf-8-sig") == "x\n1\n"


def test_message_with_a_very_long_name_is_cut(released, tmp_path):
    output = tmp_path / f"{'x' * 5_000}.csv"
    text = assert_fails(run(released, "query", "select 1", "--output", str(output)))
    assert "File name too long" in text and len(text) < 2_200
