"""Shared fixtures: the first batches of the replica on 127.0.0.1, and a pipeline.

Every test starts with sites without faults and an empty data directory.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.replica.facts import load_register
from tests.support.loopback import LoopbackSites
from tests.support.pipelines import Pipeline


@pytest.fixture(scope="module")
def shared_sites() -> Iterator[LoopbackSites]:
    with LoopbackSites(load_register().first(3)) as sites:
        yield sites


@pytest.fixture
def sites(shared_sites: LoopbackSites) -> LoopbackSites:
    shared_sites.register = load_register().first(3)
    shared_sites.heal()
    return shared_sites


@pytest.fixture
def pipeline(sites: LoopbackSites, tmp_path: Path) -> Iterator[Pipeline]:
    source = Source(sites.cac_url, sites.beian_url)
    session = PoliteSession(source, requests_per_second=0, sleep=lambda seconds: None)
    yield Pipeline(tmp_path, session)
    session.close()
