"""The command line in this process, on a data directory of the test's."""

from pathlib import Path

from click.testing import CliRunner, Result

from orchestration.cli.console import console, error_console
from orchestration.cli.main import main


def run(
    data_dir: Path, *arguments: str, stdin: str | bytes | None = None, **environment: str
) -> Result:
    variables = {"FILINGS_DATA_DIR": str(data_dir), "COLUMNS": "250", "FILINGS_SOURCE": None}
    variables |= environment
    # A console keeps the width that the environment gave when it was made.
    for terminal in (console, error_console):
        terminal.width = int(variables["COLUMNS"])
    return CliRunner().invoke(main, arguments, input=stdin, env=variables)


def assert_succeeds(data_dir: Path, *arguments: str, **environment: str) -> str:
    """What a command prints that does what it is asked to."""
    result = run(data_dir, *arguments, **environment)
    assert result.exit_code == 0, result.output
    return result.stdout


def assert_fails(result: Result) -> str:
    """The one message on standard error; no traceback, and nothing half done on the other."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("error: ") and "Traceback" not in result.output
    return result.stderr
