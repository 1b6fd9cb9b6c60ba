"""Shared fixtures: the first batches of the replica on 127.0.0.1, and a pipeline.

Every test starts with sites without faults and an empty data directory.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.replica.facts import load_register
from tests.support.loopback import LoopbackSites
from tests.support.pipelines import Pipeline


@pytest.fixture(scope="session")
def shared_sites() -> Iterator[LoopbackSites]:
    with LoopbackSites(load_register().first(3)) as sites:
        yield sites


@pytest.fixture
def sites(shared_sites: LoopbackSites) -> LoopbackSites:
    shared_sites.register = load_register().first(3)
    shared_sites.heal()
    return shared_sites


@pytest.fixture(scope="session")
def first_run(shared_sites: LoopbackSites, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory after a run over all documents."""
    root = tmp_path_factory.mktemp("first_run")
    # The test before may have left faults.
    shared_sites.register = load_register().first(3)
    shared_sites.heal()
    with session(shared_sites) as opened:
        assert Pipeline(root, opened).problems() == {}
    return root


@pytest.fixture
def pipeline(sites: LoopbackSites, tmp_path: Path) -> Iterator[Pipeline]:
    """A pipeline with an empty data directory."""
    with session(sites) as opened:
        yield Pipeline(tmp_path, opened)


@pytest.fixture
def ingested(pipeline: Pipeline, first_run: Path) -> Pipeline:
    """A pipeline that has ingested all documents."""
    shutil.copytree(first_run, pipeline.data.root, dirs_exist_ok=True)
    return pipeline


@contextmanager
def session(sites: LoopbackSites) -> Iterator[PoliteSession]:
    source = Source(sites.cac_url, sites.beian_url)
    opened = PoliteSession(source, requests_per_second=0, sleep=lambda seconds: None)
    yield opened
    opened.close()
