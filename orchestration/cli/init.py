"""`filings init`: prepare the data directory and Dagster's home, without a run."""

import click
from rich.markup import escape

from orchestration.cli.console import console, reports_errors
from orchestration.settings import Settings


@click.command(short_help="Write dagster.yaml, before a daemon starts first.")
@click.option(
    "--postgres",
    is_flag=True,
    help="Keep Dagster's records in PostgreSQL, at the address in FILINGS_DAGSTER_POSTGRES.",
)
@reports_errors
def init(postgres: bool) -> None:
    """Create the data directory and DAGSTER_HOME, and write dagster.yaml.

    `filings refresh` and `filings ui` do the same when they start. Run this first if another
    program, such as `dagster-daemon` or a container, opens DAGSTER_HOME before them. It can be run
    again at any time: a dagster.yaml that was edited is never replaced.
    """
    from orchestration.runtime.home import (
        CONFIGURATION,
        home_of,
        prepare_home,
        prepare_home_on_postgres,
    )

    settings = Settings.from_environment()
    path = home_of(settings) / CONFIGURATION
    before = path.read_bytes() if path.is_file() else None
    home = prepare_home_on_postgres(settings) if postgres else prepare_home(settings)
    is_kept = path.read_bytes() == before
    done = "kept" if is_kept else "written" if before is None else "replaced"
    for name, value in (
        ("data directory", settings.data_dir),
        ("DAGSTER_HOME", home),
        (CONFIGURATION, done),
    ):
        console.print(f"{name:<16}{escape(str(value))}", soft_wrap=True)
