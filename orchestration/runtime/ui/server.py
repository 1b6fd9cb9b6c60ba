"""Serves the Dagster UI behind the guard, with its code server and the daemon.

It does what `dagster dev` does, whose webserver has no guard. The supervisor starts it as
`python -m orchestration.runtime.ui.server OPTIONS`.
"""

import logging
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
import yaml
from dagster import DagsterInstance
from dagster._cli.proxy_server_manager import ProxyServerManager
from dagster._core.workspace.load_target import WorkspaceFileTarget

from orchestration.runtime.ui.addresses import address_of
from orchestration.runtime.ui.hosts import further_hosts
from orchestration.runtime.ui.options import Options
from orchestration.runtime.ui.process import ServerError, ended_children, serve
from orchestration.runtime.ui.run_lines import is_run_under_way, logged_runs
from orchestration.runtime.ui.terminal import log_for_reader, quieten_descendants
from orchestration.runtime.ui.webserver import (
    guarded_server,
    load_problems,
    wait_until_started,
    web_context,
)
from orchestration.settings import Settings

DAEMON = "orchestration.runtime.ui.daemon"
logger = logging.getLogger("filings.ui")


@dataclass(frozen=True)
class _Daemon:
    process: subprocess.Popen[bytes]
    ready: int

    def wait_until_ready(self) -> bool:
        """Whether the daemon runs, as soon as it does; False if it has ended."""
        return bool(os.read(self.ready, 1))


def _serve() -> None:
    """Serve until the daemon ends. An interrupt is passed on as KeyboardInterrupt."""
    options = Options.from_command_line()
    log_for_reader()
    quieten_descendants()
    os.environ["DAGSTER_IS_DEV_CLI"] = "1"
    listener = socket.socket(fileno=options.listener)
    address = address_of(listener)
    logger.info("Starting Dagster on the data in %s", Settings.from_environment().data_dir)
    with (
        DagsterInstance.get() as instance,
        logged_runs(instance, address),
        ended_children(lambda: is_run_under_way(instance)),
        _code_servers(instance, options.workspace) as file,
        _daemon(replace(options, workspace=str(file))) as daemon,
        web_context(instance, file, read_only=options.read_only) as context,
    ):
        if problems := load_problems(context):
            raise ServerError(
                f"the definitions cannot be loaded. {'; '.join(problems)}",
                remedy="Correct them, or check the settings, then start again",
            )
        server = guarded_server(context, further_hosts())
        Thread(target=_announce, args=(daemon, server, options, address), daemon=True).start()
        Thread(target=_stop_after, args=(daemon, server), daemon=True).start()
        server.run(sockets=[listener])
        raise ServerError(f"the daemon ended unexpectedly with status {daemon.process.poll()}")


def _announce(daemon: _Daemon, server: uvicorn.Server, options: Options, address: str) -> None:
    """Print the address when everything is ready, so that it is the last line of the start."""
    wait_until_started(server)
    if not daemon.wait_until_ready() or server.should_exit:
        return
    if os.environ.get("SSH_CONNECTION"):
        port = address.rpartition(":")[2]
        name = socket.gethostname()
        logger.info(
            "From your own computer, first run: ssh -L %s:127.0.0.1:%s %s", port, port, name
        )
    kind = "read-only" if options.read_only else "ready"
    logger.info("The UI is %s. End it with Ctrl-C. Open it in a browser: %s", kind, address)


@contextmanager
def _code_servers(instance: DagsterInstance, workspace: str) -> Iterator[Path]:
    """Start code servers. Yields a workspace file that points the other processes to them."""
    target = WorkspaceFileTarget([workspace])
    with (
        ProxyServerManager(instance, target, "WARNING") as servers,
        _workspace_file(servers.get_code_server_specs()) as file,
    ):
        yield file


@contextmanager
def _workspace_file(code_servers: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="filings-ui-") as folder:
        file = Path(folder) / "workspace.yaml"
        file.write_text(yaml.safe_dump({"load_from": list(code_servers)}))
        yield file


@contextmanager
def _daemon(options: Options) -> Iterator[_Daemon]:
    """Run the daemon, which ends with this process and holds the serving locks as well."""
    ready, writing = os.pipe()
    command = replace(options, listener=None, ready=writing)
    process = subprocess.Popen(
        command.command(DAEMON), stdin=subprocess.PIPE, pass_fds=command.descriptors
    )
    os.close(writing)
    try:
        yield _Daemon(process, ready)
    finally:
        # While it starts, SIGINT would end it with a stack trace.
        process.terminate()
        process.wait()


def _stop_after(daemon: _Daemon, server: uvicorn.Server) -> None:
    daemon.process.wait()
    server.should_exit = True


if __name__ == "__main__":
    serve(_serve)
