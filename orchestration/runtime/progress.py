"""Telling whoever watches in this process how far a run has come; nobody need listen."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step of a run: its stage, what happened, and how much of the stage is done."""

    stage: str
    message: str = ""
    done: int = 0
    total: int = 0


_listeners: list[Callable[[Step], None]] = []


@contextmanager
def listening(listener: Callable[[Step], None]) -> Iterator[None]:
    """Have `listener` called for each step while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(step: Step) -> None:
    for listener in _listeners:
        listener(step)


class _Telling(logging.Handler):
    """Tells what is logged, and logs it with the run."""

    def __init__(self, stage: str, run_log: logging.Logger) -> None:
        super().__init__(logging.WARNING)
        self.stage = stage
        self.run_log = run_log

    def emit(self, record: logging.LogRecord) -> None:
        tell(Step(self.stage, record.getMessage()))
        self.run_log.warning(record.getMessage())


@contextmanager
def telling_warnings(stage: str, run_log: logging.Logger, *packages: str) -> Iterator[None]:
    """Tell what the modules of some packages warn of while the block runs, as steps of a stage."""
    handler = _Telling(stage, run_log)
    loggers = [logging.getLogger(package) for package in packages]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
