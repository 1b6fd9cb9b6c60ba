"""The notice list: which batches it announces; an unreadable one is never "nothing new"."""

import json
from datetime import date
from itertools import permutations

import pytest

from scrapers.errors import FirewallError, NoticeListError, RefusedAddressError
from scrapers.registers.discovery.notice_list import (
    Announcement,
    NoticeList,
    announced,
    announcement_at,
    fetch_notices,
    first_batch,
    gaps_in,
    read_notices,
    titled_count,
    within_reach,
)
from tests.scrapers.registers.scripted import SOURCE, Reply, scripted

FIRST_PAGE = "https://cac.test/2023-06/20/c_1688910683316256.htm"
Notice = dict[str, object]


def page(batch_no: int, day: int = 1) -> str:
    return f"https://cac.test/2025-03/{day:02d}/c_{batch_no:016d}.htm"


def batch_notice(ordinal: str, url: str, **changes: object) -> Notice:
    title = f"国家互联网信息办公室关于发布{ordinal}深度合成服务算法备案信息的公告"
    return {"noticeId": "n1", "type": "3", "title": title, "content": url} | changes


def cancellation(notice_id: str = "a/b c", **changes: str) -> Notice:
    return {
        "noticeId": notice_id,
        "type": "2",
        "title": "关于注销算法备案的公告",
        "createTime": "2025-07-01 10:00:00",
        "content": "/gone.pdf",
    } | changes


def answer(*notices: Notice, errno: object = 0, **more: object) -> bytes:
    return json.dumps({"errno": errno, "errmsg": "", "datas": notices} | more).encode()


def read(*notices: Notice) -> NoticeList:
    return read_notices(answer(*notices), SOURCE)


@pytest.mark.parametrize(
    ("ordinal", "batch_no"),
    [
        ("第二批", 2), ("第十批", 10), ("第十一批", 11), ("第十八批", 18), ("第二十批", 20),
        ("第二十一批", 21), ("第一百零三批", 103), ("第 12 批", 12), ("第１３批", 13),
    ],
)  # fmt: skip
def test_ordinals_are_read_in_words_and_digits(ordinal, batch_no):
    assert list(read(batch_notice(ordinal, page(2))).announcements) == [batch_no]


@pytest.mark.parametrize(
    ("title", "cancellations"),
    [
        ("关于注销“甲算法”等3个算法备案编号的公告", 1),
        ("关于算法备案注销的公告", 1),
        ("注销备案编号名单", 1),
        ("算法备案变更、注销操作手册", 0),
        ("关于公布算法备案流程的公告", 0),
    ],
)
def test_a_notice_that_cancels_is_told_from_a_manual_of_cancelling(title, cancellations):
    notices = read(batch_notice("第二批", page(2)), cancellation(title=title))
    assert (len(notices.cancellations), notices.other_notices) == (cancellations, 1 - cancellations)


def test_the_address_tells_the_date_of_publication():
    (found,) = read(batch_notice("第七批", page(7, day=28))).announcements.values()
    assert found == Announcement(7, page(7, day=28), date(2025, 3, 28))


def test_batch_one_goes_without_an_ordinal_but_only_on_its_own_page():
    assert list(read(batch_notice("", FIRST_PAGE)).announcements) == [1]
    with pytest.raises(NoticeListError, match="names no batch ordinal"):
        read(batch_notice("", page(1)))


def test_two_addresses_of_one_batch_are_one_batch_whatever_their_order():
    notices = [batch_notice("第十六批", page(16, day)) for day in (3, 1, 2)]
    found = {read(*order).announcements[16] for order in permutations(notices)}
    (only,) = found
    assert only.page_urls == (page(16, 1), page(16, 2), page(16, 3))
    assert only.announced_on == date(2025, 3, 1)


def test_the_same_notice_twice_is_one_address():
    notice = batch_notice("第三批", page(3))
    assert read(notice, notice).announcements[3].page_urls == (page(3),)


def test_batches_come_sorted_and_the_rest_is_counted():
    manual = {"noticeId": "n9", "type": "1", "title": "算法备案系统使用手册", "content": ""}
    found = read(
        manual, batch_notice("第三批", page(3)), manual, batch_notice("第二批", page(2), type=3)
    )
    assert (list(found.announcements), found.other_notices, found.alarms) == ([2, 3], 2, ())


@pytest.mark.parametrize("notice_type", ["1", "5", 3, "", None])
def test_a_batch_of_any_type_is_known_by_title_and_address(notice_type):
    found = read(batch_notice("第二批", page(2)), batch_notice("第九批", page(9), type=notice_type))
    assert list(found.announcements) == [2, 9]


