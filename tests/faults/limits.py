"""Restrictions of a process, applied in the new process before it starts."""

import ctypes
import resource
from collections.abc import Callable

_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE = 24, 1


def obeys_permissions() -> None:
    """Make root obey file permissions (Linux); no effect for other users."""
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0)


def largest_file(size: int) -> Callable[[], None]:
    """Limit the size of files to this number of bytes, as `ulimit -f` does."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
