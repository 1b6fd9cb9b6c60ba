"""Which tests execute which lines, and what each test costs, from one run of the quick tests."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

from coverage import CoverageData

from tests.mutants.edits import Mutant, mutants_of
from tests.mutants.plugin import RECORD

FOLDERS = ("scrapers", *(f"orchestration/{x}" for x in ("validation", "ingest", "publication")))
# Tests of the source text would notice any edit.
_EXCLUDED = ("end_to_end", "faults", "mutants", "test_architecture.py")
_PYTEST = (
    *(sys.executable, "-m", "pytest", "-q", "-n2", "--dist=loadfile", "-m", "not many_builds"),
    *("-p", "tests.mutants.plugin", "--cov-report=", "--cov-context=test"),
    *(f"--ignore=tests/{name}" for name in _EXCLUDED),
    *(f"--cov={folder}" for folder in FOLDERS),
)
_NOT_COPIED = shutil.ignore_patterns(
    *(".*", "__pycache__", "build", "data", "logs", "target", "*.egg-info")
)


class Record:
    """The recorded run, kept in a folder until the project changes, and trees to mutate.

    Tests that fail or are skipped in it are never used.
    """

    def __init__(self, root: Path, folder: Path, trees: int) -> None:
        self.trees = [folder / f"tree-{number}" for number in range(1, trees + 1)]
        self._folder = folder
        for tree in self.trees:
            shutil.rmtree(tree, ignore_errors=True)
            shutil.copytree(root, tree, ignore=_NOT_COPIED)
        digest, kept = _digest(self.trees[0]), folder / "digest"
        if not kept.exists() or kept.read_text() != digest:
            print("Running the quick tests, to record which lines they execute.", flush=True)
            kept.unlink(missing_ok=True)
            self._run_quick_tests()
            (folder / "mutants.json").write_text(json.dumps([*map(astuple, self._listed())]))
            kept.write_text(digest)
        self.costs: dict[str, float] = json.loads((folder / "costs.json").read_text())
        self.mutants = [Mutant(*row) for row in json.loads((folder / "mutants.json").read_text())]
        self._coverage = CoverageData(str(folder / "coverage.db"))
        self._coverage.read()

    def tests_of(self, mutant: Mutant) -> set[str]:
        """The tests that execute the statement of a mutant.

        A statement that only imports execute concerns every test of its module, or of its folder
        where a module is all constants. One that a fixture executes concerns every test of the file
        that recorded it, as fixtures are shared.
        """
        contexts = set(self._contexts_by_line(mutant.path).get(mutant.line, ()))
        for place in (mutant.path, f"{Path(mutant.path).parent}/*.py"):
            if contexts == {""}:
                contexts = self._contexts_in(place)
        named = {context.rpartition("|")[0] for context in contexts}
        files = {name.partition("::")[0] for name in named if f"{name}|setup" in contexts}
        return {test for test in self.costs if test in named or test.partition("::")[0] in files}

    def _contexts_by_line(self, path: str) -> dict[int, list[str]]:
        return self._coverage.contexts_by_lineno(str(self.trees[0] / path))

    def _contexts_in(self, pattern: str) -> set[str]:
        paths = [str(path.relative_to(self.trees[0])) for path in self.trees[0].glob(pattern)]
        lines = [line for path in paths for line in self._contexts_by_line(path).values()]
        return {context for line in lines for context in line}

    def _run_quick_tests(self) -> None:
        paths = {
            "COVERAGE_FILE": self._folder / "coverage.db",
            "PYTHONPATH": self.trees[0],
            RECORD: self._folder / "costs.json",
        }
        env = os.environ | {name: str(path) for name, path in paths.items()}
        with (self._folder / "record.log").open("w") as log:
            run = subprocess.run(_PYTEST, cwd=self.trees[0], env=env, stdout=log, check=False)
        # 1: some failed, which shows in the record.
        if run.returncode not in (0, 1):
            raise SystemExit(f"The quick tests did not run: see {log.name}")

    def _listed(self) -> list[Mutant]:
        tree = self.trees[0]
        paths = [path for folder in FOLDERS for path in sorted((tree / folder).rglob("*.py"))]
        listed = [mutants_of(str(path.relative_to(tree)), path.read_text()) for path in paths]
        return [mutant for mutants in listed for mutant in mutants]


def _digest(tree: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(tree.rglob("*")):
        name = str(path.relative_to(tree))
        if path.is_file() and not name.startswith(("tests/mutants/", "docs/", "Makefile")):
            digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()
