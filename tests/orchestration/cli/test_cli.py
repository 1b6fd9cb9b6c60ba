"""The command line: errors are messages with exit status 1, and data is shown literally."""

import re
import socket
from importlib.metadata import version
from pathlib import Path

import pytest

from orchestration.cli.main import COMMANDS, command_of
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.recorded_sources import record_source
from orchestration.runtime.serving_lock import serving_lock
from tests.orchestration.cli.commands import assert_fails, run
from tests.orchestration.publication.release_factories import make_filing, make_release


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a release; tests only read it."""
    data_dir = tmp_path_factory.mktemp("released")
    make_release(data_dir, make_filing(1, name="[red]算法[/red]", note="[/]"), make_filing(2))
    return data_dir


def test_query_without_a_release_says_what_to_run(tmp_path):
    text = assert_fails(run(tmp_path, "query", "select 1"))
    assert "there is no release yet. Run `filings refresh` first" in text


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("select * from filngs", "filngs"),
        ("selec 1", "syntax error"),
        ("", "the query is empty"),
        (" ; ", "the query is empty"),
        ("/* nothing */", "the query is empty"),
    ],
)
def test_invalid_query_is_reported(released, sql, text):
    assert text in assert_fails(run(released, "query", sql))


def test_query_prints_rows_with_their_count_and_release(released):
    result = run(released, "query", "select batch_no, 0.5::double as half from filings limit 1")
    assert result.exit_code == 0
    assert "1 row, release 2" in result.stdout and "0.5" in result.stdout


def test_query_rounds_floats_to_six_digits_on_the_terminal(released):
    text = run(released, "query", "select 1 / 3::double as third, [1, 2] as list").stdout
    assert " 0.333333 " in text and " 1, 2 " in text


def test_query_without_rows_succeeds(released):
    result = run(released, "query", "from filings where false")
    assert result.exit_code == 0 and "0 rows" in result.stdout


def test_markup_in_values_and_column_names_is_shown_literally(released):
    result = run(
        released, "query", 'select algorithm_name as "[bold]", note from filings order by all'
    )
    assert result.exit_code == 0
    assert all(text in result.stdout for text in ("[red]算法[/red]", "[bold]", "[/]", "null"))


@pytest.mark.parametrize(
    "command", [["status"], ["query", "select 1"], ["show", "x"], ["open"], ["refresh"], ["ui"]]
)
def test_every_command_reports_an_invalid_setting(tmp_path, command):
    assert "FILINGS_SOURCE is 'x'" in assert_fails(run(tmp_path, *command, FILINGS_SOURCE="x"))


SERVING = ["ui", "webserver", "daemon"]


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would be supervised, none of which is started."""
    commands: list[list[str]] = []

    def supervise(command: list[str], descriptors: list[int]) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr("orchestration.runtime.ui.start.supervise", supervise)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return commands


@pytest.mark.parametrize("command", SERVING)
def test_serving_reports_a_data_directory_that_is_a_file(tmp_path, unserved, command):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in assert_fails(run(tmp_path / "file", command))
    assert unserved == []


@pytest.mark.parametrize("command", ["ui", "webserver"])
def test_serving_reports_a_port_in_use(tmp_path, unserved, command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(tmp_path, command, "--port", str(port))
    text = assert_fails(result)
    assert f"port {port} of 127.0.0.1 cannot be used: Address already in use" in text
    assert f"filings {command} --port {port % 65535 + 1}" in text
    assert unserved == []


@pytest.mark.parametrize("command", ["ui", "webserver"])
def test_serving_reports_an_invalid_host_name(tmp_path, unserved, command):
    text = assert_fails(run(tmp_path, command, FILINGS_UI_HOSTS="https://filings.example.org"))
    assert "FILINGS_UI_HOSTS contains 'https://filings.example.org'" in text
    assert unserved == []


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("http://127.0.0.1:3000", "ui", "already running at http://127.0.0.1:3000 (process"),
        ("http://127.0.0.1:3000", "daemon", "already running at http://127.0.0.1:3000 (process"),
        (None, "ui", "a daemon is already running on this data (process"),
        (None, "daemon", "a daemon is already running on this data (process"),
    ],
)
def test_second_daemon_on_the_same_data_is_not_started(tmp_path, unserved, first, second, words):
    with serving_lock([tmp_path], first):
        assert words in assert_fails(run(tmp_path, second))
        assert unserved == []
        assert run(tmp_path / "other", second, *free_port(second)).exit_code == 0
    assert run(tmp_path, second, *free_port(second)).exit_code == 0
    assert len(unserved) == 2


