"""Measures how many small wrong edits (mutants) the quick tests notice (`make mutants`).

Draws a random sample of the mutants of FOLDERS. Makes each in a copy of the project and runs the
tests that execute it, in a fresh pytest process, until one fails or their share of time is used up.
A fresh process takes seconds, but child processes, Dagster definitions and constants see the edit.
"No tests" means that no test executes the mutant. For code of the process that reads documents,
the tests of its folder have to pass as well.

Not mutated: type annotations, docstrings, strings of three or more English words, the lines of
`raise` and of log calls, decorators, SQL, and lines marked `# pragma: no mutate`.
"""

import argparse
import difflib
import json
import os
import queue
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants import sample
from tests.mutants.edits import Mutant, mutated
from tests.mutants.plugin import SELECTION
from tests.mutants.record import FOLDERS, Record
from tests.mutants.sample import KILLED, NO_TESTS, SURVIVED, TIMEOUT, Result

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "mutants"
WORKERS = 2
# The share of the recorded run that one mutant may take: the same on a fast and on a busy machine.
BUDGET_SHARE = 0.03
# How many times as long as recorded its tests may take, and the seconds to start them.
PATIENCE, START = 4, 120
# A mutant may ask for memory without end.
_LIMITED = ("bash", "-c", 'ulimit -S -v 12000000; exec "$@"', "bash")
_PYTEST = (*_LIMITED, sys.executable, "-m", "pytest", "-xq", "-p", "tests.mutants.plugin")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--sample", type=int, default=200, help="how many mutants to try")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--only", default="", help="a file or folder to draw them from")
    parser.add_argument("--threshold", type=float, default=85, help="percent to be noticed")
    options = parser.parse_args()
    record = Record(ROOT, BUILD, WORKERS)
    drawn = sample.draw(record.mutants, options.sample, options.seed, options.only)

    trees = queue.SimpleQueue[Path]()
    for tree in record.trees:
        trees.put(tree)

    def attempt(mutant: Mutant) -> Result:
        tree = trees.get()
        try:
            return try_mutant(tree, mutant, record)
        finally:
            trees.put(tree)

    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(attempt, drawn))
    unnoticed = [result for result in results if result.outcome in (SURVIVED, NO_TESTS)]
    text = "\n".join(
        f"# {r.outcome}: {r.tests_executing} tests execute it, {r.tests_run} ran\n{r.diff}\n"
        for r in unnoticed
    )
    (BUILD / "survivors.diff").write_text(text, encoding="utf-8")
    print("", text, sample.summary(results, FOLDERS), sep="\n")
    print(f"\nThe diffs above are in {(BUILD / 'survivors.diff').relative_to(ROOT)}.")
    return 0 if sample.share_noticed(results) * 100 >= options.threshold else 1


def try_mutant(tree: Path, mutant: Mutant, record: Record) -> Result:
    """What the tests say of a mutant, made in a tree for as long as they run."""
    path = tree / mutant.path
    executing = record.tests_of(mutant)
    budget = BUDGET_SHARE * sum(record.costs.values())
    tests = sample.choose_tests(mutant, executing, record.costs, budget)
    original = path.read_text(encoding="utf-8")
    code = mutated(mutant, original)
    started = time.monotonic()
    path.write_text(code, encoding="utf-8")
    try:
        limit = START + PATIENCE * sum(record.costs[test] for test in tests)
        outcome = _run(tree, tests, limit) if tests else NO_TESTS
    finally:
        path.write_text(original, encoding="utf-8")
    if outcome == SURVIVED and not executing:
        outcome = NO_TESTS
    seconds = time.monotonic() - started
    print(f"{outcome:9} {seconds:4.0f} s  {mutant.path}:{mutant.line}", flush=True)
    sides = (original.splitlines(), code.splitlines(), mutant.path, mutant.path)
    diff = "\n".join(difflib.unified_diff(*sides, lineterm=""))
    return Result(mutant, outcome, len(executing), len(tests), diff)


def _run(tree: Path, tests: list[str], limit: float) -> str:
    selection = tree / "selection.json"
    selection.write_text(json.dumps(tests), encoding="utf-8")
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    # Bytecode kept from one mutant might serve for another of the same second and size.
    settings = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree), SELECTION: str(selection)}
    try:
        with (tree / "pytest.log").open("w") as log:
            done = subprocess.run(
                [*_PYTEST, *files],
                cwd=tree,
                env=os.environ | settings,
                stdout=log,
                stderr=log,
                timeout=limit,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return TIMEOUT
    # 5: the edit changed the cases of a parametrised test, and no test was left to fail.
    return SURVIVED if done.returncode in (0, 5) else KILLED


if __name__ == "__main__":
    sys.exit(main())
