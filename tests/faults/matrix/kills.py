"""Refreshes killed at random moments, as by a power cut."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from tests.end_to_end.commands import kill
from tests.faults.matrix.trial import NEWS, Bench, Trial, run
from tests.faults.memory import Used, measured
from tests.faults.refreshes import Refreshes

KIND = "a run killed (SIGKILL)"
KILLS, SEED = 30, 13


def trials(bench: Bench) -> Iterator[Trial]:
    """One kill at a random moment of each thirtieth of the duration of a refresh."""
    chance = random.Random(SEED)
    bench.tell(NEWS)
    # Measured again, since the load of the machine may have changed.
    _, usual = run(bench.copied())
    for number in range(KILLS):
        seconds = usual.seconds * (number + chance.random()) / KILLS
        kill_it = partial(_killed, bench, seconds)
        yield bench.tried(f"after {seconds:.2f} s of {usual.seconds:.2f}", bench.copied(), kill_it)


def _killed(bench: Bench, seconds: float, refreshes: Refreshes) -> tuple[str, Used]:
    bench.tell(NEWS)
    with refreshes.start() as process, measured(process.pid) as used:
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=seconds)
        kill(process)
    return "", used
