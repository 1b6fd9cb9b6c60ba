"""`filings query`: run one read-only query on the latest release."""

import sys
from pathlib import Path

import click
from rich.markup import escape

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.cli.query.exports import (
    FORMATS,
    TABLE,
    codes_that_excel_rewrites,
    format_of,
    to_file,
    to_stdout,
)
from orchestration.cli.query.released import OpenRelease, latest_opened
from orchestration.runtime.texts import harmless
from orchestration.settings import Settings


@click.command(short_help="Run one SQL query on the latest release.")
@click.argument("sql")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS, case_sensitive=False),
    help="Default: a table, or the format that the suffix of --output names.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the rows to this file, replacing it if it exists.",
)
@click.option(
    "--plain", is_flag=True, help="CSV or TSV for programs, without changes for spreadsheets."
)
@click.option("--vertical", is_flag=True, help="Print one column per line.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Rows to print as a table, 0 for all. Default: 40 in a terminal, otherwise all.",
)
@reports_errors
def query(
    sql: str,
    format_: str | None,
    output: Path | None,
    plain: bool,
    vertical: bool,
    limit: int | None,
) -> None:
    """Run one read-only query on the latest release and print the rows.

    SQL is written in DuckDB's dialect; `-` reads it from standard input. To join a local file, use
    its name as a table: from 'mine.csv'. `filings tables` lists the tables.

    A terminal shows the first rows and the columns that fit. A pipe or a redirected file gets all
    rows and columns; COLUMNS sets a width. For programs, choose a --format.

    CSV files are made for spreadsheets: they begin with a byte-order mark, filing numbers, codes
    and months are written as ="…", so that no digit or zero is lost, and text that would run as a
    formula is prefixed with an apostrophe. On standard output and in TSV, only formulas are
    prefixed. With --plain, every value is written as it is.
    """
    from orchestration.cli.render.rows import View, show_rows

    published = Settings.from_environment().data.published
    format_ = format_of(output, format_)
    if format_ != TABLE and (vertical or limit is not None):
        raise click.UsageError("--vertical and --limit are for tables; add `limit` to the query")
    if format_ == TABLE and plain:
        raise click.UsageError("--plain is for --format csv or tsv")
    if sql == "-":
        sql = sys.stdin.buffer.read().decode()
    with latest_opened(published) as release:
        if output:
            count = to_file(release, sql, format_, output, published, is_plain=plain)
            _report_written(release, sql, format_, output, count, is_plain=plain)
        elif format_ == TABLE:
            show_rows(console, release, sql, View(limit, vertical))
        else:
            to_stdout(release, sql, format_, is_plain=plain)


def _report_written(
    release: OpenRelease, sql: str, format_: str, output: Path, count: int, *, is_plain: bool
) -> None:
    """Report on standard error what was written and which columns Excel would change."""
    rows = f"{count:,} row{'' if count == 1 else 's'}"
    message = f"Wrote {rows} from release {release.name} to {output}"
    error_console.print(escape(harmless(message)), soft_wrap=True)
    codes = [] if is_plain else codes_that_excel_rewrites(release, sql, format_)
    if not codes:
        return
    names = escape(", ".join(codes))
    if format_ == "csv":
        note = f'{names}: written as ="…", which spreadsheets keep as text. Programs need --plain'
    else:
        note = (
            f"Excel changes the values of {names} when it opens this file. "
            "Import these columns as text, or write an .xlsx file"
        )
    error_console.print(note, soft_wrap=True)
