"""A published release that tests start from, made once and copied for each test."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.publication.release import Release
from tests.orchestration.publication.release_factories import make_filing, make_release

ReleaseFactory = Callable[..., Release]


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Release]:
    """Publishes the filings 1 to n as a first release, once per session for each n."""
    made: dict[int, Release] = {}

    def publish(filings: int) -> Release:
        if filings not in made:
            folder = tmp_path_factory.mktemp(f"first-release-{filings}")
            made[filings] = make_release(folder, *map(make_filing, range(1, filings + 1)))
        return made[filings]

    return publish


@pytest.fixture
def first_release(
    tmp_path: Path, published_once: Callable[[int], Release]
) -> Callable[[int], Release]:
    """Copies a first release of the filings 1 to n to the test's folder `published`."""

    def copy(filings: int = 1) -> Release:
        made = published_once(filings)
        shutil.copytree(made.path.parent, tmp_path / "published", symlinks=True)
        return replace(made, path=tmp_path / "published" / made.name)

    return copy
