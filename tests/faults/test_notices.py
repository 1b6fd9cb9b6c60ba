"""Cancellation notices that contradict their titles, and malformed notice lists."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scrapers.registers import CANCELLATION_NOTICES
from scrapers.replica.facts import CancellationFact, load_register
from scrapers.replica.pdf import cancellation_pdf
from tests.faults.source import (
    FIVE,
    NOTICES,
    THREE,
    TITLED_FIVE,
    Act,
    Entry,
    announces,
    healthy,
    lists_notices,
    records_of,
    retitled,
    serves_notice,
    together,
    with_notice,
)
from tests.faults.table import Case, assert_heals, by_name
from tests.support.loopback import LoopbackSites, document_instead

NEW, NEW_FOLDER = "notice_new", CANCELLATION_NOTICES.folder("notice_new")
MORE = [record for record in load_register().cancellations if record.notice_id not in NOTICES]
FIRST = MORE[0].algorithm_name
LONE_SURROGATE = "\ud800"
BATCH_TITLE = f"关于发布第四批深度合成服务算法备案信息的公告{LONE_SURROGATE}"


def new_notice(titled: str, records: Sequence[CancellationFact]) -> Act:
    title = f"关于注销“{FIRST}”{titled}算法备案编号的公告"
    return announces(with_notice(NEW, title, records))


def same_file(notice_id: str) -> Act:
    """Lists a new notice, but serves the file of another one for it."""
    content = cancellation_pdf(records_of(notice_id), {})

    def act(sites: LoopbackSites) -> None:
        new_notice("等", MORE[:3])(sites)
        path = f"/api/file/fileDownLoad?noticeId={NEW}"
        sites.break_with(path, document_instead(content))

    return act


def held_back(name: str, source: Act, *told: str, healed: Act = healthy) -> Case:
    return Case(name, source, ("held back", *told), {NEW_FOLDER}, healed)


CASES = [
    held_back(
        "the title counts 5 and the file has 3 records",
        new_notice("等5个", MORE[:3]),
        "5",
        healed=new_notice("等5个", MORE[:5]),
    ),
    held_back(
        "the title counts 3 and the file has 5 records",
        new_notice("等3个", MORE[:5]),
        "3",
        healed=new_notice("等3个", MORE[:3]),
    ),
    held_back(
        "the title names an algorithm that is not in the file",
        new_notice("等", MORE[3:6]),
        healed=new_notice("等", MORE[:3]),
    ),
    held_back(
        "one file is behind two notices", same_file(THREE), healed=new_notice("等", MORE[:3])
    ),
    Case(
        "a known notice has the file of another one",
        serves_notice(FIVE, records_of(TITLED_FIVE)),
        ["held back"],
        {CANCELLATION_NOTICES.folder(FIVE)},
    ),
    Case(
        "a known notice loses a record",
        serves_notice(THREE, records_of(THREE)[:2]),
        ["held back"],
        {CANCELLATION_NOTICES.folder(THREE)},
    ),
    Case(
        "all records of a known notice are other filings",
        serves_notice(FIVE, MORE[:5]),
        ["held back"],
        {CANCELLATION_NOTICES.folder(FIVE)},
    ),
]


@by_name(CASES)
def test_notice_that_contradicts_its_title_changes_nothing(case, nights, undisturbed):
    assert_heals(case, nights, undisturbed(case.healed))


def test_record_with_a_month_after_the_notice_is_quarantined(nights):
    late = replace(MORE[1], cancelled_month="2099年1月")
    act = new_notice("等3个", [MORE[0], late, MORE[2]])
    seen = nights.pass_over(act)
    assert seen.failed == {} and len(seen.accepted[NEW_FOLDER]) == 2
    store = nights.store(CANCELLATION_NOTICES)
    (result,) = store.results(NEW_FOLDER)
    quarantine = store.quarantine(result)
    assert result.rows_quarantined == 1
    assert late.filing_number in "".join(map(str, quarantine.rows()))


def also(**fields: str) -> Act:
    """Adds an entry to the notice list."""
    usual = {
        "noticeId": "notice_made_up",
        "type": "3",
        "title": "关于注销“某某算法”等算法备案编号的公告",
        "content": "https://example.test/",
        "createTime": "2026-08-01 10:00:00",
    }
    return lists_notices(lambda entries: [*entries, usual | fields])


@pytest.mark.parametrize(
    "act",
    [
        also(title=BATCH_TITLE),
        also(title=f"关于注销“{LONE_SURROGATE}算法”等算法备案编号的公告"),
        also(noticeId=f"notice_{LONE_SURROGATE}"),
        also(title=BATCH_TITLE, content=f"/2026-08/03/c_1{LONE_SURROGATE}.htm"),
        also(createTime=LONE_SURROGATE),
        retitled(THREE, f"关于注销“{LONE_SURROGATE}”等3个算法备案编号的公告"),
        together(announces(with_notice(NEW, "关于注销“甲算法”的公告", MORE[:1])),
                 retitled(NEW, f"关于注销“{FIRST}{LONE_SURROGATE}”的公告")),
    ],
    ids=["batch", "notice", "id", "address", "time", "known notice", "new notice"],
)  # fmt: skip
def test_lone_surrogate_in_the_notice_list_is_reported_and_leaves_no_file(act, nights, undisturbed):
    before = nights.pass_over(healthy)
    during = nights.pass_over(act)
    assert during.accepted == undisturbed(healthy) and "" not in during.failed
    assert len(during.told) > len(before.told)
    assert unnamed_files(nights.data_dir / "raw") == []
    after = nights.pass_over(healthy)
    assert after.failed == {} and after.accepted == undisturbed(healthy)


def unnamed_files(raw: Path) -> list[str]:
    """The files of the archive that are in no sidecar."""
    named = "".join(path.read_text() for path in raw.rglob("datapackage.json"))
    files = (path for path in raw.rglob("*") if path.is_file() and path.suffix != ".json")
    return [path.name for path in files if path.name not in named]


def unreadable(count: int = 1) -> list[Entry]:
    """Announcements whose batch number cannot be read."""
    title = "关于发布第X批深度合成服务算法备案信息的公告"
    return [
        {"noticeId": f"n{n}", "type": "3", "title": title, "content": "x" * 200, "createTime": "?"}
        for n in range(count)
    ]


LONG_TITLE = unreadable()[0]["title"] * 10_000


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: [*entries, *unreadable(3_000)],
        lambda entries: [
            *entries,
            unreadable(1)[0] | {"title": unreadable(1)[0]["title"] * 10_000},
        ],
        lambda entries: [*entries, unreadable(1)[0] | {"noticeId": "n" * 200_000}],
    ],
    ids=["3,000 of them", "a title of 200,000 characters", "an id of 200,000 characters"],
)
def test_messages_about_unreadable_notices_are_bounded(
    change: Callable[[list[Entry]], list[Entry]], nights, undisturbed
):
    during = nights.pass_over(lists_notices(change))
    assert during.accepted == undisturbed(healthy) and during.failed == {}
    assert "notice" in during.told
    # A screen of lines with a few hundred characters each; every message is stored twice.
    assert len(during.told) < 60_000 and len(during.told.splitlines()) < 200
