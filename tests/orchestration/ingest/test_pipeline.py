"""The pipeline of lists: a failed batch has a result with the error, and does not stop others."""

import errno
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace

import pytest

import orchestration.ingest.pipeline as pipeline_module
from orchestration.ingest.pipeline import ingest
from orchestration.ingest.results import IngestResult
from orchestration.runtime.disk import DiskError
from orchestration.settings import Settings
from orchestration.validation.gates import Counts, FailedGate
from scrapers.documents import DocumentTable, TableLayout, read_document
from scrapers.errors import FetchError
from scrapers.registers import DEEP_SYNTHESIS
from scrapers.registers.base import Discovery
from scrapers.replica.facts import load_register
from tests.support.loopback import (
    amend,
    corrupt,
    document_instead,
    drop_connection,
    empty_body,
    firewall_page,
    html_instead,
    status,
    with_rows,
)
from tests.support.pipelines import Pipeline

SMALL = load_register().first(3)
BATCHES = ("001", "002", "003")


def run(pipeline: Pipeline, *keys: str) -> dict[str, IngestResult]:
    return pipeline.run(DEEP_SYNTHESIS, *(keys or BATCHES))


def test_all_batches_are_ingested(pipeline):
    results = run(pipeline)
    assert [(r.rows, r.added, r.is_new, r.problem) for r in results.values()] == [
        (41, 41, True, None), (110, 110, True, None), (129, 129, True, None),
    ]  # fmt: skip
    assert pipeline.results.all() == list(results.values())
    assert pipeline.rows_in_use() == {1: 41, 2: 110, 3: 129}


@pytest.mark.parametrize(
    ("fault", "message", "is_transient"),
    [
        (firewall_page(), "challenge page", False),
        (empty_body(), "empty response", False),
        (html_instead(), "an HTML page instead of a document", False),
        (corrupt, "a damaged .docx file", False),
        (document_instead(b"\xd0\xcf\x11\xe0"), "an old binary .doc file", False),
        (status(404), "status 404", False),
        (status(403), "status 403", False),
        (status(503), "status 503", True),
        (drop_connection, "no connection", True),
    ],
)
def test_fault_fails_one_batch_and_others_succeed(sites, pipeline, fault, message, is_transient):
    sites.break_with(sites.attachment_path(2), fault)
    results = run(pipeline)
    failed = results.pop("002")
    assert message in failed.problem and failed.is_transient == is_transient
    assert "batch 002" in failed.problem and sites.cac_url in failed.problem
    assert [result.problem for result in results.values()] == [None, None]
    assert pipeline.rows_in_use() == {1: 41, 3: 129}


def test_fault_keeps_last_accepted_version_in_use(sites, ingested):
    sites.break_with(sites.attachment_path(2), corrupt)
    assert run(ingested)["002"].problem
    assert ingested.rows_in_use() == {1: 41, 2: 110, 3: 129}


def test_result_of_held_back_list_says_how_to_approve_it(sites, ingested):
    sites.register = with_rows(SMALL, 2, SMALL.filings[2][:100])
    problem = run(ingested)["002"].problem
    assert "held back: the list shrank from 110 to 100 rows" in problem
    assert "reviewed_documents.csv" in problem and "downloadfile" in problem
    assert ingested.rows_in_use()[2] == 110


def test_amendment_is_counted_and_unchanged_list_is_not_new(sites, ingested):
    sites.register = amend(SMALL, 2, SMALL.filings[2][0].filing_number, products="新（APP）")
    results = run(ingested)
    assert [(r.is_new, r.added, r.amended, r.gone) for r in results.values()] == [
        (False, 0, 0, 0), (True, 0, 1, 0), (False, 0, 0, 0),
    ]  # fmt: skip


def test_only_the_changed_list_is_parsed(sites, ingested, monkeypatch):
    sites.register = amend(SMALL, 2, SMALL.filings[2][0].filing_number, products="新（APP）")
    read = []

    def counting(content: bytes, layouts: Sequence[TableLayout]) -> DocumentTable:
        read.append(len(content))
        return read_document(content, layouts)

    monkeypatch.setattr("scrapers.registers.fetching.read_document", counting)
    monkeypatch.setattr("orchestration.validation.validator.read_document", counting)
    assert run(ingested)["002"].amended == 1
    assert len(read) == 1


