"""`filings init` prepares the data directory and DAGSTER_HOME, once or again."""

import sys
from subprocess import PIPE, Popen

from orchestration.runtime.home import DAGSTER_YAML
from tests.end_to_end.commands import environment
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run


def test_init_writes_the_home_and_says_so(tmp_path):
    data_dir = tmp_path / "data"
    out = assert_succeeds(data_dir, "init", DAGSTER_HOME="")
    assert out.split() == [
        "data", "directory", str(data_dir), "DAGSTER_HOME", str(data_dir / "dagster"),
        "dagster.yaml", "written",
    ]  # fmt: skip
    assert (data_dir / "dagster/dagster.yaml").read_text() == DAGSTER_YAML


def test_init_can_be_repeated_and_keeps_an_edited_file(tmp_path):
    assert_succeeds(tmp_path, "init", DAGSTER_HOME="")
    assert assert_succeeds(tmp_path, "init", DAGSTER_HOME="").endswith("kept\n")
    edited = tmp_path / "dagster/dagster.yaml"
    edited.write_text("telemetry: {}")
    assert assert_succeeds(tmp_path, "init", DAGSTER_HOME="").endswith("kept\n")
    assert edited.read_text() == "telemetry: {}"
    assert "was edited" in assert_fails(run(tmp_path, "init", "--postgres", DAGSTER_HOME=""))


def test_init_with_postgres_replaces_the_default_file(tmp_path):
    assert_succeeds(tmp_path, "init", DAGSTER_HOME="")
    assert assert_succeeds(tmp_path, "init", "--postgres", DAGSTER_HOME="").endswith("replaced\n")
    written = (tmp_path / "dagster/dagster.yaml").read_text()
    assert written.startswith(DAGSTER_YAML) and "env: FILINGS_DAGSTER_POSTGRES" in written


def test_two_processes_can_prepare_one_home(tmp_path):
    command = [sys.executable, "-m", "orchestration.cli", "init"]
    settings = environment(tmp_path / "data")
    processes = [Popen(command, env=settings, stdout=PIPE, stderr=PIPE) for _ in range(2)]
    ended = [(*process.communicate(timeout=60), process.returncode) for process in processes]
    assert [code for *_, code in ended] == [0, 0], ended
    assert (tmp_path / "data/dagster/dagster.yaml").read_text() == DAGSTER_YAML
