"""Discoveries that the command line hands over to the run that it starts in the same process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from scrapers.registers.base import Discovery, Register

# While a run waits longer for another one, that may archive documents that were not announced yet.
LONGEST_WAIT_SECONDS = 30.0

Found = Mapping[str, tuple[float, Discovery]]
"""Discoveries by the name of their register, each with the monotonic time at which it was made."""

_found: dict[str, tuple[float, Discovery]] = {}


@contextmanager
def handing_over(found: Found) -> Iterator[None]:
    """Within the block, `taken` returns these discoveries."""
    _found.update(found)
    try:
        yield
    finally:
        _found.clear()


def drop_outdated() -> None:
    """Forget the discoveries that are too old. A run calls this once, when it has the run lock."""
    for name, (found_at, _) in list(_found.items()):
        if monotonic() - found_at >= LONGEST_WAIT_SECONDS:
            del _found[name]


def taken(register: Register) -> Discovery | None:
    """The discovery of a register that was handed over, once; None if there is none."""
    _, discovery = _found.pop(register.name, (0.0, None))
    return discovery
