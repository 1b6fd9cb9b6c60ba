"""Dagster's daemon, which evaluates the sensor and the schedules and starts queued runs.

The supervisor or the UI starts it as `python -m orchestration.runtime.ui.daemon OPTIONS`.
"""

import os
from collections.abc import Callable

from dagster import DagsterInstance
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._daemon.controller import daemon_controller_from_instance

from orchestration.runtime.ui.log_format import dagster_format
from orchestration.runtime.ui.options import Options
from orchestration.runtime.ui.process import ended_children, note_interrupt, serve
from orchestration.runtime.ui.run_lines import is_run_under_way
from orchestration.runtime.ui.terminal import log_for_reader


def _run() -> None:
    options = Options.from_command_line()
    for_reader = options.ready is not None
    with (
        DagsterInstance.get() as instance,
        ended_children(lambda: is_run_under_way(instance)),
        daemon_controller_from_instance(
            instance,
            workspace_load_target=WorkspaceFileTarget([options.workspace]),
            log_level="warning" if for_reader else "info",
            code_server_log_level="warning",
            log_format=dagster_format(options.log_format),
        ) as controller,
    ):
        if options.ready is not None:
            log_for_reader()
            os.write(options.ready, b"1")
            os.close(options.ready)
        _until_interrupted(controller.check_daemon_loop)


def _until_interrupted(loop: Callable[[], None]) -> None:
    """Dagster handles the signals in its loop; another one must not interrupt the end."""
    try:
        loop()
    except KeyboardInterrupt:
        note_interrupt()
        raise


if __name__ == "__main__":
    serve(_run)
