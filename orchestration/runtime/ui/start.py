"""Starts the UI, the webserver or the daemon: reserves what it needs, then supervises it."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from orchestration.runtime.home import prepare_home
from orchestration.runtime.serving_lock import serving_lock
from orchestration.runtime.ui.addresses import LOOPBACK, listen
from orchestration.runtime.ui.hosts import further_hosts
from orchestration.runtime.ui.options import Options
from orchestration.runtime.ui.supervisor import supervise
from orchestration.settings import Settings
from scrapers.errors import FilingsError

UI = "orchestration.runtime.ui.server"
WEBSERVER = "orchestration.runtime.ui.webserver"
DAEMON = "orchestration.runtime.ui.daemon"


class UiError(FilingsError):
    """The Dagster UI, the webserver or the daemon cannot start, or ended unexpectedly."""


def serve_ui(port: int, options: Options) -> None:
    """Serve the Dagster UI on a port of 127.0.0.1, with the daemon, until a signal.

    Raises AlreadyRunningError if a daemon runs on the same data, ListenError if the port is not
    available, and UiError if the UI ends by itself.
    """
    further_hosts()
    with (
        serving_lock(_prepared(), f"http://{LOOPBACK}:{port}") as locks,
        listen(LOOPBACK, port, "filings ui") as listener,
    ):
        _run(UI, replace(options, listener=listener.fileno(), locks=locks), "filings ui")


def serve_web(host: str, port: int, options: Options) -> None:
    """Serve the Dagster UI without a daemon until a signal.

    Raises ListenError if the address is not available, and UiError if the server ends by itself.
    """
    further_hosts()
    _prepared()
    with listen(host, port, "filings webserver") as listener:
        _run(WEBSERVER, replace(options, listener=listener.fileno()), "filings webserver")


def run_daemon(options: Options) -> None:
    """Run Dagster's daemon until a signal.

    Raises AlreadyRunningError if one runs on the same data, and UiError if it ends by itself.
    """
    with serving_lock(_prepared()) as locks:
        _run(DAEMON, replace(options, locks=locks), "filings daemon")


def _prepared() -> Sequence[Path]:
    """Prepare the data directory and the Dagster home, and return both."""
    settings = Settings.from_environment()
    home = prepare_home(settings)
    os.environ["FILINGS_DATA_DIR"] = str(settings.data_dir)
    return settings.data_dir, home


def _run(module: str, options: Options, command: str) -> None:
    if status := supervise(options.command(module), options.descriptors):
        raise UiError(
            f"`{command}` ended unexpectedly with status {status}",
            remedy="See the messages above, then start it again",
        )
