from pathlib import PurePosixPath

import pytest

from tests.mutants.edits import Mutant
from tests.mutants.sample import (
    KILLED,
    NO_TESTS,
    SURVIVED,
    TIMEOUT,
    Result,
    choose_tests,
    draw,
    share_noticed,
    summary,
)

MUTANTS = [Mutant(f"{folder}/m.py", number, 1) for folder in "abc" for number in range(50)]


def results(*outcomes: str, path: str = "a/m.py") -> list[Result]:
    return [Result(Mutant(path, 0, 1), outcome, 1, 1, "") for outcome in outcomes]


def test_same_seed_draws_same_mutants():
    assert draw(MUTANTS, 20, seed=1) == draw(MUTANTS, 20, seed=1)
    assert draw(MUTANTS, 20, seed=1) != draw(MUTANTS, 20, seed=2)


def test_draw_has_no_mutant_twice():
    assert sorted(draw(MUTANTS, 1000, seed=1), key=MUTANTS.index) == MUTANTS


@pytest.mark.parametrize("only", ["b", "b/m.py"])
def test_draw_keeps_to_the_path_asked_for(only):
    drawn = draw(MUTANTS, 1000, seed=1, only=only)
    assert len(drawn) == 50
    assert {PurePosixPath(mutant.path).parts[0] for mutant in drawn} == {"b"}


@pytest.mark.parametrize(
    ("outcomes", "share"),
    [
        ([], 1.0),
        ([KILLED], 1.0),
        ([SURVIVED], 0.0),
        ([KILLED, TIMEOUT, SURVIVED, NO_TESTS], 0.5),
    ],
)
def test_share_counts_timeouts_as_noticed_and_untested_as_not(outcomes, share):
    assert share_noticed(results(*outcomes)) == share


def test_summary_has_a_row_per_folder_and_one_for_all():
    found = results(KILLED, SURVIVED) + results(KILLED, path="b/m.py")
    rows = [line.split() for line in summary(found, ["a", "b"]).splitlines()[1:]]
    assert rows == [
        ["a", "1", "1", "0", "0", "50.0%"],
        ["b", "1", "0", "0", "0", "100.0%"],
        ["all", "2", "1", "0", "0", "66.7%"],
    ]


def test_executing_tests_run_before_neighbours_and_quick_ones_first():
    costs = {
        "tests/a/b/test_m.py::slow": 3.0,
        "tests/a/b/test_m.py::quick": 1.0,
        "tests/a/b/test_n.py::neighbour": 0.1,
        "tests/z/test_z.py::far": 0.1,
        "tests/z/test_z.py::unrelated": 0.1,
    }
    executing = {test for test in costs if test.endswith(("slow", "quick", "far"))}
    chosen = choose_tests(Mutant("a/b/m.py", 0, 1), executing, costs, budget=60)
    assert [test.partition("::")[2] for test in chosen] == ["quick", "slow", "far", "neighbour"]


def test_one_test_runs_even_beyond_the_budget():
    costs = {"tests/a/test_m.py::slow": 100.0, "tests/a/test_m.py::slower": 200.0}
    chosen = choose_tests(Mutant("a/m.py", 0, 1), set(costs), costs, budget=60)
    assert chosen == ["tests/a/test_m.py::slow"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("scrapers/documents/child.py", 1), ("scrapers/fields/products.py", 0)],
)
def test_neighbours_alone_run_only_for_what_a_child_process_executes(path, expected):
    costs = {f"tests/scrapers/{name}/test_m.py::one": 1.0 for name in ("documents", "fields")}
    assert len(choose_tests(Mutant(path, 0, 1), set(), costs, budget=60)) == expected
