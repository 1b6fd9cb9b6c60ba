"""Documents made to exhaust the reader, at the sizes at which each once did harm."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.faults.hostile import FULL_SIZE
from tests.faults.matrix.trial import Bench, Trial, complaint, run
from tests.faults.memory import Used
from tests.faults.refreshes import Refreshes
from tests.faults.source import FIVE, Act, answers_list, answers_notice, healthy
from tests.support.loopback import document_instead

KIND = "a hostile document"
# The limits promised for one document and for a refresh.
SECONDS, MEGABYTES = 60, 1_500


def trials(bench: Bench) -> Iterator[Trial]:
    """Each document as a list, and each PDF also as a notice."""
    for name, make in FULL_SIZE.items():
        fault = document_instead(make())
        yield _trial(bench, f"{name}, as a list", answers_list(2, fault), "batch 002")
        if fault.body.startswith(b"%PDF"):
            yield _trial(bench, f"{name}, as a notice", answers_notice(FIVE, fault), FIVE)


def _trial(bench: Bench, name: str, act: Act, named: str) -> Trial:
    return bench.tried(name, bench.copied(), partial(_met, bench, act, named), healthy)


def _met(bench: Bench, act: Act, named: str, refreshes: Refreshes) -> tuple[str, Used]:
    bench.tell(act)
    done, used = run(refreshes)
    bounds: dict[str, Callable[[], bool]] = {
        f"the refresh took {used.seconds:.0f} s": lambda: (
            used.seconds - bench.usual.seconds > SECONDS
        ),
        f"it took {used.megabytes:,.0f} MB": lambda: used.megabytes > MEGABYTES,
        "there was no message": lambda: not done.status or named not in done.said,
    }
    broken = [what for what, is_broken in bounds.items() if is_broken()]
    return complaint(done) or "; ".join(broken), used