def test_two_data_directories_with_one_dagster_home_cannot_both_be_served(tmp_path, unserved):
    home = tmp_path / "home"
    home.mkdir()
    with serving_lock([tmp_path / "home"]):
        result = run(tmp_path / "data", "daemon", DAGSTER_HOME=str(home))
    assert "a daemon is already running" in assert_fails(result)


def test_webserver_may_run_next_to_a_daemon(tmp_path, unserved):
    with serving_lock([tmp_path]):
        assert run(tmp_path, "webserver", *free_port("webserver")).exit_code == 0
    assert len(unserved) == 1


@pytest.mark.parametrize(("host", "is_warned"), [("0.0.0.0", True), ("127.0.0.1", False)])  # noqa: S104
def test_webserver_that_others_can_reach_warns_that_it_has_no_login(
    tmp_path, unserved, host, is_warned
):
    result = run(tmp_path, "webserver", "--host", host, *free_port("webserver"))
    assert result.exit_code == 0
    assert ("no login" in result.stderr) is is_warned


def free_port(command: str) -> list[str]:
    """The option for a free port, for commands that have one."""
    if command == "daemon":
        return []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return ["--port", str(listener.getsockname()[1])]


@pytest.mark.parametrize(
    "arguments",
    [
        ["refresh", "--batch", "0"],
        ["refresh", "--batch", "x"],
        ["refresh", "--document", "x"],
        ["refresh", "--document", "/x"],
        ["refresh", "--document", "x/"],
        ["query"],
        ["show"],
        ["nonsense"],
    ],
)
def test_wrong_usage_exits_with_status_2(tmp_path, arguments):
    assert run(tmp_path, *arguments).exit_code == 2


@pytest.mark.parametrize("value", ["abc", "0", "-1", "1.5", "１１", "9" * 5000])
def test_batch_that_is_not_a_number_is_named_in_the_message(tmp_path, value):
    result = run(tmp_path, "refresh", "--batch", value, COLUMNS="10000")
    assert result.exit_code == 2
    assert f"{value!r} is not the number of a batch, such as 11 or 011" in result.stderr


def _files_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("is_recorded", [True, False], ids=["in the file", "in the release"])
def test_refresh_from_the_other_source_is_refused_before_anything_is_written(tmp_path, is_recorded):
    make_release(tmp_path, make_filing(1))
    if is_recorded:
        record_source(DataDir(tmp_path), "replica")
    before = _files_below(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        patch.setattr(
            "scrapers.http.session.PoliteSession.get", lambda *_, **__: pytest.fail("a request")
        )
        error = assert_fails(run(tmp_path, "refresh", FILINGS_SOURCE="live"))
    assert str(tmp_path) in error
    assert "source `replica`" in error and "FILINGS_SOURCE is `live`" in error
    assert "FILINGS_DATA_DIR" in error and "--force" in error
    assert _files_below(tmp_path) == before


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_help_names_every_command_with_an_uncut_summary(tmp_path, width):
    text = run(tmp_path, "--help", COLUMNS=width).stdout.partition("Commands:\n")[2]
    assert "..." not in text
    for name in COMMANDS:
        assert f"  {name:<10} {command_of(name).short_help}\n" in text


def test_version_names_the_release_of_the_program_and_its_commit(tmp_path):
    text = run(tmp_path, "--version").stdout
    assert re.fullmatch(rf"filings {re.escape(version('filings-register'))}(, commit \w+)?\n", text)
