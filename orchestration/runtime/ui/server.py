"""Serves the Dagster UI behind the guard, with its code server and the daemon.

It does what `dagster dev` does, whose webserver has no guard. The supervisor starts it as
`python -m orchestration.runtime.ui.server FD`, where FD is a listening socket, and stops it by
closing its standard input.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import shorten
from threading import Thread
from typing import Any

import uvicorn
import yaml
from dagster import DagsterError, DagsterInstance
from dagster import __version__ as dagster_version
from dagster._cli.proxy_server_manager import ProxyServerManager
from dagster._core.workspace.context import IWorkspaceProcessContext, WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._utils.log import configure_loggers
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.cli import (
    DEFAULT_DB_STATEMENT_TIMEOUT,
    DEFAULT_POOL_MAX_OVERFLOW,
    DEFAULT_POOL_RECYCLE,
)

from orchestration.runtime.ui.guard import Guard
from orchestration.settings import PROJECT_ROOT

WORKSPACE = PROJECT_ROOT / "workspace.yaml"
LIVE_DATA_POLL_MILLISECONDS = 2000
# Open pages keep connections, which are closed when the server ends.
SHUTDOWN_SECONDS = 2
MAX_MESSAGE = 400
logger = logging.getLogger("dagster")


def guarded_server(context: IWorkspaceProcessContext[Any]) -> uvicorn.Server:
    """Dagster's webserver behind the guard."""
    app = create_app_from_workspace_process_context(
        context, live_data_poll_rate=LIVE_DATA_POLL_MILLISECONDS
    )
    return uvicorn.Server(
        uvicorn.Config(Guard(app), log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS)
    )


def main() -> None:
    """Serve until standard input ends. Exit with 1 if Dagster cannot start or ends by itself."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    configure_loggers(formatter="colored", log_level="INFO")
    os.environ["DAGSTER_IS_DEV_CLI"] = "1"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    Thread(target=_interrupt_at_end_of_input, daemon=True).start()
    with suppress(KeyboardInterrupt):
        try:
            _serve(listener)
        except DagsterError as error:
            # The message is enough for an operator; a traceback would hide it.
            logger.error(  # noqa: TRY400
                "Dagster cannot start: %s", shorten(str(error), MAX_MESSAGE)
            )
        sys.exit(1)


def _serve(listener: socket.socket) -> None:
    """Serve until the daemon ends. An interrupt is passed on as KeyboardInterrupt."""
    logger.info("Starting the code server …")
    with (
        DagsterInstance.get() as instance,
        ProxyServerManager(instance, _workspace(WORKSPACE), "WARNING") as code_servers,
        _workspace_file(code_servers.get_code_server_specs()) as file,
        _daemon(file) as daemon,
        WorkspaceProcessContext(instance, _workspace(file), version=dagster_version) as context,
    ):
        instance.optimize_for_webserver(
            DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW
        )
        server = guarded_server(context)
        Thread(target=_stop_after, args=(daemon, server), daemon=True).start()
        logger.info("Serving the Dagster UI on http://%s:%s", *listener.getsockname())
        server.run(sockets=[listener])
        logger.error("The daemon ended unexpectedly with status %s", daemon.poll())


def _workspace(file: Path) -> WorkspaceFileTarget:
    return WorkspaceFileTarget([str(file)])


@contextmanager
def _workspace_file(code_servers: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    """A workspace file that points the daemon and the webserver to the running code servers."""
    with tempfile.TemporaryDirectory(prefix="filings-ui-") as folder:
        file = Path(folder) / "workspace.yaml"
        file.write_text(yaml.safe_dump({"load_from": list(code_servers)}))
        yield file


@contextmanager
def _daemon(workspace: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the daemon, which evaluates the sensor and the schedules and starts queued runs."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "--workspace", str(workspace)]
    daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield daemon
    finally:
        daemon.send_signal(signal.SIGINT)
        daemon.wait()


def _stop_after(daemon: subprocess.Popen[bytes], server: uvicorn.Server) -> None:
    daemon.wait()
    server.should_exit = True


def _interrupt_at_end_of_input() -> None:
    """Interrupt this process when the supervisor closes standard input, or dies."""
    # Not sys.stdin, because a thread that reads it would keep the interpreter from exiting.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    main()
