"""Damage in what is kept: it heals where it can, and concerns one document where it cannot."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import scrapers.http.answers as answers_module
from orchestration.ingest.pipeline import discover, ingest_lists, ingest_notices
from orchestration.ingest.results import Outcome, Outcomes
from orchestration.runtime.clock import clock_warnings
from orchestration.validation.gates import Reviews
from orchestration.validation.lists import ValidatedLists
from orchestration.validation.notices import ValidatedNotices
from scrapers.archive.sidecar import COPY, SIDECAR
from scrapers.archive.store import Archive
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers.cancellations import notice_folder
from scrapers.replica.facts import load_register
from tests.support.loopback import LoopbackSites, amend, html_instead, status

SMALL = load_register().first(3)
NOTICE = notice_folder(SMALL.cancellations[0].notice_id)
NOTICE_FILES = "/api/file/fileDownLoad"


class Pipeline:
    """The stores of one data directory, and runs over lists and notices."""

    def __init__(self, root: Path, session: PoliteSession) -> None:
        self.root, self.session = root, session
        self.archive, self.outcomes = Archive(root / "raw"), Outcomes(root / "outcomes")

    def run(self, *batch_nos: int) -> dict[str, Outcome]:
        """The outcomes by folder, with the tables written as a run writes them."""
        validated = self.root / "validated"
        lists = ValidatedLists(validated, self.archive, Reviews())
        notices = ValidatedNotices(validated, self.archive, Reviews())
        places = self.session, self.archive
        attempts = [
            *ingest_lists(*places, lists, self.outcomes, batch_nos or (1, 2, 3), "run"),
            *ingest_notices(*places, notices, self.outcomes, (), "run"),
        ]
        lists.write_tables()
        notices.write_tables()
        return {attempt.outcome.folder: attempt.outcome for attempt in attempts}

    def failed(self, *batch_nos: int) -> dict[str, str]:
        outcomes = self.run(*batch_nos).values()
        return {outcome.folder: outcome.problem for outcome in outcomes if outcome.problem}

    def in_use(self) -> tuple[dict[int, int], int]:
        """Rows of each list, and all records of notices, as dbt reads them."""
        validated = self.root / "validated"
        lists = pl.read_parquet(validated / "list_versions.parquet").filter("is_current")
        records = pl.read_parquet(validated / "cancellations.parquet")
        return dict(lists.select("batch_no", "rows_accepted").rows()), records.height

    def versions(self, batch_no: int) -> list[tuple[int, bool]]:
        table = pl.read_parquet(self.root / "validated" / "list_versions.parquet")
        return table.filter(batch_no=batch_no).select("version_no", "is_current").rows()


ALL = ({1: 41, 2: 110, 3: 129}, 57)


@pytest.fixture(scope="module")
def running() -> Iterator[LoopbackSites]:
    with LoopbackSites(SMALL) as sites:
        yield sites


@pytest.fixture
def sites(running: LoopbackSites) -> LoopbackSites:
    running.register = SMALL
    running.heal()
    return running


@pytest.fixture
def pipeline(sites: LoopbackSites, tmp_path: Path) -> Iterator[Pipeline]:
    source = Source(sites.cac_url, sites.beian_url)
    session = PoliteSession(source, requests_per_second=0, sleep=lambda seconds: None)
    made = Pipeline(tmp_path, session)
    assert made.failed() == {}
    yield made
    session.close()


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets the clock by which answers are dated run so far from the true one."""

    def put(offset: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + offset

        monkeypatch.setattr(answers_module, "datetime", Clock)

    return put


def tear_sidecars(pipeline: Pipeline, folder: str) -> None:
    for name in (SIDECAR, COPY):
        (pipeline.archive.root / folder / name).write_bytes(b"{")


def amended(sites: LoopbackSites, products: str) -> None:
    number = SMALL.filings[2][0].filing_number
    sites.register = amend(SMALL, 2, number, products=products)


def test_a_torn_sidecar_is_restored_and_nothing_fails(pipeline):
    for folder in ("002", "notices", NOTICE):
        (pipeline.archive.root / folder / SIDECAR).write_bytes(b"")
    assert pipeline.failed() == {} and pipeline.in_use() == ALL


@pytest.mark.parametrize("folder", ["002", NOTICE, "notices"])
def test_one_folder_that_cannot_be_read_fails_alone_and_keeps_what_was_in_use(pipeline, folder):
    tear_sidecars(pipeline, folder)
    assert list(pipeline.failed()) == [folder] and pipeline.in_use() == ALL


@pytest.mark.parametrize("folder", ["002", NOTICE])
def test_so_does_one_that_the_source_has_forgotten(sites, pipeline, folder):
    tear_sidecars(pipeline, folder)
    others = tuple(fact for fact in SMALL.cancellations if notice_folder(fact.notice_id) != NOTICE)
    sites.register = replace(SMALL.first(1), cancellations=others)
    assert list(pipeline.failed(1)) == [folder] and pipeline.in_use() == ALL


def test_all_is_well_again_once_the_folder_is_restored(sites, pipeline, tmp_path):
    kept = shutil.copytree(pipeline.archive.root / "002", tmp_path / "kept")
    tear_sidecars(pipeline, "002")
    assert "Restore" in pipeline.failed()["002"]
    shutil.copytree(kept, pipeline.archive.root / "002", dirs_exist_ok=True)
    assert pipeline.failed() == {} and pipeline.in_use() == ALL


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"PK"), Path.unlink])
@pytest.mark.parametrize("is_store_deleted", [True, False])
def test_damaged_documents_heal_from_the_source(pipeline, damage, is_store_deleted):
    documents = [
        version
        for folder in pipeline.archive.folders()
        for version in pipeline.archive.documents(folder)
        # The page of a batch and the notice list say more than they are compared by.
        if version.role in ("list", "cancellation")
    ]
    for version in documents:
        damage(version.path)
    if is_store_deleted:
        shutil.rmtree(pipeline.root / "validated")
    assert pipeline.failed() == {} and pipeline.in_use() == ALL
    assert all(pipeline.archive.read(version) for version in documents)


