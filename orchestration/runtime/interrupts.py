"""Ctrl-C and SIGTERM end a command with one line and exit status 130 or 143, at any moment.

Libraries swallow KeyboardInterrupt, turn it into other errors, or print it with a traceback.
Therefore a signal reaches none of their code where that matters:

- While the program starts, a signal ends the process immediately (`watch`).
- A command that only reads gets KeyboardInterrupt, so that it can remove temporary files
  (`raising`). If a library swallows it, it is raised again after INSIST_SECONDS, and the process
  ends after GRACE_SECONDS more.
- A refresh works in a second thread, and the main thread only waits for it and for signals
  (`aside`). A signal ends the process, which is as safe as a power failure, after the stop was
  recorded. Changes that must be whole are made within `whole`.

Imports only the standard library, because it must be ready before anything else is imported.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import ClassVar, NoReturn, TypeVar

AT_START = "Stopped before anything was done."
STOPPED = "Stopped."
INSIST_SECONDS, GRACE_SECONDS = 5.0, 10.0
POLL_SECONDS = 0.05
IMPATIENT_SECONDS = 1.0
_SHOW_CURSOR = "\r\x1b[2K\x1b[?25h"

T = TypeVar("T")


class Stopped(KeyboardInterrupt):
    """A signal arrived that asks the command to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _State:
    """The first signal and its time; `line` gives what is printed when it ends the process."""

    is_watching = False
    is_raising = False
    signal: int | None = None
    at: float = 0.0
    line: Callable[[], str] | None = None
    # Set when the process is in control of the end, which needs no deadline any more.
    controlled = threading.Event()
    is_insisting = False
    # What is called at the first signal, and before the process is ended by force.
    at_stop: ClassVar[list[Callable[[], None]]] = []
    at_end: ClassVar[list[Callable[[], None]]] = []
    # Whether no thread may enter `whole` any more, and the one that is inside.
    is_closed = False
    inside: int | None = None


_state = _State()
_gate = threading.RLock()


def watch() -> None:
    """Handle Ctrl-C and SIGTERM from now on, unless the caller's shell has them ignored."""
    _state.is_watching = True
    stop_with(lambda: AT_START)
    sys.unraisablehook = _unraisable
    for number, default in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGTERM, signal.SIG_DFL),
    ):
        if signal.getsignal(number) == default:
            signal.signal(number, _on_signal)


def end_watch() -> None:
    """Let the process exit undisturbed: the command is done, and its result is known."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def stop_with(line: Callable[[], str]) -> None:
    """Print this line if a signal ends the process from now on."""
    _state.line = line


def stopped_by() -> int | None:
    """The first signal that asked this process to stop, if any."""
    return _state.signal


@contextmanager
def raising() -> Iterator[None]:
    """Raise Stopped for the first signal in the block, which must run in the main thread."""
    before, _state.is_raising = _state.is_raising, True
    try:
        yield
    finally:
        _state.is_raising = before


@contextmanager
def at_stop(work: Callable[[], None]) -> Iterator[None]:
    """Call `work` from another thread if a signal arrives in a block that is `raising`."""
    with _added(work, _state.at_stop):
        yield


@contextmanager
def at_end(work: Callable[[], None]) -> Iterator[None]:
    """Call `work` if a signal ends the process in the block, without leaving the block."""
    with _added(work, _state.at_end):
        yield


@contextmanager
def _added(work: Callable[[], None], works: list[Callable[[], None]]) -> Iterator[None]:
    works.append(work)
    try:
        yield
    finally:
        works.remove(work)


@contextmanager
def whole() -> Iterator[None]:
    """Changes that a signal does not interrupt: they are made as a whole, or not begun."""
    this = threading.get_ident()
    if _state.is_closed and this not in (_state.inside, threading.main_thread().ident):
        threading.Event().wait()  # the process is about to end
    with _gate:
        before, _state.inside = _state.inside, this
        try:
            yield
        finally:
            _state.inside = before


@contextmanager
def as_keyboard_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt for Ctrl-C in the block, if it runs in the main thread.

    In a run of the UI, Dagster's handler raises an error of its own, which dbt does not understand:
    it would return while its threads go on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def aside(work: Callable[[], T], stop: Callable[[], None]) -> T:
    """Do the work in a second thread, and return its result or raise its error.

    After a signal, `stop` is called in this thread, then the process ends. The work goes on
    meanwhile, except that it does not enter `whole`. Without `watch`, the work is done here.
    """
    if not _state.is_watching:
        return work()
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  raised again by the main thread
            errors.append(error)

    worker = threading.Thread(target=run, daemon=True)
    try:
        with raising():
            worker.start()
            while worker.is_alive():
                # With a limit, since the system may hand a signal to any thread, and Python
                # handles it in this one.
                worker.join(POLL_SECONDS)
    except Stopped as stopped:
        _state.is_closed = True
        _state.controlled.set()
        _gate.acquire()  # waits for a change under way, and is never released
        stop()
        leave(stopped.number)
    if errors:
        raise errors[0]
    return results[0]


def leave(number: int) -> NoReturn:
    """Print the line, unless it was printed before, and end the process immediately."""
    say()
    _call(_state.at_end)
    os._exit(128 + number)


def _call(works: list[Callable[[], None]]) -> None:
    # A function of its own, so that no thread keeps what a finished work belongs to.
    for work in [*works]:
        with suppress(OSError):
            work()


def take_line() -> str | None:
    """The line about the stop, once; None if it was printed before."""
    line, _state.line = _state.line, None
    return line() if line else None


def say() -> None:
    """Print the line about the stop once, on standard error."""
    line = take_line()
    # Not sys.stderr.write: the signal may have arrived while the stream was in use.
    if line and os.isatty(1):
        _write(1, _SHOW_CURSOR)
    if line:
        _write(2, f"{line}\n")


def _write(descriptor: int, text: str) -> None:
    try:
        os.write(descriptor, text.encode())
    except OSError:
        return  # no one can read it


def _on_signal(number: int, _: FrameType | None) -> None:
    if _state.is_insisting:
        _state.is_insisting = False
        if _state.is_raising:
            raise Stopped(number)
        return
    if _state.signal is not None:
        # The process is about to end; a second Ctrl-C only counts if that takes long.
        if time.monotonic() - _state.at > IMPATIENT_SECONDS:
            leave(_state.signal)
        return
    _state.signal, _state.at = number, time.monotonic()
    if not _state.is_raising:
        leave(number)
    threading.Thread(target=_insist, args=(number,), daemon=True).start()
    raise Stopped(number)


def _insist(number: int) -> None:
    """Raise Stopped once more if a library has swallowed it, and end the process if again."""
    _call(_state.at_stop)
    if not _state.controlled.wait(INSIST_SECONDS):
        _state.is_insisting = True
        os.kill(os.getpid(), number)
    if not _state.controlled.wait(GRACE_SECONDS):
        leave(number)


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Python ignores errors in destructors, and would print them, but a stop must not be lost."""
    if isinstance(unraisable.exc_value, Stopped):
        leave(unraisable.exc_value.number)
    sys.__unraisablehook__(unraisable)
