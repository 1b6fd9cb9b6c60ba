"""Discoveries that the command line hands over to the run that it starts in the same process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic

from scrapers.registers.base import Discovery, Register

# A run may wait longer for another one, which may archive documents that were not announced yet.
LONGEST_WAIT_SECONDS = 30.0

_found: dict[str, tuple[float, Discovery]] = {}


@contextmanager
def handing_over(found: Mapping[str, Discovery]) -> Iterator[None]:
    """Within the block, `taken` returns these discoveries, by the name of their register."""
    now = monotonic()
    _found.update({name: (now, discovery) for name, discovery in found.items()})
    try:
        yield
    finally:
        _found.clear()


def taken(register: Register) -> Discovery | None:
    """The discovery of a register that was handed over, once; None if it is too old."""
    found_at, discovery = _found.pop(register.name, (0.0, None))
    return discovery if monotonic() - found_at < LONGEST_WAIT_SECONDS else None
