"""`filings maintain`: delete old runs from Dagster's records."""

import click
from rich.markup import escape

from orchestration.cli.console import console, error_console, reports_errors
from orchestration.settings import Settings


@click.command(short_help="Delete old runs from Dagster's records.")
@reports_errors
def maintain() -> None:
    """Delete old runs from Dagster's records, and return their space to the disk.

    The latest runs are kept, and all runs with the latest result of an asset or check. Published
    data is not affected. Each refresh does the same at its end, and so does Dagster every night.
    """
    from orchestration.runtime.home import prepare_home

    home = prepare_home(Settings.from_environment())
    from orchestration.definitions import defs
    from orchestration.defs.retention import purge
    from orchestration.runtime.disk import disk_errors_named
    from orchestration.runtime.event_log import open_instance
    from orchestration.runtime.records_server import server_errors_named

    with disk_errors_named(home), server_errors_named(home), open_instance(home) as instance:
        graph = defs.resolve_asset_graph()
        purged = purge(instance, graph.get_all_asset_keys(), graph.asset_check_keys)
    console.print(escape(str(purged)), soft_wrap=True)
    for problem in purged.problems:
        error_console.print(f"[yellow]warning:[/yellow] {escape(problem)}", soft_wrap=True)
