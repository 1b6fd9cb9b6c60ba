"""Calls that Python cannot interrupt, made in a way that lets a signal end the program."""

import threading
from collections.abc import Callable
from typing import TypeVar

# The system may hand a signal to any thread, and Python handles it in the main one.
_POLL_SECONDS = 0.05

T = TypeVar("T")


def interruptibly(work: Callable[[], T], seconds: float) -> T:
    """Do the work in another thread, and return its result or raise its error.

    Raises TimeoutError after `seconds`. The work is then left alone, as it is after a signal.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  raised again by the caller
            errors.append(error)

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    waits = max(1, round(seconds / _POLL_SECONDS))
    for _ in range(waits):
        worker.join(_POLL_SECONDS)
        if not worker.is_alive():
            break
    else:
        raise TimeoutError(f"no answer within {seconds:g} seconds")
    if errors:
        raise errors[0]
    return results[0]