def test_challenge_pages_do_not_pile_up(sites, pipeline):
    for night in range(12):
        page = f"<html><h1>Please wait {night * 7919:x}</h1></html>"
        sites.break_with(sites.page_path(2), html_instead(page))
        pipeline.failed()
    kept = pipeline.archive.versions("002", "rejected")
    assert [version.facts["count"] for version in kept] == ["1", "12"]
    assert len(list((pipeline.archive.root / "002").glob("*.bin"))) == 2


@pytest.mark.parametrize("days", [-400, 27_000], ids=["back", "ahead"])
def test_an_amendment_by_a_wrong_clock_is_the_version_in_use_then_and_later(
    sites, pipeline, set_clock, days
):
    set_clock(timedelta(days=days))
    amended(sites, "甲（APP）")
    assert pipeline.failed() == {} and pipeline.versions(2) == [(1, False), (2, True)]
    set_clock(timedelta())
    amended(sites, "乙（APP）")
    assert pipeline.failed() == {}
    assert pipeline.versions(2) == [(1, False), (2, False), (3, True)]
    # Made again from the archive, the store comes out the same.
    table = pipeline.root / "validated" / "list_versions.parquet"
    before = table.read_bytes()
    shutil.rmtree(pipeline.root / "validated")
    assert pipeline.failed() == {} and table.read_bytes() == before


def test_a_clock_that_is_back_is_told(pipeline):
    now = datetime.now(UTC)
    assert clock_warnings(pipeline.archive, now) == []
    (warning,) = clock_warnings(pipeline.archive, now - timedelta(days=400))
    assert f"{now:%Y-%m-%d}" in warning and "Set the clock" in warning
    assert clock_warnings(Archive(pipeline.root / "empty"), now) == []


def test_discovery_goes_on_where_one_batch_cannot_be_read(sites, pipeline):
    tear_sidecars(pipeline, "002")
    sites.break_with(NOTICE_FILES, status(404))
    found = discover(pipeline.session, pipeline.archive, pipeline.outcomes)
    assert list(found.announcements) == [1, 2, 3]
