"""`filings query`: run one read-only query on the latest release."""

import sys
from pathlib import Path

import click
from rich.markup import escape

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.cli.query.exports import (
    FORMATS,
    codes_that_excel_rewrites,
    format_of,
    to_file,
    to_stdout,
)
from orchestration.cli.query.released import OpenRelease, latest_opened
from orchestration.runtime.texts import harmless
from orchestration.settings import Settings


@click.command()
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
@reports_errors
def query(sql: str, format_: str | None, output: Path | None) -> None:
    """Run one read-only query on the latest release and print the rows.

    SQL is written in DuckDB's dialect; `-` reads it from standard input. To join a local file, use
    its name as a table: from 'mine.csv'. In CSV and TSV, text that a spreadsheet would run as a
    formula is prefixed with an apostrophe. CSV files begin with a byte-order mark, so that Excel
    reads them as UTF-8. Excel cuts filing numbers to 15 digits and drops leading zeros: import
    such columns as text, or use filings.xlsx, which is part of the release.
    """
    from orchestration.cli.render.rows import show_rows

    published = Settings.from_environment().data.published
    format_ = format_of(output, format_)
    if sql == "-":
        sql = sys.stdin.buffer.read().decode()
    with latest_opened(published) as release:
        if output:
            count = to_file(release, sql, format_, output, published)
            _report_written(release, sql, format_, output, count)
        elif format_ == "table":
            show_rows(console, release.ask(sql), release.name)
        else:
            to_stdout(release, sql, format_)


def _report_written(release: OpenRelease, sql: str, format_: str, output: Path, count: int) -> None:
    """Report on standard error what was written and which columns Excel would change."""
    rows = f"{count:,} row{'' if count == 1 else 's'}"
    message = f"Wrote {rows} from release {release.name} to {output}"
    error_console.print(escape(harmless(message)), soft_wrap=True)
    if codes := codes_that_excel_rewrites(release, sql, format_):
        error_console.print(
            f"Excel changes the values of {escape(', '.join(codes))} when it opens this file. "
            "Import these columns as text, or use filings.xlsx, which is part of the release",
            soft_wrap=True,
        )
