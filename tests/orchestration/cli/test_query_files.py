"""`filings query --output`: the files that it writes and refuses to write."""

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


@pytest.mark.parametrize(
    ("name", "is_warned"), [("a.csv", True), ("a.tsv", True), ("a.json", False)]
)
def test_columns_that_excel_changes_are_named_for_text_formats(released, tmp_path, name, is_warned):
    sql = "select filing_number, entity_id, cancelled_month, batch_no from filings"
    result = run(released, "query", sql, "--output", str(tmp_path / name))
    warned = (
        "Excel changes the values of filing_number, entity_id, cancelled_month when"
        in result.stderr
    )
    assert (result.exit_code, warned) == (0, is_warned)
    assert is_warned == ("filings.xlsx" in result.stderr)


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
        (["--output", "rows"], "Use one of the suffixes .csv, .tsv, .json, .parquet"),
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
