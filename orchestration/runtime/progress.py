"""Progress events of a run, with optional subscribers in this process."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

# Stages of a run. The others are the names of the registers.
DISCOVERY, WAITING, MODELS, RELEASE = "discovery", "waiting", "models", "release"
# Where warnings come from that no stage of the run causes.
STORES = "stores"

Ending = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True)
class ProgressEvent:
    """A progress event: a stage begins, goes on, or ends, or there is a message in it.

    `done` and `total` say how much of the stage is done, and `item` what is worked on. An event
    with an `ending` ends the stage; its `message` is the result.
    """

    stage: str
    message: str = ""
    done: int = 0
    total: int = 0
    item: str = ""
    ending: Ending | None = None

    @property
    def is_of_stage(self) -> bool:
        """Whether the run is in this stage, or has just ended it."""
        return self.stage != STORES


_listeners: list[Callable[[ProgressEvent], None]] = []


@contextmanager
def subscribed(listener: Callable[[ProgressEvent], None]) -> Iterator[None]:
    """Subscribe `listener` to all progress events while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def emit(event: ProgressEvent) -> None:
    """Emit a progress event to all subscribers."""
    for listener in _listeners:
        listener(event)


class _WarningHandler(logging.Handler):
    """Emits warnings as progress events, and adds them to the log of the run."""

    def __init__(self, stage: str, run_log: logging.Logger) -> None:
        super().__init__(logging.WARNING)
        self.stage = stage
        self.run_log = run_log

    def emit(self, record: logging.LogRecord) -> None:
        emit(ProgressEvent(self.stage, record.getMessage()))
        self.run_log.warning(record.getMessage())


@contextmanager
def warnings_as_progress(stage: str, run_log: logging.Logger, *packages: str) -> Iterator[None]:
    """Emit warnings that `packages` log as progress events of a stage while the block runs."""
    handler = _WarningHandler(stage, run_log)
    loggers = [logging.getLogger(package) for package in packages]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
