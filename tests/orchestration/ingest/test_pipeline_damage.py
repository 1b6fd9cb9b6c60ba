"""Damaged files are repaired if possible, and otherwise affect one document only."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import scrapers.http.responses as answers_module
from orchestration.ingest.results import IngestResult
from orchestration.runtime.clock import clock_warnings
from scrapers.archive.sidecar import COPY, SIDECAR
from scrapers.archive.store import Archive
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from scrapers.replica.facts import load_register
from tests.support.loopback import LoopbackSites, amend, html_instead, status
from tests.support.pipelines import Pipeline

SMALL = load_register().first(3)
NOTICE = SMALL.cancellations[0].notice_id
FOLDERS = {"002": "002", NOTICE: CANCELLATION_NOTICES.folder(NOTICE), "notices": "notices"}
NOTICE_FILES = "/api/file/fileDownLoad"
ALL = ({1: 41, 2: 110, 3: 129}, 57)


@pytest.fixture
def pipeline(ingested: Pipeline) -> Pipeline:
    """A pipeline that has ingested all documents."""
    return ingested


def in_use(pipeline: Pipeline) -> tuple[dict[int, int], int]:
    """The rows of each list, and the number of records of notices, as dbt reads them."""
    return pipeline.rows_in_use(), pipeline.table("cancellations").height


def versions(pipeline: Pipeline, batch_no: int) -> list[tuple[int, bool]]:
    table = pipeline.table("list_versions").filter(batch_no=batch_no)
    return table.select("version_no", "is_current").rows()


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Shifts the clock that dates responses by an offset."""

    def put(offset: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + offset

        monkeypatch.setattr(answers_module, "datetime", Clock)

    return put


def tear_sidecars(pipeline: Pipeline, key: str) -> None:
    for name in (SIDECAR, COPY):
        (pipeline.archive.root / FOLDERS[key] / name).write_bytes(b"{")


def amended(sites: LoopbackSites, products: str) -> None:
    number = SMALL.filings[2][0].filing_number
    sites.register = amend(SMALL, 2, number, products=products)


def test_torn_sidecar_is_restored(pipeline):
    for folder in FOLDERS.values():
        (pipeline.archive.root / folder / SIDECAR).write_bytes(b"")
    assert pipeline.problems() == {} and in_use(pipeline) == ALL


@pytest.mark.parametrize("key", FOLDERS)
def test_unreadable_folder_fails_alone_and_keeps_its_rows(pipeline, key):
    tear_sidecars(pipeline, key)
    assert list(pipeline.problems()) == [key] and in_use(pipeline) == ALL


@pytest.mark.parametrize("key", ["002", NOTICE])
def test_unreadable_folder_keeps_its_rows_if_no_longer_announced(sites, pipeline, key):
    tear_sidecars(pipeline, key)
    others = tuple(fact for fact in SMALL.cancellations if fact.notice_id != NOTICE)
    sites.register = replace(SMALL.first(1), cancellations=others)
    assert list(pipeline.problems("001")) == [key] and in_use(pipeline) == ALL


def test_restored_folder_succeeds_again(sites, pipeline, tmp_path):
    kept = shutil.copytree(pipeline.archive.root / "002", tmp_path / "kept")
    tear_sidecars(pipeline, "002")
    assert "Restore" in pipeline.problems()["002"]
    shutil.copytree(kept, pipeline.archive.root / "002", dirs_exist_ok=True)
    assert pipeline.problems() == {} and in_use(pipeline) == ALL


def test_problem_of_the_notice_list_is_removed_once_it_is_archived(pipeline):
    pipeline.results.record(IngestResult("notices", "earlier", "", problem="damaged"))
    assert pipeline.problems("001") == {}
    assert pipeline.results.of("notices") is None


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"PK"), Path.unlink])
@pytest.mark.parametrize("is_store_deleted", [True, False])
def test_damaged_documents_are_restored_from_the_source(pipeline, damage, is_store_deleted):
    documents = [
        version
        for folder in pipeline.archive.folders()
        for version in pipeline.archive.documents(folder)
        # Pages and the notice list are compared by content, so a new copy may have other bytes.
        if version.role in (DEEP_SYNTHESIS.role, CANCELLATION_NOTICES.role)
    ]
    for version in documents:
        damage(version.path)
    if is_store_deleted:
        shutil.rmtree(pipeline.data.validated)
    assert pipeline.problems() == {} and in_use(pipeline) == ALL
    assert all(pipeline.archive.read(version) for version in documents)


def test_challenge_pages_do_not_accumulate(sites, pipeline):
    for night in range(4):
        page = f"<html><h1>Please wait {night * 7919:x}</h1></html>"
        sites.break_with(sites.page_path(2), html_instead(page))
        pipeline.problems()
    kept = pipeline.archive.versions("002", "rejected")
    assert [version.facts.count for version in kept] == [1, 4]
    assert len(list((pipeline.archive.root / "002").glob("*.bin"))) == 2


@pytest.mark.parametrize("days", [-400, 27_000], ids=["back", "ahead"])
def test_amendment_under_wrong_clock_is_current_until_the_next(sites, pipeline, set_clock, days):
    set_clock(timedelta(days=days))
    amended(sites, "甲（APP）")
    assert pipeline.problems() == {} and versions(pipeline, 2) == [(1, False), (2, True)]
    set_clock(timedelta())
    amended(sites, "乙（APP）")
    assert pipeline.problems() == {}
    assert versions(pipeline, 2) == [(1, False), (2, False), (3, True)]
    # A rebuild from the archive gives the same table.
    table = pipeline.data.validated / "list_versions.parquet"
    before = table.read_bytes()
    shutil.rmtree(pipeline.data.validated)
    assert pipeline.problems() == {} and table.read_bytes() == before


def test_clock_behind_the_archive_warns(pipeline):
    now = datetime.now(UTC)
    assert clock_warnings(pipeline.archive, now) == []
    assert clock_warnings(pipeline.archive, pipeline.archive.newest()) == []
    (warning,) = clock_warnings(pipeline.archive, now - timedelta(days=400))
    assert f"{now:%Y-%m-%d}" in warning and "Set the clock" in warning
    assert clock_warnings(Archive(pipeline.data.root / "empty"), now) == []


def test_discovery_continues_with_unreadable_batch(sites, pipeline):
    tear_sidecars(pipeline, "002")
    sites.break_with(NOTICE_FILES, status(404))
    assert list(pipeline.discover(DEEP_SYNTHESIS).documents) == ["001", "002", "003"]
