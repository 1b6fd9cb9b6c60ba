"""The command line: `filings refresh | status | check | query | show | open | ui`.

A command imports what it needs when it runs, so that the quick ones are quick. Exit status 0 only
if everything asked for was done, 130 after Ctrl-C; an error is a message, never a traceback.
"""

import functools
import gc
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from orchestration.cli.query.exports import (
    FORMATS,
    codes_that_excel_rewrites,
    format_of,
    to_file,
    to_stdout,
)
from orchestration.cli.query.released import latest_opened
from orchestration.runtime.interrupts import interruptible
from orchestration.runtime.texts import harmless
from orchestration.settings import Settings
from scrapers.errors import FilingsError, shortened

# As shells have it of a process that ended by this signal.
INTERRUPTED = 128 + signal.SIGINT
LONGEST_MESSAGE = 2_000

# Data may hold what Rich would take for the name of an emoji.
console = Console(highlight=False, emoji=False)
errors = Console(stderr=True, highlight=False, emoji=False)


def reports_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a FilingsError, a file that cannot be had, or text that is none, into a message and
    exit status 1, and Ctrl-C into one and 130."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            raise  # whoever read the output has seen enough: click ends without a word
        except (FilingsError, OSError, UnicodeError) as error:
            told = shortened(harmless(str(error)), LONGEST_MESSAGE)
            errors.print(f"[red]error:[/red] {escape(told)}", soft_wrap=True)
            sys.exit(1)
        except KeyboardInterrupt:
            errors.print("stopped")
            sys.exit(INTERRUPTED)

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
    from orchestration.cli.render.refreshing import show_refreshed, watching

    settings = Settings.from_environment()
    # A short process with a great many long-lived objects: collecting garbage took a tenth of it.
    gc.set_threshold(200_000, 50, 50)
    with interruptible(), watching(console):
        # Dagster and dbt take seconds to import; by now the operator sees that something happens.
        from orchestration.runtime.home import prepare_home

        home = prepare_home(settings)
        from orchestration.cli.refresh_run import refresh as run_refresh

        refreshed = run_refresh(home, batches)
    show_refreshed(console, errors, settings, refreshed)
    sys.exit(1 if refreshed.problems else 0)


@main.command()
@reports_errors
def status() -> None:
    """The release, the last run and every batch with what is wrong, on one screen."""
    from orchestration.cli.render.status import show_status
    from orchestration.stores.status import read_status

    settings = Settings.from_environment()
    show_status(console, settings, read_status(settings.data_dir), datetime.now(UTC))


@main.command()
@reports_errors
def check() -> None:
    """Read all that is kept, and compare it with its hashes: archive, validated rows, releases."""
    from orchestration.cli.render.checking import show_checked
    from orchestration.runtime.run_lock import run_lock
    from orchestration.stores.verification import verify

    data_dir = Settings.from_environment().data_dir
    if not data_dir.is_dir():
        raise FilingsError(f"there is no folder {data_dir}", remedy="Run `filings refresh`")
    with run_lock(data_dir):
        checked = verify(data_dir)
    show_checked(console, errors, checked)
    sys.exit(1 if any(store.findings for store in checked) else 0)


@main.command()
@click.argument("sql")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS, case_sensitive=False),
    help="Default: a table, or what the suffix of --output says.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the rows to this file, in place of one that is there.",
)
@reports_errors
def query(sql: str, format_: str | None, output: Path | None) -> None:
    """Run one query on the latest release, read-only, and print the rows.

    SQL is DuckDB's; `-` reads it from standard input. A file of your own can be joined by its
    name: from 'mine.csv'. In CSV and TSV, text that a spreadsheet would take for a formula gets an
    apostrophe before it; a CSV file begins with a byte-order mark, for Excel. Excel cuts filing
    numbers in CSV to 15 digits and drops leading zeros: import such columns as text, or take
    filings.xlsx, which is part of the release.
    """
    from orchestration.cli.render.rows import show_rows

    published = Settings.from_environment().data_dir / "published"
    format_ = format_of(output, format_)
    if sql == "-":
        sql = sys.stdin.buffer.read().decode()
    with latest_opened(published) as release:
        if output:
            count = to_file(release, sql, format_, output, published)
            told = f"{count:,} row{'' if count == 1 else 's'}, release {release.name}: {output}"
            errors.print(escape(harmless(told)), soft_wrap=True)
            if codes := codes_that_excel_rewrites(release, sql, format_):
                errors.print(
                    f"Excel rewrites {escape(', '.join(codes))} when it opens this file: import "
                    "them as text, or take filings.xlsx, which is part of the release",
                    soft_wrap=True,
                )
        elif format_ == "table":
            show_rows(console, release.ask(sql), release.name)
        else:
            to_stdout(release, sql, format_)


@main.command()
@click.argument("text")
@click.option("--all", "widely", is_flag=True, help="List every match, in part too.")
@click.option("--json", "as_json", is_flag=True, help="Print the same as JSON.")
@reports_errors
def show(text: str, widely: bool, as_json: bool) -> None:
    """Show one filing or entity with its history.

    TEXT is a filing number, an entity's id of seven digits, or part of the name of an algorithm, a
    product or an entity, former names too. Where several go by it, they are listed.
    """
    from orchestration.cli.render.found import print_found, show_found
    from orchestration.cli.show.search import look_up

    with latest_opened(Settings.from_environment().data_dir / "published") as release:
        found = look_up(release.connection, text, widely=widely)
    if as_json:
        print_found(found)
    else:
        show_found(console, found, text, with_all=widely)


@main.command("open")
@reports_errors
def open_() -> None:
    """Open the report of the latest release in the browser."""
    from orchestration.cli.browser import launched, report_of

    report = report_of(Settings.from_environment().data_dir / "published")
    console.print(escape(harmless(str(report))), soft_wrap=True)
    if not launched(report):
        errors.print("no browser to be had here: open this file with one")


@main.command()
@click.option("--port", default=3000, show_default=True, type=click.IntRange(1, 65535))
@reports_errors
def ui(port: int) -> None:
    """Serve the Dagster UI on 127.0.0.1, with sensor and schedule running, until Ctrl-C.

    Only pages of the UI itself may use it: requests that other web pages send are refused.
    """
    from orchestration.runtime.home import prepare_home
    from orchestration.runtime.ui.supervisor import serve_ui

    settings = Settings.from_environment()
    prepare_home(settings)
    os.environ["FILINGS_DATA_DIR"] = str(settings.data_dir)
    serve_ui(port)


if __name__ == "__main__":
    main()
