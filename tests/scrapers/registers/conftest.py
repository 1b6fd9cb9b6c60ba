"""A replica of two batches over HTTP, a session for it, and an empty archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scrapers.archive.store import Archive
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from tests.scrapers.registers.fetches import SMALL
from tests.scrapers.registers.scripted import Naps
from tests.support.loopback import LoopbackSites


@pytest.fixture(scope="module")
def shared_sites() -> Iterator[LoopbackSites]:
    with LoopbackSites(SMALL) as sites:
        yield sites


@pytest.fixture
def sites(shared_sites: LoopbackSites) -> LoopbackSites:
    shared_sites.register = SMALL
    shared_sites.heal()
    shared_sites.log.clear()
    shared_sites.is_conditional = False
    return shared_sites


@pytest.fixture
def session(sites: LoopbackSites) -> Iterator[PoliteSession]:
    source = Source(sites.cac_url, sites.beian_url)
    session = PoliteSession(source, requests_per_second=0, sleep=Naps())
    yield session
    session.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)
