"""Drawing mutants at random, choosing the tests to run for one, and the summary."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.mutants.edits import Mutant

KILLED, SURVIVED, TIMEOUT, NO_TESTS = OUTCOMES = ("killed", "survived", "timeout", "no tests")

# What the process that reads documents executes, which the record does not see.
IN_CHILD_PROCESSES = "scrapers/documents/"


@dataclass(frozen=True)
class Result:
    mutant: Mutant
    outcome: str
    tests_executing: int
    tests_run: int
    diff: str


def draw(mutants: Iterable[Mutant], count: int, seed: int, only: str = "") -> list[Mutant]:
    """So many of the mutants below a path, all equally likely; the same for the same seed."""
    candidates = [m for m in mutants if PurePosixPath(m.path).is_relative_to(only)]
    return random.Random(seed).sample(candidates, min(count, len(candidates)))


def choose_tests(
    mutant: Mutant, executing: set[str], costs: Mapping[str, float], budget: float
) -> list[str]:
    """The tests of most use within a budget of seconds; one at least, where there is any.

    First those that execute the mutant, then the others of its folder: these may use what was
    computed once, or execute the mutant in a child process. The nearest and quickest come first.
    """
    if not executing and not mutant.path.startswith(IN_CHILD_PROCESSES):
        return []
    parents = [f"tests/{parent}/" for parent in PurePosixPath(mutant.path).parents]
    folder = next((f for f in parents if any(test.startswith(f) for test in costs)), "tests/")

    def order(test: str) -> tuple[bool, bool, float, str]:
        return test not in executing, not test.startswith(folder), costs[test], test

    chosen: list[str] = []
    total = 0.0
    for test in sorted(executing | {test for test in costs if test.startswith(folder)}, key=order):
        total += costs[test]
        if chosen and total > budget:
            break
        chosen.append(test)
    return chosen


def share_noticed(results: Iterable[Result]) -> float:
    """Killed and timed out, among all; 1.0 of none."""
    outcomes = [result.outcome in (KILLED, TIMEOUT) for result in results]
    return sum(outcomes) / len(outcomes) if outcomes else 1.0


def summary(results: Sequence[Result], folders: Sequence[str]) -> str:
    """A table of the outcomes per folder, and in all."""
    lines = [f"{'':28}" + "".join(f"{head:>10}" for head in (*OUTCOMES, "noticed"))]
    for folder in (*folders, ""):
        found = [r for r in results if PurePosixPath(r.mutant.path).is_relative_to(folder)]
        counted = Counter(result.outcome for result in found)
        numbers = "".join(f"{counted[outcome]:>10}" for outcome in OUTCOMES)
        lines.append(f"{folder or 'all':28}{numbers}{share_noticed(found):>10.1%}")
    return "\n".join(lines)
