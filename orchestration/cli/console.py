"""The consoles of the command line, and error reporting for commands."""

import functools
import signal
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape

from orchestration.runtime.texts import harmless
from scrapers.errors import FilingsError, shortened

# The exit status that shells report for a process ended by this signal.
INTERRUPTED = 128 + signal.SIGINT
LONGEST_MESSAGE = 2_000

# Data may contain text that Rich would replace with an emoji, such as `:smile:`.
console = Console(highlight=False, emoji=False)
error_console = Console(stderr=True, highlight=False, emoji=False)


def reports_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn expected errors into a message and an exit status.

    FilingsError, OSError and UnicodeError give exit status 1, Ctrl-C gives 130.
    """

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            raise  # the reader closed the pipe: click exits quietly
        except (FilingsError, OSError, UnicodeError) as error:
            message = shortened(harmless(str(error)), LONGEST_MESSAGE)
            error_console.print(f"[red]error:[/red] {escape(message)}", soft_wrap=True)
            sys.exit(1)
        except KeyboardInterrupt:
            error_console.print("interrupted")
            sys.exit(INTERRUPTED)

    return wrapper
