"""Refreshes that get Ctrl-C or SIGTERM at moments that the tests leave out."""

import subprocess
from collections.abc import Iterator
from functools import partial

from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import PATIENCE_SECONDS, environment
from tests.end_to_end.moments import MORE, STATUS, Moment
from tests.faults.matrix.trial import NEWS, Bench, Trial
from tests.faults.memory import Used, measured
from tests.faults.refreshes import Refreshes

KIND = "a run stopped (Ctrl-C, SIGTERM)"


def trials(bench: Bench) -> Iterator[Trial]:
    """One stop at each moment."""
    for moment in MORE:
        name = f"{moment.number.name} at {moment.stage} {moment.item}".rstrip()
        yield bench.tried(name, bench.copied(), partial(_stopped, bench, moment))


def _stopped(bench: Bench, moment: Moment, refreshes: Refreshes) -> tuple[str, Used]:
    bench.tell(NEWS)
    with (
        subprocess.Popen(
            moment.command,
            cwd=PROJECT_ROOT,
            env=environment(refreshes.data_dir, **refreshes.settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process,
        measured(process.pid) as used,
    ):
        _, printed = process.communicate(timeout=PATIENCE_SECONDS)
    if process.returncode != STATUS[moment.number]:
        return f"exit status {process.returncode}", used
    return "" if printed == moment.line else f"it prints {printed[-500:]}", used
