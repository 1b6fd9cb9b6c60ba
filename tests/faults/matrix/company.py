"""Two refreshes at the same time on one data directory."""

import random
import time
from collections.abc import Iterator
from functools import partial

from tests.faults.matrix.trial import NEWS, Bench, Trial, worst
from tests.faults.memory import Used, measured
from tests.faults.refreshes import Refreshes, ended

KIND = "two runs at once"
TRIES, SEED = 5, 13


def trials(bench: Bench) -> Iterator[Trial]:
    """Two refreshes started up to two seconds apart."""
    """The second starts at the same moment as the first, or up to two seconds later."""
    chance = random.Random(SEED)
    for number in range(TRIES):
        seconds = chance.uniform(0, 2) if number else 0.0
        yield bench.tried(
            f"{seconds:.2f} s apart", bench.copied(), partial(_together, bench, seconds)
        )


def _together(bench: Bench, seconds: float, refreshes: Refreshes) -> tuple[str, Used]:
    bench.tell(NEWS)
    with refreshes.start() as first, measured(first.pid) as of_first:
        time.sleep(seconds)
        with refreshes.start() as second, measured(second.pid) as of_second:
            done = [ended(first), ended(second)]
    failed = [each.said[-500:] for each in done if each.status]
    return "; ".join(failed), worst(of_first, of_second)
