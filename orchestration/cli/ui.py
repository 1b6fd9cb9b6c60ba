"""`filings ui`, `filings webserver` and `filings daemon`: serve Dagster until a signal."""

import sys
from pathlib import Path
from typing import Any, cast

import click

from orchestration.cli.console import error_console, reports_errors
from orchestration.runtime.ui.addresses import is_loopback
from orchestration.runtime.ui.options import LOG_FORMATS, WORKSPACE, LogFormat, Options
from orchestration.runtime.ui.supervisor import until_signal

_port = click.option(
    "--port", default=3000, show_default=True, type=click.IntRange(1, 65535), help="Port of the UI."
)
_read_only = click.option(
    "--read-only", is_flag=True, help="Refuse everything that starts a run or changes anything."
)
_log_format = click.option(
    "--log-format",
    default=lambda: "colored" if sys.stdout.isatty() else "plain",
    show_default="colored on a terminal, else plain",
    type=click.Choice(LOG_FORMATS),
    help="Format of the log.",
)
_workspace = click.option(
    "--workspace",
    default=WORKSPACE,
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="Workspace file, which says where the code server is. By default, one is started.",
)


@click.command(short_help="Serve the Dagster UI, with the daemon, until Ctrl-C.")
@_port
@_read_only
@reports_errors
def ui(port: int, read_only: bool) -> None:
    """Serve the Dagster UI on 127.0.0.1 with the sensor and schedules running, until Ctrl-C.

    Requests sent by other web pages are refused.
    """
    with until_signal():
        from orchestration.runtime.ui.start import serve_ui

        serve_ui(port, Options(read_only=read_only))


@click.command(short_help="Serve the Dagster UI without the daemon.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@_port
@_read_only
@_log_format
@_workspace
@reports_errors
def webserver(host: str, **given: Any) -> None:
    """Serve the Dagster UI alone. The daemon runs in another process, or not at all.

    FILINGS_UI_HOSTS names the hosts that a proxy serves it under, separated by commas.
    """
    with until_signal():
        from orchestration.runtime.ui.start import serve_web

        if not is_loopback(host):
            error_console.print(
                f"[yellow]warning:[/yellow] everyone who can reach {host} can use the UI: it has "
                "no login. Let only a proxy with a login reach it.",
                soft_wrap=True,
            )
        serve_web(host, given.pop("port"), _options(**given))


@click.command(short_help="Run the sensor and the schedules without a UI.")
@_log_format
@_workspace
@reports_errors
def daemon(**given: Any) -> None:
    """Run Dagster's daemon alone: it evaluates the sensor and schedules, and starts queued runs.

    One daemon can run on a data directory, that of `filings ui` included.
    """
    with until_signal():
        from orchestration.runtime.ui.start import run_daemon

        run_daemon(_options(**given))


def _options(log_format: str, workspace: Path, read_only: bool = False) -> Options:
    return Options(str(workspace), read_only, cast("LogFormat", log_format))