@pytest.mark.parametrize(
    "between", [" ", "\r\n", "<br/>", "&nbsp;", "\u200b", "\ufeff", "<b></b>", "\u3000", "\u2028"]
)
def test_titles_are_compared_squeezed(between):
    batch = batch_notice("第九批", page(9))
    batch["title"] = between.join(str(batch["title"]))
    cancelled = cancellation(title=between.join("关于注销“甲算法”等28个算法备案编号的公告"))
    found = read(batch_notice("第二批", page(2)), batch, cancelled)
    assert list(found.announcements) == [2, 9]
    assert titled_count(found.cancellations[0].title) == 28


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", " ", "\n"])
def test_signs_of_no_width_do_not_belong_to_an_address(sign):
    found = read(batch_notice("第九批", f"{sign}{page(9)}{sign}"))
    assert found.announcements[9].page_url == page(9)


@pytest.mark.parametrize(
    "title",
    [
        "深度合成服务名录（2025年）",
        "关于发布第十九批深度合成服务算法备案信息及注销部分备案编号的公告",
        "关于注销“甲算法”",
        "关于取消“甲算法”备案编号的公告",
    ],
)
def test_a_notice_that_speaks_of_the_register_and_is_not_taken_is_named(title):
    found = read(
        batch_notice("第二批", page(2)), {"noticeId": "n-7", "title": title, "content": "/x.pdf"}
    )
    (overlooked,) = found.overlooked
    assert all(part in str(overlooked) for part in (title, "n-7", "/x.pdf"))
    assert (found.other_notices, found.problems, found.alarms) == (0, (), found.overlooked)


@pytest.mark.parametrize("title", ["", None, " ", "\u200b", "<br/>"])
def test_a_notice_without_title_that_links_to_an_announcement_page_is_named(title):
    untitled = {"noticeId": "n-7", "title": title, "content": page(9)}
    found = read(batch_notice("第二批", page(2)), untitled, untitled | {"content": "/x.pdf"})
    (overlooked,) = found.overlooked
    assert "n-7" in str(overlooked) and found.other_notices == 1


def test_a_very_long_title_is_cut_in_messages():
    found = read(
        batch_notice("第二批", page(2)), {"title": "深度合成" * 10_000, "content": "x" * 10_000}
    )
    assert len(str(found.overlooked[0])) < 500


def test_a_list_of_which_nothing_was_understood_says_so():
    with pytest.raises(NoticeListError, match="no batch announcement among 2 .*深度合成服务名录"):
        read(cancellation(), {"title": "深度合成服务名录", "content": page(2)})


def test_a_cancellation_is_known_by_its_stable_address():
    (found,) = read(batch_notice("第二批", page(2)), cancellation()).cancellations
    assert found.file_url == "https://beian.test/api/file/fileDownLoad?noticeId=a%2Fb%20c"
    assert (found.notice_id, found.published_on) == ("a/b c", date(2025, 7, 1))


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("关于注销“甲算法”等28个算法备案编号的公告", 28),
        ("关于注销“甲算法”等 ３ 个算法备案编号的公告", 3),
        ("关于注销“甲算法”等十二个算法备案编号的公告", 12),
        ("关于注销“甲算法”等十十个算法备案编号的公告", None),
        ("关于注销“甲2个算法”等算法备案编号的公告", None),
        ("关于注销“甲算法”算法备案编号的公告", None),
    ],
)
def test_a_title_may_count_what_it_cancels(title, count):
    assert titled_count(title) == count


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (batch_notice("", page(5)), "names no batch ordinal"),
        (batch_notice("第二十〇批", page(5)), "cannot be read"),
        (batch_notice("第20260107批", page(5)), "cannot be read"),
        (batch_notice("第四批和第五批", page(5)), "names more than one batch"),
        (batch_notice("第五批", "/other/2025-02/03/c_5.htm"), "is not an announcement page"),
        (batch_notice("第五批", f"<a href='{page(5)}'>"), "is not an announcement page"),
        (batch_notice("第十十批", page(5)), "cannot be read"),
        (batch_notice("第五批", "https://cac.test/5.htm"), "is not an announcement page"),
        (batch_notice("第五批", "https://cac.test/2025-02/30/c_5.htm"), "holds no date"),
        (batch_notice("第五批", "https://evil.test/2025-02/03/c_5.htm"), "leads outside"),
        (batch_notice("第五批", "http://[bad"), "is not an address"),
        (batch_notice("第五批", None), "is not an announcement page"),
        (cancellation(""), "has no noticeId"),
        (cancellation("a" * 81), "has the noticeId 'aaa"),
        (cancellation("公告"), "has the noticeId '公告'"),
        (cancellation(createTime="soon"), "has the createTime 'soon'"),
    ],
)
def test_a_broken_notice_is_a_problem_and_the_others_still_count(broken, message):
    found = read(broken, batch_notice("第二批", page(2)))
    (problem,) = found.problems
    assert message in str(problem)
    assert f"notice {broken['noticeId'] or 'without noticeId'}"[:40] in str(problem)
    assert str(broken["title"]) in str(problem)
    assert list(found.announcements) == [2]


