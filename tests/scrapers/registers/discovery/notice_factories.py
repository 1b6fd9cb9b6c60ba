"""Builders of notices and notice lists."""

import json

from scrapers.registers.discovery.notice_list import NoticeList, read_notices
from tests.scrapers.registers.scripted import SOURCE

FIRST_PAGE = "https://cac.test/2023-06/20/c_1688910683316256.htm"
Notice = dict[str, object]


def page_url(batch_no: int, day: int = 1) -> str:
    return f"https://cac.test/2025-03/{day:02d}/c_{batch_no:016d}.htm"


def make_batch_notice(ordinal: str, url: str, **changes: object) -> Notice:
    title = f"国家互联网信息办公室关于发布{ordinal}深度合成服务算法备案信息的公告"
    return {"noticeId": "n1", "type": "3", "title": title, "content": url} | changes


def make_cancellation(notice_id: str = "a/b c", **changes: str) -> Notice:
    return {
        "noticeId": notice_id,
        "type": "2",
        "title": "关于注销算法备案的公告",
        "createTime": "2025-07-01 10:00:00",
        "content": "/gone.pdf",
    } | changes


def make_answer(*notices: Notice, errno: object = 0, **more: object) -> bytes:
    return json.dumps({"errno": errno, "errmsg": "", "datas": notices} | more).encode()


def read(*notices: Notice) -> NoticeList:
    return read_notices(make_answer(*notices), SOURCE)
