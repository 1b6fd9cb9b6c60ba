"""Ingesting: a batch that fails ends in an outcome that says where, and the others go on."""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import orchestration.ingest.pipeline as ingest_module
import orchestration.validation.documents as validated_module
import orchestration.validation.lists as lists_module
from orchestration.ingest.pipeline import discover, ingest_lists
from orchestration.ingest.results import Outcome, Outcomes
from orchestration.runtime.disk import DiskError
from orchestration.validation.gates import Counts, Doubt, Reviews
from orchestration.validation.lists import ValidatedLists
from scrapers.archive.store import Archive
from scrapers.documents import ListTable, read_list
from scrapers.errors import FetchError, NoticeListError
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.replica.facts import load_register
from tests.support.loopback import (
    LoopbackSites,
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

SMALL = load_register().first(3)


class Pipeline:
    """The stores of one data directory, and runs over them."""

    def __init__(self, root: Path, session: PoliteSession) -> None:
        self.root, self.session = root, session
        self.archive, self.outcomes = Archive(root / "raw"), Outcomes(root / "outcomes")

    @property
    def validated(self) -> ValidatedLists:
        return ValidatedLists(self.root / "validated", self.archive, Reviews())

    def run(self, *batch_nos: int) -> dict[int, Outcome]:
        found = ingest_lists(
            self.session, self.archive, self.validated, self.outcomes, batch_nos or (1, 2, 3), "run"
        )
        return {int(attempt.outcome.folder): attempt.outcome for attempt in found}

    def rows_in_use(self) -> dict[int, int]:
        table = self.validated.write_tables().filter("is_current")
        return dict(table.select("batch_no", "rows_accepted").rows())


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
    yield Pipeline(tmp_path, session)
    session.close()


def test_every_batch_comes_through(pipeline):
    outcomes = pipeline.run()
    assert [(o.rows, o.added, o.is_new, o.problem) for o in outcomes.values()] == [
        (41, 41, True, None), (110, 110, True, None), (129, 129, True, None),
    ]  # fmt: skip
    assert pipeline.outcomes.all() == list(outcomes.values())
    assert pipeline.rows_in_use() == {1: 41, 2: 110, 3: 129}


@pytest.mark.parametrize(
    ("fault", "message", "is_transient"),
    [
        (firewall_page(), "challenge page", False),
        (empty_body(), "an empty answer", False),
        (html_instead(), "an HTML page instead of a document", False),
        (corrupt, "a damaged .docx file", False),
        (document_instead(b"\xd0\xcf\x11\xe0"), "an old binary .doc file", False),
        (status(404), "status 404", False),
        (status(403), "status 403", False),
        (status(503), "status 503", True),
        (drop_connection, "no connection", True),
    ],
)
def test_a_fault_is_an_outcome_and_the_others_succeed(
    sites, pipeline, fault, message, is_transient
):
    sites.break_with(sites.attachment_path(2), fault)
    outcomes = pipeline.run()
    failed = outcomes.pop(2)
    assert message in failed.problem and failed.is_transient == is_transient
    assert "batch 002" in failed.problem and sites.cac_url in failed.problem
    assert [outcome.problem for outcome in outcomes.values()] == [None, None]
    assert pipeline.rows_in_use() == {1: 41, 3: 129}


def test_a_fault_leaves_the_last_good_version_in_use(sites, pipeline):
    pipeline.run()
    sites.break_with(sites.attachment_path(2), corrupt)
    assert pipeline.run()[2].problem
    assert pipeline.rows_in_use() == {1: 41, 2: 110, 3: 129}


def test_a_list_that_shrank_is_an_outcome_that_says_how_to_release_it(sites, pipeline):
    pipeline.run()
    sites.register = with_rows(SMALL, 2, SMALL.filings[2][:100])
    problem = pipeline.run()[2].problem
    assert "held back: the list shrank from 110 to 100 rows" in problem
    assert "reviewed_documents.csv" in problem and "downloadfile" in problem
    assert pipeline.rows_in_use()[2] == 110


def test_an_amendment_is_counted_and_an_unchanged_list_is_not(sites, pipeline):
    pipeline.run()
    sites.register = amend(SMALL, 2, SMALL.filings[2][0].filing_number, products="新（APP）")
    outcomes = pipeline.run()
    assert [(o.is_new, o.added, o.amended, o.gone) for o in outcomes.values()] == [
        (False, 0, 0, 0), (True, 0, 1, 0), (False, 0, 0, 0),
    ]  # fmt: skip


def test_where_one_list_of_many_changed_one_list_is_parsed(sites, pipeline, monkeypatch):
    pipeline.run()
    sites.register = amend(SMALL, 2, SMALL.filings[2][0].filing_number, products="新（APP）")
    read = []

    def counting(content: bytes) -> ListTable:
        read.append(len(content))
        return read_list(content)

    monkeypatch.setattr("scrapers.registers.lists.read_list", counting)
    monkeypatch.setattr(lists_module, "read_list", counting)
    assert pipeline.run()[2].amended == 1
    assert len(read) == 1


def test_a_batch_that_is_not_announced_is_left_out(pipeline):
    assert pipeline.run(9) == {}
    assert pipeline.outcomes.all() == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [(status(503), FetchError), (firewall_page(), FetchError), (html_instead(), NoticeListError)],
)
def test_without_the_notice_list_nothing_is_done(sites, pipeline, fault, error):
    sites.break_with(sites.notice_list_path, fault)
    with pytest.raises(error, match="api/notice/list"):
        pipeline.run()
    assert pipeline.outcomes.all() == [] and not (pipeline.root / "raw").exists()