def test_batch_that_is_not_announced_is_skipped(pipeline):
    assert run(pipeline, "009") == {}
    assert pipeline.results.all() == []


UNREADABLE = [
    (status(503), "status 503", True),
    (firewall_page(), "challenge page", False),
    (html_instead(), "is not JSON", False),
]


@pytest.mark.parametrize(("fault", "message", "is_transient"), UNREADABLE)
def test_unreadable_notice_list_is_the_only_result_of_a_first_run(
    sites, pipeline, fault, message, is_transient
):
    sites.break_with(sites.notice_list_path, fault)
    (failed,) = run(pipeline).values()
    assert message in failed.problem and "api/notice/list" in failed.problem
    assert (failed.folder, failed.is_transient) == ("deep_synthesis", is_transient)
    assert failed.discovery_of == DEEP_SYNTHESIS.title.en
    (recorded,) = pipeline.results.all()
    assert recorded.problem == failed.problem and not pipeline.data.raw.exists()
    assert pipeline.table("list_versions").is_empty()


@pytest.mark.parametrize("fault", [fault for fault, *_ in UNREADABLE])
def test_archived_documents_stay_in_use_without_a_notice_list(sites, ingested, fault):
    shutil.rmtree(ingested.data.validated)
    sites.break_with(sites.notice_list_path, fault)
    assert list(ingested.problems()) == ["deep_synthesis", "cancellation_notices"]
    assert ingested.rows_in_use() == {1: 41, 2: 110, 3: 129}
    assert ingested.table("cancellations").height == 57
    sites.heal()
    assert ingested.problems() == {}
    assert ingested.results.of_discovery(DEEP_SYNTHESIS) is None


def test_successful_discovery_removes_the_record_of_a_failed_one(sites, ingested):
    sites.break_with(sites.notice_list_path, status(503))
    run(ingested)
    with pytest.raises(FetchError):
        ingested.discover(DEEP_SYNTHESIS)
    assert ingested.results.of_discovery(DEEP_SYNTHESIS) is not None
    sites.heal()
    ingested.discover(DEEP_SYNTHESIS)
    assert ingested.results.of_discovery(DEEP_SYNTHESIS) is None
    assert ingested.results.of("001") is not None


def test_document_without_an_accepted_version_is_reported_without_a_notice_list(sites, ingested):
    ingested.archive.latest("001", "list").path.write_bytes(b"")
    shutil.rmtree(ingested.data.validated)
    sites.break_with(sites.notice_list_path, firewall_page())
    results = run(ingested)
    assert list(results) == ["deep_synthesis", "001"]
    assert "has changed since" in results["001"].problem


def test_unexpected_error_in_a_discovery_is_a_problem_of_its_register(ingested):
    def discover(*_: object) -> Discovery:
        raise ZeroDivisionError("made up")

    results = ingested.run(replace(DEEP_SYNTHESIS, discover=discover))
    (failed,) = results.values()
    assert "made up" in failed.problem and "please report it" in failed.problem
    assert ingested.rows_in_use() == {1: 41, 2: 110, 3: 129}


def test_full_disk_in_a_discovery_stops_the_run(ingested):
    def discover(*_: object) -> Discovery:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(DiskError, match="the disk is full"):
        ingested.run(replace(DEEP_SYNTHESIS, discover=discover))


def test_source_is_not_asked_if_no_document_is_wanted(sites, ingested):
    sites.log.clear()
    store = ingested.store(DEEP_SYNTHESIS)
    assert list(ingest(ingested.session, store, ingested.results, [], "run")) == []
    assert list(sites.log) == []


def test_discovery_includes_archived_batches_missing_from_notice_list(sites, ingested):
    sites.register = SMALL.first(2)
    assert tuple(ingested.discover(DEEP_SYNTHESIS).documents) == BATCHES


