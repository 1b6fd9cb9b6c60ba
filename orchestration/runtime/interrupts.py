"""Makes Ctrl-C during a refresh always end in KeyboardInterrupt.

Dagster turns the signal into a failed run, and dbt into a failed build, each with a traceback, so
that the caller might never see a KeyboardInterrupt.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end of the block if Ctrl-C was pressed in it.

    Must be used in the main thread. After that, a second Ctrl-C ends the process immediately.
    """
    signals, noted = os.pipe()
    for end in (signals, noted):
        os.set_blocking(end, False)
    # Python writes each signal to this pipe, even if a library has installed its own handler.
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
