"""The consoles of the command line, and error reporting for commands."""

import functools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape

from orchestration.runtime import interrupts
from orchestration.runtime.texts import harmless
from scrapers.errors import FilingsError, shortened

# The exit status that shells report for a process ended by this signal.
CLOSED_PIPE = 128 + signal.SIGPIPE
LONGEST_MESSAGE = 2_000


def exit_quietly() -> NoReturn:
    """End the process as `head` expects it after it closed the pipe, without a message."""
    # Python flushes standard output at exit, which would fail once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(CLOSED_PIPE)


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        exit_quietly()


# Data may contain text that Rich would replace with an emoji, such as `:smile:`.
console = _Console(highlight=False, emoji=False)
error_console = _Console(stderr=True, highlight=False, emoji=False)


def reports_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn expected errors into a message and an exit status.

    FilingsError, OSError and UnicodeError give exit status 1, Ctrl-C gives 130 and SIGTERM 143.
    """

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        interrupts.stop_with(lambda: interrupts.STOPPED)
        try:
            with interrupts.raising():
                result = command(*args, **kwargs)
        except BaseException as error:
            # Libraries turn a KeyboardInterrupt into other errors.
            if isinstance(error, KeyboardInterrupt) or interrupts.stopped_by():
                _exit_stopped()
            if isinstance(error, BrokenPipeError):
                exit_quietly()
            if not isinstance(error, FilingsError | OSError | UnicodeError):
                raise
            message = shortened(harmless(str(error)), LONGEST_MESSAGE)
            error_console.print(f"[red]error:[/red] {escape(message)}", soft_wrap=True)
            sys.exit(1)
        if interrupts.stopped_by():
            _exit_stopped()
        return result

    return wrapper


def _exit_stopped() -> NoReturn:
    """Print the line about the stop, and exit as shells report a process ended by the signal."""
    if line := interrupts.take_line():
        error_console.print(escape(line), soft_wrap=True)
    sys.exit(128 + (interrupts.stopped_by() or signal.SIGINT))
