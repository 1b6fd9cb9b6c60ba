"""Measures how many small wrong edits (mutants) the quick tests notice (`make mutants`).

Draws a random sample of the mutants of FOLDERS. Makes each in a copy of the project and runs, in a
fresh pytest process, the tests that execute it, up to the first failure and a budget of seconds.
A fresh process takes seconds, but child processes, Dagster definitions and constants see the edit.
"No tests" are those that no test executes while the tests of their folder pass.

Not mutated: type annotations, docstrings, strings of three or more English words, the lines of
`raise` and of log calls, decorators, SQL, and lines marked `# pragma: no mutate`.
"""

import argparse
import difflib
import json
import os
import signal
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
# Recorded seconds of tests per mutant, and how much longer they may take, with the start.
BUDGET, PATIENCE, START = 60, 4, 120
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

    def try_share(worker: int) -> list[Result]:
        tree = record.trees[worker]
        return [try_mutant(tree, mutant, record) for mutant in drawn[worker::WORKERS]]

    with ThreadPoolExecutor(WORKERS) as pool:
        results = [result for share in pool.map(try_share, range(WORKERS)) for result in share]
    unnoticed = [result for result in results if result.outcome in (SURVIVED, NO_TESTS)]
    text = "\n".join(f"# {r.outcome} ({r.tests_run} tests)\n{r.diff}\n" for r in unnoticed)
    (BUILD / "survivors.diff").write_text(text, encoding="utf-8")
    print("", text, sample.summary(results, FOLDERS), sep="\n")
    print(f"\nThe diffs above are in {(BUILD / 'survivors.diff').relative_to(ROOT)}.")
    return 0 if sample.share_noticed(results) * 100 >= options.threshold else 1


def try_mutant(tree: Path, mutant: Mutant, record: Record) -> Result:
    """What the tests say of a mutant, made in a tree for as long as they run."""
    path = tree / mutant.path
    executing = record.tests_of(mutant)
    tests = sample.choose_tests(mutant, executing, record.costs, BUDGET)
    original = path.read_text(encoding="utf-8")
    code = mutated(mutant, original)
    started = time.monotonic()
    path.write_text(code, encoding="utf-8")
    try:
        outcome = _run(tree, tests, START + PATIENCE * sum(record.costs[test] for test in tests))
    finally:
        path.write_text(original, encoding="utf-8")
    if outcome == SURVIVED and not executing:
        outcome = NO_TESTS
    seconds = time.monotonic() - started
    print(f"{outcome:9} {seconds:4.0f} s  {mutant.path}:{mutant.line}", flush=True)
    sides = (original.splitlines(), code.splitlines(), mutant.path, mutant.path)
    diff = "\n".join(difflib.unified_diff(*sides, lineterm=""))
    return Result(mutant, outcome, len(tests), diff)


def _run(tree: Path, tests: list[str], limit: float) -> str:
    selection = tree / "selection.json"
    selection.write_text(json.dumps(tests), encoding="utf-8")
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    # Bytecode kept from one mutant might serve for another of the same second and size.
    settings = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree), SELECTION: str(selection)}
    with (tree / "pytest.log").open("w") as log:
        process = subprocess.Popen(
            [*_PYTEST, *files],
            cwd=tree,
            env=os.environ | settings,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        # 5: the edit changed the cases of a parametrised test, and no test was left to fail.
        return SURVIVED if process.wait(limit) in (0, 5) else KILLED
    except subprocess.TimeoutExpired:
        return TIMEOUT
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
