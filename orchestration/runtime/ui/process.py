"""The life of a server process: it works until a signal or the end of its standard input.

The supervisor closes standard input to end it, which also happens if the supervisor is killed.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import shorten
from threading import Thread
from types import FrameType
from typing import NoReturn

from dagster import DagsterError

from orchestration.runtime.records_server import server_errors_named
from orchestration.runtime.ui.groups import (
    adopt_orphans,
    is_child_alive,
    signal_group,
    terminate_own_group,
    wait_while,
)
from scrapers.errors import FilingsError

# Below the supervisor's, which kills the group afterwards.
GRACE_SECONDS = 15.0
# Code servers need seconds to unload, and have nothing to lose.
SETTLE_SECONDS = 1.0
MAX_MESSAGE = 600
logger = logging.getLogger("dagster")


class ServerError(FilingsError):
    """Dagster cannot start, or a part of it ended by itself."""


class _State:
    """Whether the process was asked to end, and whether it is ending for any reason."""

    is_asked = False
    is_ending = False


def note_interrupt() -> None:
    """Note an interrupt that Dagster has handled: no further one interrupts the end."""
    _State.is_asked = _State.is_ending = True


def serve(work: Callable[[], None]) -> NoReturn:
    """Do the work until it is interrupted, end all child processes, and exit.

    The exit status is 0 after a signal or the end of standard input, and 1 if Dagster cannot start.
    """
    adopt_orphans()
    supervisor = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt_once)
    Thread(target=_interrupt_at_end_of_input, daemon=True).start()
    status = 0
    with suppress(KeyboardInterrupt):
        try:
            with server_errors_named(Path(os.environ["DAGSTER_HOME"])):
                work()
        except (DagsterError, FilingsError, OSError) as error:
            status = 1
            # The message is enough for an operator; a traceback would hide it.
            if not _State.is_asked:
                logger.error(shorten(str(error), MAX_MESSAGE))  # noqa: TRY400
        except Exception:
            status = 1
            logger.exception("This is an error in the program")
    with ended_children():
        logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if os.getppid() != supervisor:
        # The supervisor was killed, so that this is the last process that can end the others.
        signal_group(os.getpid(), signal.SIGKILL)
    # Unloading Dagster takes another second or two.
    os._exit(0 if _State.is_asked else status)


@contextmanager
def ended_children(is_busy: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """After the block, ask all processes of this group to end, and wait for the child processes.

    A run in progress needs some seconds to record that it was interrupted. While none is, that is
    `is_busy` is false, the others get SETTLE_SECONDS. The supervisor then kills them.
    """
    try:
        yield
    finally:
        _State.is_ending = True
        terminate_own_group()
        deadline = time.monotonic() + GRACE_SECONDS
        wait_while(lambda: is_child_alive() and is_busy(), deadline)
        wait_while(is_child_alive, min(deadline, time.monotonic() + SETTLE_SECONDS))


def _interrupt_once(number: int, frame: FrameType | None) -> None:
    _State.is_asked = True
    if not _State.is_ending:
        _State.is_ending = True
        raise KeyboardInterrupt


def _interrupt_at_end_of_input() -> None:
    # Not sys.stdin, because a thread that reads it would keep the interpreter from exiting.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGINT)
