"""Runs the command line in this process on a data directory of the test."""

from pathlib import Path

from click.testing import CliRunner, Result

from orchestration.cli.console import console, error_console
from orchestration.cli.main import main


def run(
    data_dir: Path, *arguments: str, stdin: str | bytes | None = None, **environment: str
) -> Result:
    variables = {"FILINGS_DATA_DIR": str(data_dir), "COLUMNS": "250", "FILINGS_SOURCE": None}
    variables |= environment
    # A console reads its width from the environment only when it is created.
    for terminal in (console, error_console):
        terminal.width = int(variables["COLUMNS"])
    return CliRunner().invoke(main, arguments, input=stdin, env=variables)


def assert_succeeds(data_dir: Path, *arguments: str, **environment: str) -> str:
    """The standard output of a command that succeeds."""
    result = run(data_dir, *arguments, **environment)
    assert result.exit_code == 0, result.output
    return result.stdout


def status_of(data_dir: Path, **environment: str) -> str:
    """The output of `filings status`, which ends with 1 or 2 if not all is well."""
    result = run(data_dir, "status", **environment)
    assert result.exit_code in (0, 1, 2) and not result.stderr, result.output
    return result.stdout


def assert_fails(result: Result) -> str:
    """The error message on standard error of a command that failed without a traceback."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("error: ") and "Traceback" not in result.output
    return result.stderr