def test_what_the_list_forgets_the_archive_remembers(sites, pipeline):
    pipeline.run()
    sites.register = SMALL.first(2)
    found = discover(pipeline.session, pipeline.archive, pipeline.outcomes)
    assert list(found.announcements) == [1, 2, 3]


def test_after_the_store_was_deleted_batches_outside_of_the_run_are_there_again(sites, pipeline):
    pipeline.run()
    shutil.rmtree(pipeline.root / "validated")
    sites.break_with(sites.attachment_path(3), status(404))
    outcomes = pipeline.run(2, 3)
    assert (outcomes[2].problem, list(outcomes)) == (None, [2, 3])
    assert pipeline.rows_in_use() == {1: 41, 2: 110, 3: 129}


def test_a_new_contract_judges_batches_outside_of_the_run_too(pipeline, monkeypatch):
    pipeline.run()
    monkeypatch.setattr(lists_module, "CONTRACT_VERSION", "next")
    assert pipeline.run(2)[2].problem is None
    assert pipeline.rows_in_use() == {1: 41, 2: 110, 3: 129}


def test_a_batch_outside_of_the_run_that_cannot_be_judged_again_is_an_outcome(pipeline):
    pipeline.run()
    pipeline.archive.latest("001", "list").path.write_bytes(b"")
    shutil.rmtree(pipeline.root / "validated")
    outcomes = pipeline.run(2)
    assert "is not what was archived" in outcomes[1].problem and "001" in outcomes[1].problem
    assert outcomes[2].problem is None
    assert pipeline.rows_in_use() == {2: 110, 3: 129}


def test_a_fault_of_the_program_itself_stops_one_batch_only(pipeline, monkeypatch):
    real = ingest_module.fetch_list

    def fails_for_the_second(session, announcement, *known):
        if announcement.batch_no == 2:
            raise ZeroDivisionError("made up")
        return real(session, announcement, *known)

    monkeypatch.setattr(ingest_module, "fetch_list", fails_for_the_second)
    outcomes = pipeline.run()
    assert outcomes[1].problem is None and outcomes[3].problem is None
    assert all(part in outcomes[2].problem for part in ("made up", "batch 002", "http://127.0.0.1"))


def test_a_full_disk_ends_the_run_and_is_not_blamed_on_a_batch(pipeline, monkeypatch):
    def fetch(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ingest_module, "fetch_list", fetch)
    with pytest.raises(DiskError, match="the disk is full"):
        pipeline.run()


def test_a_batch_outside_of_the_run_that_a_new_contract_holds_back_is_an_outcome(
    pipeline, monkeypatch
):
    pipeline.run()
    monkeypatch.setattr(lists_module, "CONTRACT_VERSION", "next")
    monkeypatch.setattr(validated_module, "find_doubt", _doubt_about_the_second_list)
    outcomes = pipeline.run(3)
    assert set(outcomes) == {2, 3} and outcomes[3].problem is None
    assert "held back: made up [batch 002]" in outcomes[2].problem


def _doubt_about_the_second_list(counts: Counts, *_: object) -> Doubt | None:
    return Doubt("made up", "look") if counts.listed == len(SMALL.filings[2]) else None


def test_a_page_that_cannot_be_read_is_kept(sites, pipeline):
    sites.break_with(sites.page_path(2), html_instead("<html><h1>别的公告</h1></html>"))
    assert "announces no batch" in pipeline.run(2)[2].problem
    (rejected,) = pipeline.archive.versions("002", "rejected")
    assert "别的公告" in pipeline.archive.read(rejected).decode()


def test_a_page_in_an_impossible_encoding_is_an_outcome(sites, pipeline):
    page = b'<html><meta charset="utf-\x02"><h1>\xff</h1></html>'
    sites.break_with(sites.page_path(2), document_instead(page))
    outcomes = pipeline.run()
    assert "cannot be decoded" in outcomes[2].problem and outcomes[3].problem is None
