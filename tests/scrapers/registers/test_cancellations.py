"""Cancellation notices: known by the notice list or the archive, read from their ruled tables."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scrapers.archive.store import Archive
from scrapers.documents import read_cancellations
from scrapers.errors import DocumentError, FilingsError, TransientFetchError
from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers.cancellations import fetch_cancellation, known_cancellations, notice_folder
from scrapers.registers.discovery.notice_list import CancellationNotice, fetch_notices
from scrapers.replica.facts import CancellationFact, load_register
from scrapers.replica.wording import printed_number
from tests.scrapers.registers.scripted import Naps
from tests.support.docx_making import docx, row, table
from tests.support.loopback import (
    LoopbackSites,
    corrupt,
    document_instead,
    empty_body,
    firewall_page,
    html_instead,
    status,
)

REGISTER = load_register().first(2)
HEADINGS = ("序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "注销时间")
FILES = "/api/file/fileDownLoad"


@pytest.fixture(scope="module")
def running() -> Iterator[LoopbackSites]:
    with LoopbackSites(REGISTER) as sites:
        yield sites


@pytest.fixture
def sites(running: LoopbackSites) -> LoopbackSites:
    running.register = REGISTER
    running.heal()
    return running


@pytest.fixture
def session(sites: LoopbackSites) -> Iterator[PoliteSession]:
    source = Source(sites.cac_url, sites.beian_url)
    session = PoliteSession(source, requests_per_second=0, sleep=Naps())
    yield session
    session.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def known(session: PoliteSession, archive: Archive) -> list[CancellationNotice]:
    return known_cancellations(fetch_notices(session), archive, session.source)


def records(notice_id: str) -> list[CancellationFact]:
    return [fact for fact in REGISTER.cancellations if fact.notice_id == notice_id]


def test_every_notice_gives_back_its_records(session, archive):
    notices = known(session, archive)
    assert len(notices) == 7
    for notice in notices:
        archived = fetch_cancellation(session, notice, archive)
        assert archived.is_new and archived.table
        assert [
            (r.position, r.algorithm_name, r.role, r.entity_name, r.products, r.filing_number,
             r.cancelled_month)
            for r in archived.table.rows
        ] == [
            (str(n), f.algorithm_name, f.role, f.entity_name, f.products,
             printed_number(f.filing_number), f.cancelled_month)
            for n, f in enumerate(records(notice.notice_id), 1)
        ]  # fmt: skip


def test_notices_come_oldest_first(session, archive):
    days = [notice.published_on for notice in known(session, archive)]
    assert days == sorted(days) and len(set(days)) == 7


def test_the_same_file_again_is_no_new_version(session, archive):
    notice = known(session, archive)[1]
    assert fetch_cancellation(session, notice, archive).is_new
    again = fetch_cancellation(session, notice, archive)
    assert not again.is_new and again.table is None
    assert len(archive.versions(notice_folder(notice.notice_id), "cancellation")) == 1


def test_what_the_list_forgets_the_archive_remembers(sites, session, archive):
    before = known(session, archive)
    for notice in before[:2]:
        fetch_cancellation(session, notice, archive)
    sites.register = replace(REGISTER, cancellations=tuple(records(before[5].notice_id)))
    assert known(session, archive) == [before[0], before[1], before[5]]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (firewall_page(), "challenge page"),
        (empty_body(), "an empty answer"),
        (html_instead(), "an HTML page instead of a document"),
        (corrupt, "pdf"),
        (document_instead(b"%PDF-1.4 nothing"), "damaged or protected .pdf"),
        (status(404), "status 404"),
    ],
)
def test_a_fault_names_the_address_and_archives_no_notice(sites, session, archive, fault, message):
    notice = known(session, archive)[0]
    sites.break_with(FILES, fault)
    with pytest.raises(FilingsError) as caught:
        fetch_cancellation(session, notice, archive)
    assert message in str(caught.value) and notice.file_url in str(caught.value)
    assert archive.versions(notice_folder(notice.notice_id), "cancellation") == []


def test_a_busy_server_is_a_passing_fault(sites, session, archive):
    sites.break_with(FILES, status(503))
    with pytest.raises(TransientFetchError):
        fetch_cancellation(session, known(session, archive)[0], archive)


def test_a_file_that_cannot_be_read_is_kept(sites, session, archive):
    notice = known(session, archive)[0]
    sites.break_with(FILES, document_instead(b"%PDF-1.4 nothing"))
    with pytest.raises(DocumentError):
        fetch_cancellation(session, notice, archive)
    (rejected,) = archive.versions(notice_folder(notice.notice_id), "rejected")
    assert archive.read(rejected) == b"%PDF-1.4 nothing"
    assert rejected.facts["title"] == notice.title


@pytest.mark.parametrize("notice_id", ["..", "../../etc", "a/b", ".", "n\\m", "notice_1"])
def test_no_id_leads_out_of_the_folder_of_notices(tmp_path, notice_id):
    root = tmp_path / "raw"
    path = (root / notice_folder(notice_id)).resolve()
    assert path.parent == (root / "cancellations").resolve()


def test_a_word_broken_over_lines_is_whole_again():
    cells = (
        "1",
        "甲\n算法",
        "服务提供\n者",
        "公司",
        "--",
        "用途",
        printed_number("1" * 21),
        "2025年\n7月",
    )
    (record,) = read_cancellations(docx(table(row(*HEADINGS), row(*cells)))).rows
    assert (record.algorithm_name, record.role) == ("甲算法", "服务提供者")
    assert record.cancelled_month == "2025年7月"


def test_a_list_is_no_cancellation_notice():
    with pytest.raises(DocumentError, match="unknown heading 备注"):
        read_cancellations(docx(table(row(*HEADINGS[:-1], "备注"), row(*["x"] * 8))))
