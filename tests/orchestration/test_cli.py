"""The command line: every error is a message and exit status 1, and data is shown as it is."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main
from orchestration.outcomes import FINISHED, LastRun, Outcome, Outcomes
from tests.orchestration.lists_made import Stores, filing_rows
from tests.orchestration.releases_made import filing, release_of

AT = "2025-05-20T02:00:00+00:00"


def run(data_dir: Path, *arguments: str, **environment: str) -> Result:
    variables = {"FILINGS_DATA_DIR": str(data_dir), "COLUMNS": "250", "FILINGS_SOURCE": None}
    return CliRunner().invoke(main, arguments, env=variables | environment)


def message(result: Result) -> str:
    """The one message on standard error; no traceback, and nothing half done on the other."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("error: ") and "Traceback" not in result.output
    return result.stderr


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a release, which tests only read."""
    data_dir = tmp_path_factory.mktemp("released")
    release_of(data_dir, filing(1, name="[red]算法[/red]", note="[/]"), filing(2))
    return data_dir


def test_a_query_before_the_first_release_says_what_to_run(tmp_path):
    text = message(run(tmp_path, "query", "select 1"))
    assert "there is no release yet. Run `filings refresh` first" in text


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("select * from filngs", "filngs"),
        ("selec 1", "syntax error"),
        ("", "the query is empty"),
        (" ; ", "the query is empty"),
        ("/* nothing */", "the query is empty"),
        ("delete from filings", "read-only"),
        ("create table t (a int)", "read-only"),
    ],
)
def test_a_query_that_cannot_run_says_why(released, sql, text):
    assert text in message(run(released, "query", sql))


def test_rows_are_shown_with_their_number_and_release(released):
    result = run(released, "query", "select batch_no, 0.5::double as half from filings limit 1")
    assert result.exit_code == 0
    assert "1 row, release 2" in result.stdout and "0.5" in result.stdout


def test_no_rows_are_no_error(released):
    result = run(released, "query", "from filings where false")
    assert result.exit_code == 0 and "0 rows" in result.stdout


def test_markup_in_data_and_names_is_shown_literally(released):
    result = run(
        released, "query", 'select algorithm_name as "[bold]", note from filings order by all'
    )
    assert result.exit_code == 0
    assert all(text in result.stdout for text in ("[red]算法[/red]", "[bold]", "[/]", "null"))


def test_status_before_the_first_release(tmp_path):
    result = run(tmp_path, "status")
    assert result.exit_code == 0
    assert "run `filings refresh`" in result.stdout and str(tmp_path) in result.stdout


def test_status_shows_each_batch_and_its_problem_as_it_is(tmp_path):
    stores = Stores(tmp_path)
    for batch_no in (1, 2):
        stores.archive_list(batch_no, filing_rows(20 * batch_no, first=100 * batch_no))
        stores.validated().judge(f"{batch_no:03d}", {})
    stores.validated().write_tables()
    outcomes = Outcomes(tmp_path / "outcomes")
    outcomes.record(Outcome("002", "run", "2025-05-20T02:00:00+00:00"))
    outcomes.record(Outcome("003", "run", "2025-05-19T02:00:00+00:00", problem="[b]status 503[/b]"))
    result = run(tmp_path, "status")
    assert result.exit_code == 0 and "05-20 02:00" in result.stdout
    lines = {line[:3]: line.split() for line in result.stdout.splitlines() if line[:1] == "0"}
    assert lines["001"][1:5] == ["2025-05", "20", "0", "1"] and lines["001"][-1] == "ok"
    assert lines["002"][2] == "40"
    assert lines["003"][-1] == "failed" and "[b]status 503[/b]" in result.stdout


@pytest.mark.parametrize(
    ("run_so_far", "words"),
    [
        (LastRun("run", FINISHED, AT), "2025-05-20 02:00  finished"),
        (LastRun("run", "models", AT), "under way or killed: models"),
        (LastRun("run", "models", AT, "a [b]test[/b] failed"), "models: a [b]test[/b] failed"),
    ],
)
def test_status_tells_how_far_the_last_run_came(tmp_path, run_so_far, words):
    Outcomes(tmp_path / "outcomes").record_run(run_so_far)
    assert words in run(tmp_path, "status").stdout


@pytest.mark.parametrize("content", ["", "{", "[]", '{"batch_no": 3, "of another version": 1}'])
def test_a_damaged_outcome_is_as_if_there_were_none(tmp_path, content):
    folder = tmp_path / "outcomes"
    folder.mkdir()
    (folder / "003.json").write_text(content)
    (folder / "last_run.json").write_text(content)
    result = run(tmp_path, "status")
    assert result.exit_code == 0 and "last run  none yet" in result.stdout


def test_markup_in_the_data_directorys_name_is_shown_literally(tmp_path):
    folder = tmp_path / "[red]data"
    assert "[red]data" in run(folder, "status").stdout


@pytest.mark.parametrize("command", [["status"], ["query", "select 1"], ["refresh"], ["ui"]])
def test_a_bad_setting_is_named_by_every_command(tmp_path, command):
    assert "FILINGS_SOURCE is 'x'" in message(run(tmp_path, *command, FILINGS_SOURCE="x"))


def test_a_data_directory_that_is_a_file_is_a_message(tmp_path, monkeypatch):
    monkeypatch.setattr("orchestration.cli.os.execv", lambda *_: pytest.fail("served"))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in message(run(tmp_path / "file", "ui"))


@pytest.mark.parametrize(
    "arguments", [["refresh", "--batch", "0"], ["refresh", "--batch", "x"], ["query"], ["nonsense"]]
)
def test_a_wrong_use_is_exit_status_2(tmp_path, arguments):
    assert run(tmp_path, *arguments).exit_code == 2
