"""What a process is denied before it begins; each is called in the new process."""

import ctypes
import resource
from collections.abc import Callable

_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE = 24, 1


def obeys_permissions() -> None:
    """Files that may not be written are not, for root either (Linux). Harmless for others."""
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0)


def largest_file(size: int) -> Callable[[], None]:
    """No file may grow beyond so many bytes, as `ulimit -f` has it."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
