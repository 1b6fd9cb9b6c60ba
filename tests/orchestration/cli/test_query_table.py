"""`filings query` as a table: what fits a terminal, and everything elsewhere."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from orchestration.cli.console import CLOSED_PIPE
from orchestration.cli.query import released as released_module
from orchestration.cli.query.released import latest_opened
from orchestration.cli.render.rows import View, show_rows
from tests.orchestration.cli.commands import assert_succeeds

WIDE = ", ".join(f"'北京市海淀区中关村大街 {n} 号' as address_{n:02}" for n in range(20))
MANY = f"select range as row, {WIDE} from range(3444)"


def shown(
    data_dir: Path, sql: str, *, width: int = 80, is_terminal: bool = True, view: View | None = None
) -> list[str]:
    """The lines that a terminal of this width shows."""
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=is_terminal, color_system=None, highlight=False
    )
    with latest_opened(data_dir / "published") as release:
        show_rows(console, release, sql, view or View())
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_terminal_shows_the_columns_that_fit_and_counts_the_others(released, width):
    lines = shown(released, MANY, width=width)
    assert max(map(cell_len, lines)) <= width
    heading = lines[1]
    names = [name.strip() for name in heading.strip("┃").split("┃")]
    assert names == ["row", *(f"address_{n:02}" for n in range(len(names) - 1))]
    assert len(names) > 2
    text = " ".join(lines)
    assert f"… {21 - len(names)} more columns: use --vertical or --output FILE" in text


def test_terminal_shows_the_first_rows_and_counts_the_others(released):
    lines = shown(released, "from range(3444)")
    assert [line.strip("│ ") for line in lines[3:43]] == [str(n) for n in range(40)]
    assert lines[-2] == "… 3,404 more rows: use --limit N or --output FILE"
    assert lines[-1].startswith("3,444 rows, release 2")


@pytest.mark.parametrize(("limit", "rows", "more"), [(3, 3, 97), (0, 100, 0), (99, 99, 1)])
def test_limit_sets_the_number_of_rows_shown(released, limit, rows, more):
    text = "\n".join(shown(released, "from range(100)", view=View(limit)))
    assert text.count("│\n") == rows and "100 rows, release" in text
    assert (f"… {more} more row{'' if more == 1 else 's'}: use" in text) == bool(more)


def test_rows_that_take_too_long_to_count_are_not_counted(released, monkeypatch):
    monkeypatch.setattr(released_module, "_SECONDS_TO_COUNT", 0.05)
    slow = (
        "select a.range from range(100_000) a, range(1_000_000) b where hash(a.range + b.range)%7=1"
    )
    lines = shown(released, slow)
    assert lines[-2] == "… more rows: use --limit N or --output FILE"
    assert lines[-1].startswith("more than 40 rows, release 2")


def test_statement_with_a_comment_at_its_end_is_counted(released):
    assert "59 more rows" in shown(released, "from range(99) -- all")[-2]


def test_wide_result_of_few_rows_is_shown_vertically(released):
    lines = shown(released, f"{MANY} limit 2")
    assert lines[0] == "── row 1 ──" and "── row 2 ──" in lines
    assert lines[1].split() == ["row", "0"] and max(map(cell_len, lines)) <= 80
    assert lines[2] == "address_00  北京市海淀区中关村大街 0 号"
    assert sum(line.startswith("address_") for line in lines) == 40
    assert not any("more column" in line for line in lines)


def test_vertical_view_can_be_requested(released):
    lines = shown(released, "select 1 as a, null as bb", view=View(is_vertical=True))
    assert lines[:3] == ["── row 1 ──", "a   1", "bb  null"]


def test_vertical_view_keeps_addresses_on_one_line(released):
    sql = "select 'https://www.cac.gov.cn/' || repeat('f', 90) as url"
    assert shown(released, sql, view=View(is_vertical=True))[1].endswith("f" * 90)


def test_narrow_result_of_few_rows_stays_a_grid(released):
    assert shown(released, "select 1 as a")[0].startswith("┏")


def test_codes_are_not_folded_where_another_column_can_be(released):
    sql = "select '110108823483901230031' as number, repeat('长', 60) as text from range(5)"
    lines = shown(released, sql, width=60)
    assert sum("110108823483901230031" in line for line in lines) == 5
    assert max(map(cell_len, lines)) <= 60


def test_column_wider_than_the_terminal_is_folded(released):
    lines = shown(released, "select repeat('x', 200) as a from range(4)", width=60)
    assert max(map(cell_len, lines)) == 60 and "".join(lines).count("x") == 800


def test_pipe_gets_all_rows_and_columns_on_one_line_each(released, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = shown(released, MANY, is_terminal=False)
    assert len(lines) == 3 + 3444 + 2 and "address_19" in lines[1]
    assert not any("more" in line for line in lines)


def test_pipe_with_a_width_in_the_environment_gets_the_columns_that_fit(released, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = shown(released, f"{MANY} limit 9", is_terminal=False)
    assert max(map(cell_len, lines)) <= 80 and any("more columns" in line for line in lines)


def test_ascii_terminal_gets_a_grid_of_ascii_characters(released):
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    with latest_opened(released / "published") as release:
        show_rows(Console(file=out, width=80), release, "select 1 as a", View())
    out.flush()
    assert raw.getvalue().startswith(b"+---+\n| a |\n")


def run_filings(data_dir: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"FILINGS_DATA_DIR": str(data_dir)},
    )


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json"])
def test_reader_that_stops_early_ends_a_long_query_at_once_and_quietly(released, format_):
    sql = f"select range as row, {WIDE} from range(300_000_000)"
    with run_filings(released, "query", sql, "--format", format_) as process:
        assert process.stdout and process.stderr
        assert process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == CLOSED_PIPE


def test_interrupted_query_counts_as_ctrl_c(released):
    # What DuckDB raises when Ctrl-C ends a query.
    with pytest.raises(KeyboardInterrupt), latest_opened(released / "published"):
        raise RuntimeError("Query interrupted")


def test_rows_are_shown_before_the_query_is_computed_to_its_end(released):
    # To its end, this query would take hours and terabytes.
    sql = f"select range as row, {WIDE} from range(30_000_000_000)"
    text = assert_succeeds(released, "query", sql, "--limit", "2")
    assert "… more rows: use" in text and "more than 2 rows, release" in text
