"""Telling whoever watches in this process how far a run has come; nobody need listen."""

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