def test_if_every_batch_notice_is_broken_the_first_problem_is_raised():
    with pytest.raises(RefusedAddressError, match="evil"):
        read(batch_notice("第五批", "https://evil.test/2025-02/03/c_5.htm"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>busy</html>", "no JSON but begins '<html>busy"),
        ("公告".encode("gb18030"), "no JSON"),
        (b"[]", "no object"),
        (answer(errno=500, errmsg="系统繁忙"), "errno 500: 系统繁忙"),
        (answer(errno="1"), "errno 1: no message"),
        (answer(datas=None), "no list of notices under `datas`"),
        (answer(datas=["a"]), "no list of notices under `datas`"),
        (answer(datas={}), "no list of notices under `datas`"),
        (answer(), "no batch announcement among 0 notices"),
        (answer(cancellation()), "no batch announcement among 1 notices"),
    ],
)
def test_an_unreadable_list_is_an_error_that_names_the_address(content, message):
    session, _, _ = scripted(Reply(body=content))
    with pytest.raises(NoticeListError) as caught:
        fetch_notices(session)
    assert message in str(caught.value)
    assert caught.value.url == "https://beian.test/api/notice/list"


def test_a_challenge_with_words_instead_of_the_list_is_named():
    challenge = "<title>请稍候</title><p>正在检查，由知道创宇云防御提供</p>".encode()
    session, script, _ = scripted(Reply(body=challenge))
    with pytest.raises(FirewallError, match="知道创宇云防御"):
        fetch_notices(session)
    assert len(script.requests) == 2
    assert {request.headers["Referer"] for request in script.requests} == {"https://beian.test/"}


@pytest.mark.parametrize("url", [page(4) + "#top", page(4) + "?x=1", page(4) + "l"])
def test_an_announcement_page_is_known_by_its_path(url):
    assert announcement_at(4, url).announced_on == date(2025, 3, 1)


def test_the_list_wins_over_the_archive_and_the_archive_over_what_was_known():
    archived = [announcement_at(number, page(number)) for number in (1, 2, 3)]
    notices = read(batch_notice("第三批", page(3, day=9)), batch_notice("第五批", page(5)))
    found = announced(notices, archived, SOURCE)
    assert {number: item.page_url for number, item in found.items()} == {
        1: page(1), 2: page(2), 3: page(3, day=9), 5: page(5),
    }  # fmt: skip
    assert list(found) == [1, 2, 3, 5]


def test_batch_one_is_always_announced():
    notices = read(batch_notice("第二批", page(2)))
    assert announced(notices, [], SOURCE)[1] == first_batch(SOURCE)
    assert first_batch(SOURCE) == Announcement(1, FIRST_PAGE, date(2023, 6, 20))


@pytest.mark.parametrize(
    ("present", "gaps"),
    [
        ([], []),
        ([1], []),
        ([3], [(1, 2)]),
        ([5, 1, 2], [(3, 4)]),
        ([2, 1], []),
        ([2, 4, 900], [(1, 1), (3, 3), (5, 899)]),
    ],
)
def test_gaps_are_ranges_below_the_highest_ordinal(present, gaps):
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
def test_ordinals_far_above_the_highest_known_are_problems(ordinals, held, taken):
    notices = (batch_notice(f"第{ordinal}批", page(n)) for n, ordinal in enumerate(ordinals))
    listed = read(*notices)
    bounded = within_reach(listed, held)
    assert list(bounded.announcements) == taken
    refused = set(listed.announcements) - set(taken)
    assert {problem.batch_no for problem in bounded.problems} == refused


@pytest.mark.parametrize("field", ["title", "noticeId", "content", "createTime"])
def test_half_a_character_in_a_notice_is_a_problem_that_can_be_written(field):
    broken = batch_notice("第三批", page(3), createTime="2025-03-01")
    broken[field] = f"{broken[field]}\ud83d"
    listed = read(batch_notice("第二批", page(2)), broken, {"title": "系统升级\udc00"})
    assert (list(listed.announcements), listed.other_notices, len(listed.problems)) == ([2], 1, 1)
    assert field in str(listed.problems[0]) and str(listed.problems[0]).encode()


def test_a_batch_whose_page_has_another_ordinal_now_is_not_announced():
    listed = read(batch_notice("第四批", page(7)))
    archived = [announcement_at(21, page(7)), announcement_at(3, page(3))]
    assert list(announced(listed, archived, SOURCE)) == [1, 3, 4]
