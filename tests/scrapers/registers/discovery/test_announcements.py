"""Announcements of batches: their pages, precedence, gaps and implausible ordinals."""

from datetime import UTC, date, datetime

import pytest

from scrapers.archive.facts import Facts
from scrapers.archive.store import Archive
from scrapers.errors import NoticeListError
from scrapers.http.responses import Fetched
from scrapers.registers.base import Document
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.registers.discovery.announcements import (
    archived_batches,
    batch_at,
    first_batch,
    gaps_in,
    known_batches,
    plausible_batches,
)
from tests.scrapers.registers.discovery.notice_factories import (
    FIRST_PAGE,
    make_answer,
    make_batch_notice,
    page_url,
    read,
)
from tests.scrapers.registers.scripted import SOURCE, Reply, scripted


@pytest.mark.parametrize("url", [page_url(4) + "#top", page_url(4) + "?x=1", page_url(4) + "l"])
def test_batch_at_accepts_announcement_paths(url):
    assert batch_at(4, url).published_on == date(2025, 3, 1)


@pytest.mark.parametrize(
    "url", [page_url(4) + "/x", page_url(4) + "l1", page_url(4).replace("cac.test/", "cac.test/x/")]
)
def test_batch_at_refuses_other_paths(url):
    with pytest.raises(NoticeListError, match="is not the URL of an announcement page"):
        batch_at(4, url)


def store_list(archive: Archive, key: str, page: str, day: int) -> None:
    at = datetime(2025, 5, day, tzinfo=UTC)
    archive.store(
        key,
        "list",
        Fetched(page, page, key.encode(), {}, at),
        suffix="docx",
        media_type="application/zip",
        facts=Facts(page_url=page, published_on=date(2025, 3, 1)),
    )


@pytest.mark.parametrize(("archived", "alarms"), [("030", 0), ("003", 1)])
def test_archived_ordinals_decide_which_listed_ones_are_plausible(archive, archived, alarms):
    store_list(archive, archived, page_url(9), 3)
    listed = (
        make_batch_notice("第二批", page_url(2)),
        make_batch_notice("第三十一批", page_url(31)),
    )
    session, _, _ = scripted(Reply(body=make_answer(*listed)))
    found = DEEP_SYNTHESIS.discover(session, DEEP_SYNTHESIS.archived(archive))
    assert ("031" in found.documents, len(found.alarms)) == (not alarms, alarms)


@pytest.mark.parametrize(
    ("days", "superseded"), [((1, 2), "021"), ((2, 1), "019")], ids=["corrected", "archived late"]
)
def test_batch_is_superseded_by_a_later_one_with_the_same_page(archive, days, superseded):
    store_list(archive, "020", page_url(20), 3)
    for key, day in zip(("021", "019"), days, strict=True):
        store_list(archive, key, page_url(7), day)
    archived = DEEP_SYNTHESIS.archived(archive)
    assert DEEP_SYNTHESIS.superseded(archived) == {superseded}
    kept = {"019", "020", "021"} - {superseded}
    assert {batch.key for batch in archived_batches(archived, SOURCE)} == kept


def test_known_batches_prefers_list_then_archive():
    archived = [batch_at(number, page_url(number)) for number in (1, 2, 3)]
    notices = read(
        make_batch_notice("第三批", page_url(3, day=9)), make_batch_notice("第五批", page_url(5))
    )
    found = known_batches(notices.batches, archived, SOURCE)
    assert {number: item.page_urls for number, item in found.items()} == {
        1: (page_url(1),), 2: (page_url(2),), 3: (page_url(3, day=9),), 5: (page_url(5),),
    }  # fmt: skip
    assert list(found) == [1, 2, 3, 5]


def test_known_batches_includes_first_batch():
    notices = read(make_batch_notice("第二批", page_url(2)))
    assert known_batches(notices.batches, [], SOURCE)[1] == first_batch(SOURCE)
    assert first_batch(SOURCE) == Document("001", date(2023, 6, 20), page_urls=(FIRST_PAGE,))


@pytest.mark.parametrize(
    ("present", "gaps"),
    [
        ([], []),
        ([1], []),
        ([3], ["001 to 002"]),
        ([5, 1, 2], ["003 to 004"]),
        ([2, 1], []),
        ([2, 4, 900], ["001", "003", "005 to 899"]),
    ],
)
def test_gaps_are_ranges_below_highest_ordinal(present, gaps):
    assert gaps_in(present) == gaps


@pytest.mark.parametrize(
    ("ordinals", "held", "taken"),
    [
        (["二", "三"], [], [2, 3]),
        (["三十", "三十一"], [], [30, 31]),
        (["二", "二十三"], [], [2]),
        (["二", "二十二"], [], [2, 22]),
        (["十九", "三十九", "五十八"], [], [19, 39, 58]),
        (["十九", "一百"], [1, 18], [19]),
        (["三十八"], [1, 18], [38]),
        (["三十九"], [1, 18], []),
    ],
)
def test_implausible_ordinals_are_problems(ordinals, held, taken):
    notices = (
        make_batch_notice(f"第{ordinal}批", page_url(n)) for n, ordinal in enumerate(ordinals)
    )
    listed = read(*notices).batches
    kept, problems = plausible_batches(listed, held)
    assert list(kept) == taken
    refused = {f"batch {number:03d}" for number in listed if number not in taken}
    assert {problem.document for problem in problems} == refused
    highest = max([*taken, *held])
    assert all(f"the highest known, {highest}" in str(problem) for problem in problems)


def test_known_batches_drops_corrected_ordinal():
    listed = read(make_batch_notice("第四批", page_url(7)))
    archived = [batch_at(21, page_url(7)), batch_at(3, page_url(3))]
    assert list(known_batches(listed.batches, archived, SOURCE)) == [1, 3, 4]
