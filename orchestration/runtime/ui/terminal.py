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
# The start of a record of another logger, with a date or with the time of this module; or of what
# Python prints of a process that crashes.
_OTHER = re.compile(
    r"(?:\x1b\[\d+m)?(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d |"
    "Fatal Python error|Segmentation fault|Killed|Current thread"
)
_TRACE = ("Stack Trace:", "The above exception", "Traceback (most recent call last)")
_MAX_MESSAGE = 400
# Of the daemon that repeats runs, at its first look.
_FIRST_TICK = "No cursor for event type"
# Dagster also logs the error of the tick itself.
_SAID_TWICE = ("Sensor daemon caught an error for sensor", _FIRST_TICK)


class ReaderFormatter(logging.Formatter):
    """`HH:MM:SS message`, with the level from WARNING on, and without stack traces."""

    def format(self, record: logging.LogRecord) -> str:
        text = first_sentences(record.getMessage())
        if record.exc_info and record.exc_info[1] is not None:
            text = f"{text}: {first_sentences(_cause(record.exc_info[1]))}"
        level = f"{record.levelname.lower()}: " if record.levelno >= QUIET else ""
        return f"{self.formatTime(record, '%H:%M:%S')} {level}{text}"


def _cause(error: BaseException) -> str:
    """The message of an error, or of the first cause of one from a code server."""
    infos = getattr(error, "user_code_process_error_infos", None)
    info = infos[0] if infos else None
    while info and info.cause:
        info = info.cause
    return str(info.message) if info else f"{type(error).__name__}: {error}"


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
    handler.addFilter(lambda record: not record.getMessage().startswith(_SAID_TWICE))
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
    """The lines that are neither an event of a run nor a part of its message or stack trace.

    Messages of events can have any number of lines. They end with a record of another logger, or
    with the last words of a process.
    """
    is_event = False
    for line in lines:
        is_event = bool(_EVENT.match(line)) or (is_event and not _OTHER.match(line))
        if not is_event and _FIRST_TICK not in line:
            yield line


def _pass_on(reading: int, output: int) -> None:
    with os.fdopen(reading, errors="replace") as lines, os.fdopen(output, "w") as terminal:
        for line in without_events(lines):
            terminal.write(line)
            terminal.flush()
