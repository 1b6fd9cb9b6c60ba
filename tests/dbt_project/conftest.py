"""The dbt project over data directories of a test's own making.

The project is parsed once per session, with no data directory in sight; `build_lists` runs
seeds, models and data tests over lists, without those about what filings are about; `command` any
dbt command over a directory.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from dbt.contracts.graph.manifest import Manifest

from scrapers.replica.facts import CancellationFact, load_register
from tests.dbt_project.builds import ABOUT_CONTENT, BuildResult, run_dbt
from tests.dbt_project.validated_data import ListFact, shipped_lists, write_validated

BUILD = ("build", "--exclude-resource-type", "unit_test")


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return run_dbt(tmp_path_factory.mktemp("parsed"), ["parse"])


@pytest.fixture(scope="session")
def command(manifest: Manifest) -> Callable[..., BuildResult]:
    def run(data: Path, *arguments: str) -> BuildResult:
        results = list(run_dbt(data, list(arguments), manifest))
        return BuildResult(
            {result.node.name: str(result.status.value) for result in results},
            {result.node.name: str(result.message) for result in results},
            data / "warehouse.duckdb",
        )

    return run


@pytest.fixture(scope="session")
def build_lists(command: Callable[..., BuildResult]) -> Callable[..., BuildResult]:
    """Write `validated/` for the lists and build over it."""

    def build(
        data: Path, lists: list[ListFact], cancellations: Sequence[CancellationFact] = ()
    ) -> BuildResult:
        write_validated(data, lists, cancellations)
        return command(data, *BUILD, "--exclude", *ABOUT_CONTENT)

    return build


@pytest.fixture(scope="session")
def register(
    command: Callable[..., BuildResult],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuildResult]:
    """The whole shipped register, built once with everything; tests only read it."""
    data = tmp_path_factory.mktemp("register")
    write_validated(data, shipped_lists(), load_register().cancellations)
    yield command(data, *BUILD)
