"""What `filings ui` prints: a line per event for a reader, in place of Dagster's own log.

Dagster's processes and each run print to the same terminal. A run prints every event, over a
hundred lines, and a stack trace if it fails. All of that is in the Dagster UI as well.
"""

import logging
import os
import re
import sys
from collections.abc import Iterable, Iterator
from threading import Thread

from orchestration.runtime.texts import harmless

QUIET = logging.WARNING
# A record of the event log of a run, as Dagster's console logger prints it.
_EVENT = re.compile(
    r"[\d-]{10} [\d:]{8} [+-]\d{4} - \S+ - (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) - "
)
_ERROR_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+(?::|$)|\w+(?:Error|Exception|Interrupt\w*):")
_TRACE = ("Stack Trace:", "The above exception", "Traceback (most recent call last)")
_MAX_MESSAGE = 400
# Of a sensor for the ends of runs, at its first tick ever.
_FIRST_TICK = "No cursor for event type"


class ReaderFormatter(logging.Formatter):
    """`HH:MM:SS message`, with the level from WARNING on, and without stack traces."""

    def format(self, record: logging.LogRecord) -> str:
        text = first_sentences(record.getMessage())
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            text = f"{text}: {type(error).__name__}: {first_sentences(str(error))}"
        level = f"{record.levelname.lower()}: " if record.levelno >= QUIET else ""
        return f"{self.formatTime(record, '%H:%M:%S')} {level}{text}"


def first_sentences(text: str) -> str:
    """A message on one line, without the stack trace that Dagster appends to it."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(_TRACE):
            break
        lines.append(line.strip())
    joined = " ".join(filter(None, lines))
    return harmless(joined if len(joined) <= _MAX_MESSAGE else f"{joined[:_MAX_MESSAGE]} …")


def log_for_reader(descriptor: int = 1) -> None:
    """Log this project's lines, and the warnings and errors of Dagster, to a descriptor."""
    handler = logging.StreamHandler(os.fdopen(os.dup(descriptor), "w", buffering=1))
    handler.setFormatter(ReaderFormatter())
    handler.addFilter(lambda record: not record.getMessage().startswith(_FIRST_TICK))
    for name, level in (
        ("dagster", QUIET),
        ("dagster-webserver", QUIET),
        ("filings", logging.INFO),
    ):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)


def quieten_descendants() -> None:
    """Pass on what this process and its children print without the events of runs.

    This process logs to the terminal itself. It must call `log_for_reader` first.
    """
    output = os.dup(1)
    reading, writing = os.pipe()
    for descriptor in (1, 2):
        os.dup2(writing, descriptor)
    os.close(writing)
    Thread(target=_pass_on, args=(reading, output), daemon=True).start()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]


def without_events(lines: Iterable[str]) -> Iterator[str]:
    """The lines that are neither an event of a run nor a part of its stack trace."""
    is_event = False
    for line in lines:
        if _EVENT.match(line):
            is_event = True
        elif not (is_event and _continues(line)):
            is_event = False
            yield line


def _continues(line: str) -> bool:
    return (
        not line.strip()
        or line[0].isspace()
        or line.startswith(_TRACE)
        or bool(_ERROR_NAME.match(line))
    )


def _pass_on(reading: int, output: int) -> None:
    with os.fdopen(reading, errors="replace") as lines, os.fdopen(output, "w") as terminal:
        for line in without_events(lines):
            terminal.write(line)
            terminal.flush()
