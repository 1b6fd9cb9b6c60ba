"""The notice list: batches, cancellations, unrecognised notices, and unreadable lists."""

from datetime import date
from itertools import permutations

import pytest

from scrapers.errors import FetchError, FirewallError, NoticeListError, RefusedAddressError
from scrapers.registers.base import Document
from scrapers.registers.discovery import notice_api
from scrapers.registers.discovery.cancellations import titled_count
from scrapers.registers.discovery.notice_list import fetch_notices, read_notices
from tests.scrapers.registers.discovery.notice_factories import (
    FIRST_PAGE,
    make_answer,
    make_batch_notice,
    make_cancellation,
    page_url,
    read,
)
from tests.scrapers.registers.scripted import SOURCE, Reply, scripted


@pytest.mark.parametrize(
    ("ordinal", "batch_no"),
    [("第二批", 2), ("第二十一批", 21), ("第１３批", 13)],
)
def test_batch_ordinal_is_read_from_title(ordinal, batch_no):
    assert list(read(make_batch_notice(ordinal, page_url(2))).batches) == [batch_no]


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
def test_cancellation_is_distinguished_from_manual(title, cancellations):
    notices = read(make_batch_notice("第二批", page_url(2)), make_cancellation(title=title))
    assert (len(notices.cancellations), notices.other_notices) == (cancellations, 1 - cancellations)


def test_publication_date_is_read_from_url():
    (found,) = read(make_batch_notice("第七批", page_url(7, day=28))).batches.values()
    assert found == Document("007", date(2025, 3, 28), page_urls=(page_url(7, day=28),))


def test_notice_without_ordinal_is_first_batch_only_at_its_page():
    assert list(read(make_batch_notice("", FIRST_PAGE)).batches) == [1]
    with pytest.raises(NoticeListError, match="names no batch ordinal"):
        read(make_batch_notice("", page_url(1)))


def test_pages_of_one_batch_are_merged_in_date_order():
    notices = [make_batch_notice("第十六批", page_url(16, day)) for day in (3, 1, 2)]
    found = {read(*order).batches[16] for order in permutations(notices)}
    (only,) = found
    assert only.page_urls == (page_url(16, 1), page_url(16, 2), page_url(16, 3))
    assert only.published_on == date(2025, 3, 1)


def test_pages_on_both_hosts_are_merged_in_date_order():
    later = page_url(3, day=2).replace("cac.test", "beian.test")
    found = read(
        make_batch_notice("第三批", later), make_batch_notice("第三批", page_url(3, day=1))
    )
    assert found.batches[3].page_urls == (page_url(3, day=1), later)


def test_repeated_notice_is_one_page():
    notice = make_batch_notice("第三批", page_url(3))
    assert read(notice, notice).batches[3].page_urls == (page_url(3),)


def test_batches_are_sorted_and_other_notices_counted():
    manual = {"noticeId": "n9", "type": "1", "title": "算法备案系统使用手册", "content": ""}
    found = read(
        manual,
        make_batch_notice("第三批", page_url(3)),
        manual,
        make_batch_notice("第二批", page_url(2), type=3),
    )
    assert (list(found.batches), found.other_notices) == ([2, 3], 2)
    assert (found.problems, found.unrecognised) == ((), ())


@pytest.mark.parametrize("notice_type", ["1", 3, None])
def test_notice_type_is_ignored(notice_type):
    found = read(
        make_batch_notice("第二批", page_url(2)),
        make_batch_notice("第九批", page_url(9), type=notice_type),
    )
    assert list(found.batches) == [2, 9]


@pytest.mark.parametrize("between", ["\r\n", "<br/>", "&nbsp;", "\u200b", "\u3000"])
def test_titles_are_normalised(between):
    batch = make_batch_notice("第九批", page_url(9))
    batch["title"] = between.join(str(batch["title"]))
    cancelled = make_cancellation(title=between.join("关于注销“甲算法”等28个算法备案编号的公告"))
    found = read(make_batch_notice("第二批", page_url(2)), batch, cancelled)
    assert list(found.batches) == [2, 9]
    assert titled_count(found.cancellations[0].title) == 28


@pytest.mark.parametrize("sign", ["\u200b", "\n"])
def test_white_space_and_zero_width_around_url_are_removed(sign):
    found = read(make_batch_notice("第九批", f"{sign}{page_url(9)}{sign}"))
    assert found.batches[9].page_urls == (page_url(9),)


@pytest.mark.parametrize(
    "title",
    [
        "深度合成服务名录（2025年）",
        "关于发布第十九批深度合成服务算法备案信息及注销部分备案编号的公告",
        "关于注销“甲算法”",
        "关于取消“甲算法”备案编号的公告",
    ],
)
def test_unrecognised_notice_of_register_is_overlooked_with_details(title):
    found = read(
        make_batch_notice("第二批", page_url(2)),
        {"noticeId": "n-7", "title": title, "content": "/x.pdf"},
    )
    (unrecognised,) = found.unrecognised
    assert all(part in str(unrecognised) for part in (title, "n-7", "/x.pdf"))
    assert (found.other_notices, found.problems) == (0, ())


@pytest.mark.parametrize("title", ["", None, " ", "\u200b", "<br/>"])
def test_untitled_notice_with_announcement_page_is_overlooked(title):
    untitled = {"noticeId": "n-7", "title": title, "content": page_url(9)}
    found = read(
        make_batch_notice("第二批", page_url(2)), untitled, untitled | {"content": "/x.pdf"}
    )
    (unrecognised,) = found.unrecognised
    assert "n-7" in str(unrecognised) and found.other_notices == 1


