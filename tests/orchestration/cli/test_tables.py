"""`filings tables` and `filings describe`: what can be queried."""

from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len

from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.cli.register_factories import make_filing, make_register

WIDTHS = ["60", "80", "120"]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with comments, two filings and a table of a later version."""
    data_dir = make_register(
        tmp_path_factory.mktemp("described"),
        filings=[make_filing(1, "算法甲"), make_filing(2, "算法乙")],
    )
    with duckdb.connect(str(data_dir / "published/latest/filings.duckdb")) as connection:
        connection.execute("comment on table filings is 'One row per filing. [b]More[/b] text.'")
        connection.execute(
            "comment on column filings.sector_evidence is 'Terms that point to the sector, the "
            "strongest first, each with the field in which it was found and its context.'"
        )
        connection.execute("create table later_table (a int)")
    return data_dir


def test_tables_are_listed_in_groups_with_rows_and_their_first_sentence(described):
    lines = [" ".join(line.split()) for line in assert_succeeds(described, "tables").splitlines()]
    assert lines[:2] == ["Registers", "filings 2 One row per filing."]
    assert lines.index("Companies") < lines.index("entities 0") < lines.index("History")
    assert lines[lines.index("Other") + 1] == "later_table 0"
    assert lines[-1].startswith("10 tables, release 2")


def test_table_is_described_with_its_columns_types_and_comments(described):
    text = assert_succeeds(described, "describe", "FILINGS")
    assert text.startswith("filings\nOne row per filing. [b]More[/b] text.\n\nfiling_number ")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "batch_no INTEGER" in lines and lines[-1].endswith("columns, 2 rows")
    assert any(line.startswith("sector_evidence VARCHAR Terms that point") for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", [["tables"], ["describe", "filings"]])
def test_descriptions_fit_the_terminal_without_cut_words(described, width, command):
    lines = assert_succeeds(described, *command, COLUMNS=width).splitlines()
    assert max(map(cell_len, lines)) <= int(width)
    text = " ".join(" ".join(lines).split())
    assert "…" not in text
    if command[0] == "describe":
        assert "each with the field in which it was found and its context." in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("filngs", "no table filngs. Similar names: filings, "),
        ("entity_name", "Similar names: entity_names, "),
        ("xyz", "no table xyz. `filings tables` lists all of them"),
    ],
)
def test_unknown_table_is_answered_with_the_nearest_names(described, name, words):
    assert words in assert_fails(run(described, "describe", name))


@pytest.mark.parametrize("command", [["tables"], ["describe", "filings"]])
def test_tables_without_a_release_say_what_to_run(tmp_path, command):
    assert "Run `filings refresh` first" in assert_fails(run(tmp_path, *command))


def test_query_of_an_unknown_table_suggests_tables_of_the_release(described):
    text = assert_fails(run(described, "query", "select * from fillings"))
    assert "the release has no table fillings. Similar names: filings" in text
    assert "Did you mean" not in text
    unknown = assert_fails(run(described, "query", "select unknown_function(1)"))
    assert "unknown_function does not exist" in unknown
