"""Checks that parsing takes linear time."""

import gc
import time
from collections.abc import Callable

SHORT, LONG = 1_500, 9_000
# Linear parsing takes 6 times as long for the long text, and quadratic parsing 36 times.
MOST_TIMES = 15
# The seconds below which the process clock is too coarse to compare.
LEAST_SECONDS = 0.01


def assert_linear_time(parse: Callable[[str], object], unit: str) -> None:
    """Parse a short and a long text of repeated units, and compare the times."""
    short, long = (_seconds(parse, unit * (length // len(unit))) for length in (SHORT, LONG))
    assert long < MOST_TIMES * max(short, LEAST_SECONDS)


def _seconds(parse: Callable[[str], object], text: str) -> float:
    """The seconds of the process, the least of three tries without garbage collection.

    One collection in a process that has run many tests takes longer than a short text.
    """
    gc.disable()
    try:
        return min(_once(parse, text) for _ in range(3))
    finally:
        gc.enable()


def _once(parse: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    parse(text)
    return time.process_time() - started
