"""The entry point of `filings`: ready for Ctrl-C before anything else is imported."""

import atexit
import os
import sys
import threading

from orchestration.runtime import interrupts


def main() -> None:
    """Run the command line, and exit with the status of the command."""
    interrupts.watch()
    from orchestration.cli.main import main as run

    try:
        run()
    except SystemExit as done:
        interrupts.end_watch()
        if done.code is None or isinstance(done.code, int):
            _end(done.code or 0)
        raise
    finally:
        interrupts.end_watch()


def _end(status: int) -> None:
    """End the process, after its exit functions, without taking every object apart.

    That takes two seconds after a refresh. Returns if Python must end the process: it waits for
    threads that still work, and reports output that cannot be written.
    """
    others = (thread for thread in threading.enumerate() if thread is not threading.main_thread())
    if not all(thread.daemon for thread in others):
        return
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):
        return
    os._exit(status)
