"""`filings query`: read-only statements and output formats."""

import csv
import io
import json
import subprocess
import sys
from decimal import Decimal
from types import SimpleNamespace

import duckdb
import polars as pl
import pytest

from orchestration.cli.query.exports import to_stdout
from orchestration.cli.query.released import OpenRelease
from orchestration.cli.query.values import csv_cell, json_text
from scrapers.errors import FilingsError
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run

VALUES = """
    select '北京' as text, 7 as whole, -1.50::decimal(4, 2) as exact, 'nan'::double as nan,
        null as nothing, true as yes, date '2025-05-19' as day,
        timestamp '2025-05-19 02:00' as moment, [1, null] as list, {'a': '乙'} as struct,
        chr(10) || '"a",b' as signs
"""
FORMULAS = "select unnest(['=HYPERLINK(\"x\")', '+1', '-1', '@a', '＝1', '--']) as text, -1 as n"


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


def test_decimals_are_exact_and_without_exponents():
    assert csv_cell(Decimal("1E+3")) == "1000" and csv_cell(Decimal("-1.50")) == "-1.50"
    assert json_text([Decimal(7), Decimal("7.5")]) == "[7, 7.5]"


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


def test_parquet_on_a_terminal_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    release = OpenRelease("2025", duckdb.connect())
    with pytest.raises(FilingsError, match=r"cannot be shown on a terminal.*--output FILE"):
        to_stdout(release, "select 1", "parquet")


def test_column_names_that_differ_in_case_are_refused_in_parquet_only(released):
    sql = "select 1 as a, 2 as A"
    assert "same name: a" in assert_fails(run(released, "query", "--format", "parquet", sql))
    assert json.loads(assert_succeeds(released, "query", "--format", "json", sql)) == [
        {"a": 1, "A": 2}
    ]


def test_release_is_opened_read_only_and_installs_no_extensions(released):
    sql = (
        "select bool_and(readonly) as readonly, current_setting('autoinstall_known_extensions') "
        "as installs from duckdb_databases() where not internal"
    )
    assert assert_succeeds(released, "query", "--format", "csv", sql) == (
        "readonly,installs\ntrue,false\n"
    )


def test_query_returns_every_row_of_a_long_result(released):
    text = assert_succeeds(released, "query", "--format", "csv", "from range(25_000)")
    assert len(text.splitlines()) == 25_001


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


def test_byte_order_mark_before_the_query_is_ignored(released):
    assert assert_succeeds(released, "query", "--format", "csv", "\ufeffselect 1 as x") == "x\n1\n"


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
