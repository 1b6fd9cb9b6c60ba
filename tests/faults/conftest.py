"""Shared fixtures: the source, and copies of a data directory after a healthy night."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.nights import Accepted, Nights
from tests.faults.refreshes import Refreshes, first_release
from tests.faults.source import REGISTER, Act, healthy
from tests.support.loopback import LoopbackSites
from tests.support.receiver import Receiver, receiver


@pytest.fixture(scope="session")
def sites() -> Iterator[LoopbackSites]:
    with LoopbackSites(REGISTER) as running:
        yield running


@pytest.fixture(scope="module")
def inbox() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture(scope="session")
def first_night(sites: LoopbackSites, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """A data directory after one healthy night; tests only copy it."""
    nights = Nights(tmp_path_factory.mktemp("first"), sites)
    seen = nights.pass_over(healthy)
    assert seen.failed == {}, seen.told
    return nights


@pytest.fixture
def nights(first_night: Nights, tmp_path: Path) -> Nights:
    """Nights that continue after the first one."""
    return first_night.copied_to(tmp_path)


@pytest.fixture(scope="session")
def undisturbed(
    sites: LoopbackSites, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Act], Accepted]:
    """Returns the rows in use after a single night with an act."""
    known: dict[Act, Accepted] = {}

    def accepted(act: Act) -> Accepted:
        if act not in known:
            seen = Nights(tmp_path_factory.mktemp("undisturbed"), sites).pass_over(act)
            assert seen.failed == {}, seen.told
            known[act] = seen.accepted
        return known[act]

    return accepted


@pytest.fixture(scope="session")
def first_refresh(sites: LoopbackSites, tmp_path_factory: pytest.TempPathFactory) -> Refreshes:
    """A published release; tests only copy it."""
    return first_release(tmp_path_factory.mktemp("released"), sites)