def test_deleted_store_is_rebuilt_for_batches_outside_the_run(sites, ingested):
    shutil.rmtree(ingested.data.validated)
    sites.break_with(sites.attachment_path(3), status(404))
    results = run(ingested, "002", "003")
    assert (results["002"].problem, list(results)) == (None, ["002", "003"])
    assert ingested.rows_in_use() == {1: 41, 2: 110, 3: 129}


def test_new_contract_validates_batches_outside_the_run(ingested):
    ingested.under_contract(DEEP_SYNTHESIS, "next")
    assert run(ingested, "002")["002"].problem is None
    assert ingested.rows_in_use() == {1: 41, 2: 110, 3: 129}


def test_damaged_batch_outside_the_run_fails_on_rebuild(ingested):
    ingested.archive.latest("001", "list").path.write_bytes(b"")
    shutil.rmtree(ingested.data.validated)
    results = run(ingested, "002")
    assert "has changed since" in results["001"].problem and "001" in results["001"].problem
    assert results["002"].problem is None
    assert ingested.rows_in_use() == {2: 110, 3: 129}


def test_damaged_batch_in_the_run_has_one_result(ingested):
    ingested.archive.latest("002", "list").path.write_bytes(b"")
    shutil.rmtree(ingested.data.validated)
    store = ingested.store(DEEP_SYNTHESIS)
    items = list(ingest(ingested.session, store, ingested.results, ["002"], "run"))
    assert [(item.result.folder, item.result.problem) for item in items] == [("002", None)]


def test_unexpected_error_fails_one_batch_only(pipeline, monkeypatch):
    real = pipeline_module.fetch_document

    def fails_for_the_second(session, register, document, *known):
        if document.key == "002":
            raise ZeroDivisionError("made up")
        return real(session, register, document, *known)

    monkeypatch.setattr(pipeline_module, "fetch_document", fails_for_the_second)
    results = run(pipeline)
    assert results["001"].problem is None and results["003"].problem is None
    assert all(
        part in results["002"].problem for part in ("made up", "batch 002", "http://127.0.0.1")
    )


def test_full_disk_stops_the_run(pipeline, monkeypatch):
    def fetch(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pipeline_module, "fetch_document", fetch)
    with pytest.raises(DiskError, match="the disk is full"):
        run(pipeline)


def test_batch_outside_the_run_fails_if_held_back_under_new_contract(ingested, monkeypatch):
    ingested.under_contract(DEEP_SYNTHESIS, "next")
    monkeypatch.setattr("orchestration.validation.validator.failed_gate", _second_list_fails)
    results = run(ingested, "003")
    assert set(results) == {"002", "003"} and results["003"].problem is None
    assert "held back: made up [batch 002]" in results["002"].problem


def _second_list_fails(counts: Counts, *_: object) -> FailedGate | None:
    return FailedGate("made up", "look") if counts.listed == len(SMALL.filings[2]) else None


def test_unreadable_page_is_archived_as_rejected(sites, pipeline):
    sites.break_with(sites.page_path(2), html_instead("<html><h1>别的公告</h1></html>"))
    assert "announces no batch" in run(pipeline, "002")["002"].problem
    (rejected,) = pipeline.archive.versions("002", "rejected")
    assert "别的公告" in pipeline.archive.read(rejected).decode()


def test_page_with_invalid_encoding_fails_its_batch_only(sites, pipeline):
    page = b'<html><meta charset="utf-\x02"><h1>\xff</h1></html>'
    sites.break_with(sites.page_path(2), document_instead(page))
    results = run(pipeline)
    assert "cannot be decoded" in results["002"].problem and results["003"].problem is None


def test_each_version_of_a_list_has_the_source_it_was_fetched_from(pipeline, sites):
    replica = Settings.from_environment({"FILINGS_REPLICA_BATCHES": "3"}).open_session()
    live, pipeline.session = pipeline.session, replica
    run(pipeline, "002")
    sites.register = amend(SMALL, 2, SMALL.filings[2][0].filing_number, products="新（APP）")
    pipeline.session = live
    run(pipeline, "002")
    versions = pipeline.table("list_versions").sort("version_no")
    assert versions["fetched_from"].to_list() == ["replica", "live"]
