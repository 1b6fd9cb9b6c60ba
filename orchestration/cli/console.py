"""The consoles of the command line, and error reporting for commands."""

import functools
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape

from orchestration.runtime import interrupts
from orchestration.runtime.texts import harmless
from scrapers.errors import FilingsError, shortened

LONGEST_MESSAGE = 2_000

# Data may contain text that Rich would replace with an emoji, such as `:smile:`.
console = Console(highlight=False, emoji=False)
error_console = Console(stderr=True, highlight=False, emoji=False)


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
                raise  # the reader closed the pipe: click exits quietly
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
