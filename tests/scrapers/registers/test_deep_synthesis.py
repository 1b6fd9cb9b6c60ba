"""Deep-synthesis batches: discovered on the notice list and in the archive."""

import json
from dataclasses import replace

from scrapers.http.addresses import Source
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Discovery
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.registers.discovery.announcements import archived_batches, known_batches
from scrapers.registers.fetching import keep_snapshot
from scrapers.replica.site import Answer
from tests.scrapers.registers.fetches import BATCH, SMALL, announcement, fetch_list
from tests.scrapers.registers.scripted import Naps
from tests.support.loopback import LoopbackSites, status, with_second_address


def discover(session: PoliteSession) -> Discovery:
    return DEEP_SYNTHESIS.discover(session, {})


def test_archived_batch_equals_announcement(session, archive):
    found = announcement(session)
    fetch_list(session, found, archive)
    assert archived_batches(DEEP_SYNTHESIS.archived(archive), session.source) == [found]


def test_missing_list_of_unlisted_batch_is_reported(sites, session, archive):
    first = fetch_list(session, announcement(session), archive)
    (found,) = archived_batches(DEEP_SYNTHESIS.archived(archive), session.source)
    sites.break_with(sites.page_path(BATCH), status(404))
    again = fetch_list(session, found, archive)
    assert (again.version, again.is_new) == (first.version, False)
    assert again.gone and "status 404" in again.gone


def test_batch_only_in_archive_is_discovered(sites, session, archive):
    fetch_list(session, announcement(session), archive)
    sites.break_with(sites.notice_list_path, _of_batch_four_instead)
    found = DEEP_SYNTHESIS.discover(session, DEEP_SYNTHESIS.archived(archive))
    assert list(found.documents) == ["001", "002", "004"]
    assert found.gaps == ("batch 003",) and found.alarms == ()


def _of_batch_four_instead(answer: Answer) -> Answer:
    listed = json.loads(answer.body)
    for notice in listed["datas"]:
        if "第二批" in notice["title"]:
            notice["title"] = notice["title"].replace("第二批", "第四批")
            notice["content"] = notice["content"].replace("/c_1", "/c_4")
    return replace(answer, body=json.dumps(listed).encode())


def test_alarms_are_problems_then_overlooked_notices(sites, session):
    sites.break_with(sites.notice_list_path, _with_a_new_sort_of_notice)
    sites.break_with(sites.notice_list_path, _with_a_batch_far_ahead)
    found = discover(session)
    (problem,), (unrecognised,) = found.problems, found.unrecognised
    assert "batch 100" in str(problem) and "深度合成服务名录" in str(unrecognised)
    assert found.alarms == (problem, unrecognised)
    assert list(found.documents) == ["001", "002"]


def _with_a_batch_far_ahead(answer: Answer) -> Answer:
    listed = json.loads(answer.body)
    (second,) = (item for item in listed["datas"] if "第二批" in item["title"])
    listed["datas"].append(second | {"title": second["title"].replace("第二批", "第一百批")})
    return replace(answer, body=json.dumps(listed).encode())


def test_archived_pages_are_fetched_from_configured_base_url(session, archive):
    for batch_no in (1, 2):
        fetch_list(session, discover(session).documents[f"{batch_no:03d}"], archive)
    with LoopbackSites(SMALL) as moved:
        source = Source(moved.cac_url, moved.beian_url)
        elsewhere = PoliteSession(source, requests_per_second=0, sleep=Naps())
        archived = archived_batches(DEEP_SYNTHESIS.archived(archive), source)
        known = known_batches({}, archived, source)
        assert [item.page_urls for item in known.values()] == [
            (moved.cac_url + moved.page_path(batch_no),) for batch_no in (1, 2)
        ]
        for found in known.values():
            assert not fetch_list(elsewhere, found, archive).is_new
        elsewhere.close()


def test_notice_list_is_archived_when_announcements_or_problems_change(sites, session, archive):
    assert keep_snapshot(archive, discover(session).snapshot)
    assert not keep_snapshot(archive, discover(session).snapshot)
    sites.register = with_second_address(SMALL, BATCH)
    assert keep_snapshot(archive, discover(session).snapshot)
    first_notice = SMALL.cancellations[0].notice_id
    others = tuple(fact for fact in SMALL.cancellations if fact.notice_id != first_notice)
    sites.register = replace(sites.register, cancellations=others)
    assert keep_snapshot(archive, discover(session).snapshot)
    sites.break_with(sites.notice_list_path, _with_a_new_sort_of_notice)
    assert keep_snapshot(archive, discover(session).snapshot)
    sites.break_with(sites.notice_list_path, _with_a_batch_without_ordinal)
    assert keep_snapshot(archive, discover(session).snapshot)
    assert not keep_snapshot(archive, discover(session).snapshot)
    assert len(archive.versions("notices", "notices")) == 5


def _with_a_batch_without_ordinal(answer: Answer) -> Answer:
    listed = json.loads(answer.body)
    second, *_ = (item for item in listed["datas"] if "第二批" in item["title"])
    listed["datas"].append(second | {"title": second["title"].replace("第二批", "")})
    return replace(answer, body=json.dumps(listed).encode())


def _with_a_new_sort_of_notice(answer: Answer) -> Answer:
    listed = json.loads(answer.body)
    listed["datas"].append({"noticeId": "n", "title": "深度合成服务名录", "content": "/x"})
    return replace(answer, body=json.dumps(listed).encode())