def test_long_title_is_cut_in_message():
    found = read(
        make_batch_notice("第二批", page_url(2)),
        {"title": "深度合成" * 10_000, "content": "x" * 10_000},
    )
    assert len(str(found.unrecognised[0])) < 500


def test_list_without_batch_names_first_unrecognised_notice():
    with pytest.raises(NoticeListError, match=r"no batch is announced among 2 .*深度合成服务名录"):
        read(make_cancellation(), {"title": "深度合成服务名录", "content": page_url(2)})


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (make_batch_notice("", page_url(5)), "names no batch ordinal"),
        (make_batch_notice("第二十〇批", page_url(5)), "cannot be read"),
        (make_batch_notice("第20260107批", page_url(5)), "cannot be read"),
        (make_batch_notice("第四批和第五批", page_url(5)), "names more than one batch"),
        (
            make_batch_notice("第五批", "/other/2025-02/03/c_5.htm"),
            "is not the URL of an announcement page",
        ),
        (
            make_batch_notice("第五批", f"<a href='{page_url(5)}'>"),
            "is not the URL of an announcement page",
        ),
        (make_batch_notice("第十十批", page_url(5)), "cannot be read"),
        (
            make_batch_notice("第五批", "https://cac.test/5.htm"),
            "is not the URL of an announcement page",
        ),
        (
            make_batch_notice("第五批", "https://cac.test/2025-02/30/c_5.htm"),
            "contains no valid date",
        ),
        (make_batch_notice("第五批", "https://evil.test/2025-02/03/c_5.htm"), "leads outside"),
        (make_batch_notice("第五批", "http://[bad"), "is not a valid URL"),
        (make_batch_notice("第五批", None), "is not the URL of an announcement page"),
        (make_cancellation(""), "has no noticeId"),
        (make_cancellation("a" * 80 + "b"), "has the noticeId 'aaa"),
        (make_cancellation("公告"), "has the noticeId '公告'"),
        (make_cancellation("a\nb"), r"has the noticeId 'a\nb'"),
        (make_cancellation(createTime="soon"), "has the createTime 'soon'"),
    ],
)
def test_invalid_notice_is_a_problem_and_others_are_kept(broken, message):
    found = read(broken, make_batch_notice("第二批", page_url(2)))
    (problem,) = found.problems
    assert message in str(problem)
    assert f"notice {broken['noticeId'] or 'without noticeId'}"[:40] in str(problem)
    assert str(broken["title"]) in str(problem)
    assert list(found.batches) == [2]


def test_longest_notice_id_is_accepted():
    found = read(make_batch_notice("第二批", page_url(2)), make_cancellation("a" * 80))
    assert [notice.key for notice in found.cancellations] == ["a" * 80]


@pytest.mark.parametrize("errno", [0, "0", None])
def test_errno_of_success_is_accepted_in_every_form(errno):
    content = make_answer(make_batch_notice("第二批", page_url(2)), errno=errno)
    assert list(read_notices(content, SOURCE).batches) == [2]


def test_first_problem_is_raised_if_all_batches_are_invalid():
    with pytest.raises(RefusedAddressError, match="evil"):
        read(make_batch_notice("第五批", "https://evil.test/2025-02/03/c_5.htm"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>busy</html>", "is not JSON, it starts with '<html>busy"),
        ("公告".encode("gb18030"), "is not JSON"),
        (b"[]", "is not a JSON object"),
        (make_answer(errno=500, errmsg="系统繁忙"), "errno 500: 系统繁忙"),
        (make_answer(errno="1"), "errno 1: no message"),
        (make_answer(datas=None), "no array of notices in `datas`"),
        (make_answer(datas=["a"]), "no array of notices in `datas`"),
        (make_answer(datas={}), "no array of notices in `datas`"),
        (make_answer(), "no batch is announced among 0 notices"),
        (make_answer(make_cancellation()), "no batch is announced among 1 notices"),
    ],
)
def test_unreadable_list_is_an_error_with_url(content, message):
    session, _, _ = scripted(Reply(body=content))
    with pytest.raises(NoticeListError) as caught:
        fetch_notices(session)
    assert message in str(caught.value)
    assert caught.value.url == "https://beian.test/api/notice/list"


def test_size_of_notice_list_is_limited(monkeypatch):
    monkeypatch.setattr(notice_api, "MAX_LIST_BYTES", 100)
    session, _, _ = scripted(Reply(body=make_answer(make_batch_notice("第二批", page_url(2)))))
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        fetch_notices(session)


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_notice_list_may_name_a_firewall(head):
    named = {"title": "知道创宇云防御", "content": ""}
    content = head + make_answer(make_batch_notice("第二批", page_url(2)), named)
    session, _, _ = scripted(Reply(body=content))
    assert list(fetch_notices(session).batches) == [2]


def test_challenge_instead_of_list_is_a_firewall_error():
    challenge = "<title>请稍候</title><p>正在检查，由知道创宇云防御提供</p>".encode()
    session, script, _ = scripted(Reply(body=challenge))
    with pytest.raises(FirewallError, match="知道创宇云防御"):
        fetch_notices(session)
    assert len(script.requests) == 2
    assert {request.headers["Referer"] for request in script.requests} == {"https://beian.test/"}


@pytest.mark.parametrize("field", ["title", "noticeId", "content", "createTime"])
def test_lone_surrogate_in_notice_is_an_encodable_problem(field):
    broken = make_batch_notice("第三批", page_url(3), createTime="2025-03-01")
    broken[field] = f"{broken[field]}\ud83d"
    listed = read(make_batch_notice("第二批", page_url(2)), broken, {"title": "系统升级\udc00"})
    assert (list(listed.batches), listed.other_notices, len(listed.problems)) == ([2], 1, 1)
    assert field in str(listed.problems[0]) and str(listed.problems[0]).encode()
