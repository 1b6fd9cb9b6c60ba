"""The command line: `filings refresh | status | query | ui`.

Exit status 0 only if everything asked for was done; an error is a message, never a traceback.
"""

import functools
import gc
import os
import sys
from collections.abc import Callable
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from orchestration.settings import PROJECT_ROOT, Settings
from scrapers.errors import FilingsError

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def reports_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a FilingsError, or a file that cannot be had, into a message and exit status 1."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (FilingsError, OSError) as error:
            errors.print(f"[red]error:[/red] {escape(str(error))}", soft_wrap=True)
            sys.exit(1)

    return wrapper


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """China's register of deep-synthesis algorithms: fetched, checked, modelled, published."""


@main.command()
@click.option(
    "--batch",
    "batches",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Only this batch (011 or 11); may be given several times. Default: all announced.",
)
@reports_errors
def refresh(batches: tuple[int, ...]) -> None:
    """Fetch what is announced, validate, build the marts, publish what has changed."""
    from orchestration.terminal import show_refreshed, watching

    settings = Settings.from_environment()
    # A short process with a great many long-lived objects: collecting garbage took a tenth of it.
    gc.set_threshold(200_000, 50, 50)
    with watching(console):
        # Dagster and dbt take seconds to import; by now the operator sees that something happens.
        from orchestration.home import prepare_home

        home = prepare_home(settings)
        from orchestration.refresh import refresh as run_refresh

        refreshed = run_refresh(home, batches)
    show_refreshed(console, errors, settings, refreshed)
    sys.exit(1 if refreshed.problems else 0)


@main.command()
@reports_errors
def status() -> None:
    """The release, the last run and every batch with what is wrong, on one screen."""
    from orchestration.terminal import show_status

    show_status(console, Settings.from_environment())


@main.command()
@click.argument("sql")
@reports_errors
def query(sql: str) -> None:
    """Run SQL on the latest release, read-only, and print the rows."""
    from orchestration.terminal import show_query

    show_query(console, Settings.from_environment(), sql)


@main.command()
@click.option("--port", default=3000, show_default=True, type=click.IntRange(1, 65535))
@reports_errors
def ui(port: int) -> None:
    """Serve the Dagster UI on 127.0.0.1, with sensor and schedule running."""
    from orchestration.home import prepare_home

    settings = Settings.from_environment()
    prepare_home(settings)
    os.environ["FILINGS_DATA_DIR"] = str(settings.data_dir)
    os.chdir(PROJECT_ROOT)
    # Dagster's announcement of another name for this command would be the first line to be read.
    python = [sys.executable, "-W", "ignore::FutureWarning"]
    dagster = [*python, "-m", "dagster", "dev", "--workspace", "workspace.yaml"]
    os.execv(sys.executable, [*dagster, "--host", "127.0.0.1", "--port", str(port)])


if __name__ == "__main__":
    main()
