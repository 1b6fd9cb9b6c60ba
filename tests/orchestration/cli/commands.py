"""The command line in this process, on a data directory of the test's."""

from pathlib import Path

from click.testing import CliRunner, Result

from orchestration.cli import main as cli


def run(
    data_dir: Path, *arguments: str, stdin: str | bytes | None = None, **environment: str
) -> Result:
    variables = {"FILINGS_DATA_DIR": str(data_dir), "COLUMNS": "250", "FILINGS_SOURCE": None}
    variables |= environment
    # A console keeps the width that the environment gave when it was made.
    for console in (cli.console, cli.errors):
        console.width = int(variables["COLUMNS"])
    return CliRunner().invoke(cli.main, arguments, input=stdin, env=variables)


def shown(data_dir: Path, *arguments: str, **environment: str) -> str:
    """What a command prints that does what it is asked to."""
    result = run(data_dir, *arguments, **environment)
    assert result.exit_code == 0, result.output
    return result.stdout


def message(result: Result) -> str:
    """The one message on standard error; no traceback, and nothing half done on the other."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("error: ") and "Traceback" not in result.output
    return result.stderr
