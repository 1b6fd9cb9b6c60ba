"""`filings query`: read-only statements, output formats and files."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.publication.release_factories import make_filing, make_release

VALUES = """
    select '北京' as text, 7 as whole, -1.50::decimal(4, 2) as exact, 'nan'::double as nan,
        null as nothing, true as yes, date '2025-05-19' as day,
        timestamp '2025-05-19 02:00' as moment, [1, null] as list, {'a': '乙'} as struct,
        chr(10) || '"a",b' as signs
"""
FORMULAS = "select unnest(['=HYPERLINK(\"x\")', '+1', '-1', '@a', '＝1', '--']) as text, -1 as n"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a release; tests only read it."""
    data_dir = tmp_path_factory.mktemp("released")
    make_release(
        data_dir, make_filing(1, name="=1+1"), make_filing(2, name="<script>alert(1)</script>")
    )
    return data_dir


def test_csv_output_is_a_header_and_the_rows(released):
    rows = list(
        csv.DictReader(io.StringIO(assert_succeeds(released, "query", "--format", "csv", VALUES)))
    )
    assert rows == [
        {
            "text": "北京", "whole": "7", "exact": "-1.50", "nan": "nan", "nothing": "",
            "yes": "true", "day": "2025-05-19", "moment": "2025-05-19 02:00:00",
            "list": "[1, null]", "struct": '{"a": "乙"}', "signs": '\'\n"a",b',
        }
    ]  # fmt: skip


def test_json_output_is_an_array_of_objects_with_json_types(released):
    text = assert_succeeds(released, "query", "--format", "json", VALUES)
    assert "北京" in text and "NaN" not in text
    assert json.loads(text) == [
        {
            "text": "北京", "whole": 7, "exact": -1.5, "nan": None, "nothing": None, "yes": True,
            "day": "2025-05-19", "moment": "2025-05-19T02:00:00", "list": [1, None],
            "struct": {"a": "乙"}, "signs": '\n"a",b',
        }
    ]  # fmt: skip


def test_parquet_output_keeps_the_types(released):
    result = run(released, "query", "--format", "parquet", VALUES)
    frame = pl.read_parquet(io.BytesIO(result.stdout_bytes))
    assert frame.schema["day"] == pl.Date and frame.schema["list"] == pl.List(pl.Int32)
    assert frame["text"].to_list() == ["北京"]


@pytest.mark.parametrize(("format_", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_formulas_are_neutralised_in_text_formats(released, format_, delimiter):
    text = assert_succeeds(released, "query", "--format", format_, FORMULAS)
    cells = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    assert [row["text"] for row in cells] == [
        "'=HYPERLINK(\"x\")", "'+1", "'-1", "'@a", "'＝1", "--",
    ]  # fmt: skip
    assert {row["n"] for row in cells} == {"-1"}


def test_formulas_are_neutralised_in_headers(released):
    assert (
        assert_succeeds(released, "query", "--format", "csv", 'select 1 as "=1+1"') == "'=1+1\n1\n"
    )


@pytest.mark.parametrize(
    ("format_", "text"), [("csv", "batch_no\n"), ("tsv", "batch_no\n"), ("json", "[]\n")]
)
def test_output_without_rows_is_valid(released, format_, text):
    assert (
        assert_succeeds(released, "query", "--format", format_, "from batches where false") == text
    )


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
    sql = "select filing_number, entity_id, batch_no from filings"
    result = run(released, "query", sql, "--output", str(tmp_path / name))
    warned = "Excel changes the values of filing_number, entity_id" in result.stderr
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


@pytest.mark.parametrize("format_", ["json", "parquet"])
def test_duplicate_column_names_are_refused_except_in_csv(released, format_):
    text = assert_fails(run(released, "query", "--format", format_, "select 1 as a, 2 as a"))
    assert "several columns have the same name: a" in text
    assert (
        assert_succeeds(released, "query", "--format", "csv", "select 1 as a, 2 as a")
        == "a,a\n1,2\n"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "copy filings to '{file}'",
        "copy (pivot filings on sector) to '{file}'",
        "explain analyze copy filings to '{file}'",
        "explain /* explain */ analyze (format json) copy filings to '{file}'",
        "-- select 1\nexplain analyze copy filings to '{file}'",
        "explain analyze copy (pivot filings on sector) to '{file}'",
        "attach '{file}'",
        "export database '{file}'",
        "create table t as pivot filings on sector",
        "create temp table t (a int)",
        "insert into filings (note) values ('x')",
        "delete from filings",
        "install httpfs",
        "load httpfs",
        "set threads = 1",
        "pragma threads = 1",
        "call checkpoint()",
        "begin",
    ],
)
def test_statement_that_does_more_than_read_is_refused(released, tmp_path, sql):
    text = assert_fails(run(released, "query", "-", stdin=sql.format(file=tmp_path / "file")))
    assert "queries are read-only" in text and "Use --output to write a file" in text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "from filings",
        "with a as (from filings) from a; -- all of them",
        "values (1)",
        "describe filings",
        "show tables",
        "summarize batches",
        "pivot filings on sector using count(*) -- by sector",
        "explain select 1",
        "explain pivot filings on sector",
        "explain analyze (format json) select 1",
    ],
)
def test_statement_that_only_reads_is_run(released, sql):
    assert " release 2" in assert_succeeds(released, "query", sql)


def test_several_statements_are_refused(released):
    assert "the query has 2 statements" in assert_fails(
        run(released, "query", "select 1; select 2")
    )


def test_local_file_can_be_joined(released, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("batch_no,mark\n1,甲\n")
    sql = f"select distinct mark from filings join '{mine}' using (batch_no)"
    assert assert_succeeds(released, "query", "--format", "csv", sql) == "mark\n甲\n"


def test_dash_reads_the_query_from_standard_input(released):
    result = run(released, "query", "-", "--format", "csv", stdin="select 1\nas x;\n")
    assert result.exit_code == 0 and result.stdout == "x\n1\n"


def test_invalid_utf8_is_reported(released):
    assert "not valid UTF-8 text" in assert_fails(run(released, "query", "select '\udcff'"))
    assert "0xff" in assert_fails(run(released, "query", "-", stdin=b"select '\xff'"))


def test_control_characters_in_data_are_replaced(released):
    sql = "select chr(27) || '[31mred' || chr(7) || chr(8238) || ':smile:[b]' as x"
    text = assert_succeeds(released, "query", sql)
    assert "�[31mred��:smile:[b]" in text and "\x1b" not in text


@pytest.mark.parametrize("format_", ["table", "csv"])
def test_closed_pipe_exits_quietly(released, format_):
    command = [sys.executable, "-m", "orchestration.cli", "query", "--format", format_]
    with subprocess.Popen(
        [*command, "select random() as x from range(10_000)"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"FILINGS_DATA_DIR": str(released)},
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
