"""Ctrl-C during a refresh: one end, whichever library met it.

Dagster turns the signal into a failed run and dbt into a failed build, each with a traceback, so
it may never reach the caller as KeyboardInterrupt.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Raises KeyboardInterrupt at the end of the block if Ctrl-C was pressed in it.

    For the main thread. A second Ctrl-C after that ends the process at once.
    """
    signals, noted = os.pipe()
    for end in (signals, noted):
        os.set_blocking(end, False)
    # Python notes each signal there, also when a library has set a handler of its own.
    before = signal.set_wakeup_fd(noted, warn_on_full_buffer=False)
    try:
        yield
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) or _is_interrupted(signals):
            raise _interrupted() from error
        raise
    else:
        if _is_interrupted(signals):
            raise _interrupted()
    finally:
        signal.set_wakeup_fd(before)
        os.close(signals)
        os.close(noted)


def _is_interrupted(signals: int) -> bool:
    try:
        return signal.SIGINT in os.read(signals, 1024)
    except BlockingIOError:
        return False


def _interrupted() -> KeyboardInterrupt:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return KeyboardInterrupt()
