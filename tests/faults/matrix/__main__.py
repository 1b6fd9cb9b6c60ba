"""The fault matrix, which takes too long for `make test`. Run `make faults`, or

    python -m tests.faults.matrix [kills] [room] [company] [drips] [documents] [stops]

Prints a Markdown table and the failed trials. The exit status is 1 if a trial failed.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults.matrix import company, documents, drips, kills, room, stops
from tests.faults.matrix.trial import Bench, Trial
from tests.faults.memory import Used
from tests.faults.source import REGISTER
from tests.support.loopback import LoopbackSites

KINDS = {
    "kills": kills,
    "room": room,
    "company": company,
    "drips": drips,
    "documents": documents,
    "stops": stops,
}


def main(wanted: Sequence[str]) -> int:
    """Run the trials of these kinds (default: all) and return the exit status."""
    if unknown := set(wanted) - set(KINDS):
        print(f"unknown kind: {', '.join(sorted(unknown))}. Use {', '.join(KINDS)}")
        return 2
    found: dict[str, list[Trial]] = {}
    skipped = []
    with tempfile.TemporaryDirectory() as folder, LoopbackSites(REGISTER) as sites:
        bench = Bench(Path(folder), sites)
        print(
            f"refresh without a fault: {bench.usual.seconds:.1f} s, "
            f"{bench.usual.megabytes:,.0f} MB\n",
            flush=True,
        )
        for name in wanted or KINDS:
            kind = KINDS[name]
            found[kind.KIND] = []
            try:
                for trial in kind.trials(bench):
                    found[kind.KIND].append(trial)
                    print(_line(kind.KIND, trial), file=sys.stderr, flush=True)
            except room.NoMountError as error:
                skipped.append(f"skipped the full disk: {error}")
    print(_table(found))
    print(*skipped, *_failures(found), sep="\n")
    return 1 if any(trial.wrong for trials in found.values() for trial in trials) else 0


def _line(kind: str, trial: Trial) -> str:
    result = "FAILED" if trial.wrong else "passed"
    return f"{result:6}  {kind}: {trial.fault}  {_figures(trial.used)}"


def _table(found: dict[str, list[Trial]]) -> str:
    lines = ["| fault | trials | passed | longest run | peak memory |", "|---|---|---|---|---|"]
    for kind, trials in found.items():
        passed = sum(not trial.wrong for trial in trials)
        seconds = max((trial.used.seconds for trial in trials), default=0.0)
        megabytes = max((trial.used.megabytes for trial in trials), default=0.0)
        lines.append(
            f"| {kind} | {len(trials)} | {passed} | {seconds:.0f} s | {megabytes:,.0f} MB |"
        )
    return "\n".join(lines)


def _failures(found: dict[str, list[Trial]]) -> list[str]:
    return [
        f"{kind}: {trial.fault}: {trial.wrong}"
        for kind, trials in found.items()
        for trial in trials
        if trial.wrong
    ]


def _figures(used: Used) -> str:
    return f"{used.seconds:.1f} s, {used.megabytes:,.0f} MB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
