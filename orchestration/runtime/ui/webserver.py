"""Dagster's webserver behind the guard: as a part of the UI, and as a process of its own.

The supervisor starts it as `python -m orchestration.runtime.ui.webserver OPTIONS`.
"""

import logging
import socket
import warnings
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import uvicorn
from dagster import DagsterInstance
from dagster import __version__ as dagster_version
from dagster._core.workspace.context import IWorkspaceProcessContext, WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._utils.log import configure_loggers
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.cli import (
    DEFAULT_DB_STATEMENT_TIMEOUT,
    DEFAULT_POOL_MAX_OVERFLOW,
    DEFAULT_POOL_RECYCLE,
)

from orchestration.runtime.ui.addresses import address_of
from orchestration.runtime.ui.guard import Guard
from orchestration.runtime.ui.hosts import further_hosts
from orchestration.runtime.ui.log_format import dagster_format
from orchestration.runtime.ui.options import Options
from orchestration.runtime.ui.process import serve

LIVE_DATA_POLL_MILLISECONDS = 2000
# Open pages keep connections, which are closed when the server ends.
SHUTDOWN_SECONDS = 2
logger = logging.getLogger("dagster-webserver")


def guarded_server(
    context: IWorkspaceProcessContext[Any], hosts: Set[str] = frozenset()
) -> uvicorn.Server:
    """Dagster's webserver behind the guard, which answers to loopback names and these hosts."""
    app = create_app_from_workspace_process_context(
        context, live_data_poll_rate=LIVE_DATA_POLL_MILLISECONDS
    )
    return uvicorn.Server(
        uvicorn.Config(
            Guard(app, hosts), log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS
        )
    )


@contextmanager
def web_context(
    instance: DagsterInstance, workspace: Path | str, *, read_only: bool
) -> Iterator[WorkspaceProcessContext]:
    """The loaded code locations of a workspace file, for a webserver."""
    instance.optimize_for_webserver(
        DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW
    )
    # See `load_problems`.
    warnings.filterwarnings("ignore", "Error loading repository location")
    target = WorkspaceFileTarget([str(workspace)])
    with WorkspaceProcessContext(
        instance, target, version=dagster_version, read_only=read_only
    ) as context:
        yield context


def load_problems(context: IWorkspaceProcessContext[Any]) -> list[str]:
    """Why code locations cannot be loaded: the location, the error and the line that raised it."""
    problems = []
    entries = context.create_request_context().get_code_location_entries()
    for name, entry in entries.items():
        error = entry.load_error
        while error and error.cause:
            error = error.cause
        if error:
            where = " ".join(error.stack[-1].split()) if error.stack else ""
            message = " ".join(error.message.split())
            problems.append(f"{name}: {message}" + (f" ({where})" if where else ""))
    return problems


def wait_until_started(server: uvicorn.Server) -> None:
    """Return when the server answers requests, or when it has been asked to end."""
    while not (server.started or server.should_exit):
        sleep(0.05)


def _serve() -> None:
    options = Options.from_command_line()
    configure_loggers(formatter=dagster_format(options.log_format), log_level="INFO")
    listener = socket.socket(fileno=options.listener)
    with (
        DagsterInstance.get() as instance,
        web_context(instance, options.workspace, read_only=options.read_only) as context,
    ):
        for problem in load_problems(context):
            # A code server of its own may start later; Dagster then connects to it.
            logger.warning("A code location is not available. %s", problem)
        server = guarded_server(context, further_hosts())
        address = address_of(listener)

        def announce() -> None:
            wait_until_started(server)
            logger.info("Serving the Dagster UI on %s", address)

        Thread(target=announce, daemon=True).start()
        server.run(sockets=[listener])


if __name__ == "__main__":
    serve(_serve)
