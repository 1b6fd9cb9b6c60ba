"""The notice list of beian.cac.gov.cn as JSON: batches, cancellations and other notices.

Batches and cancellations come from the register. The other notices (manuals, and announcements of
other registers) are invented after real ones. Readers must ignore them, and their URLs return 404.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

import cn2an

from scrapers.replica.facts import Register
from scrapers.replica.wording import month_label

_MANUAL, _GENERAL, _LIST = "1", "2", "3"  # values of `type`
# The list starts with the second batch. A replica of only the first batch lists that one, because
# readers reject a list without batches.
_UNLISTED_BATCH = 1
_MANUALS = (
    (date(2022, 3, 1), "互联网信息服务算法备案系统使用手册"),
    (date(2023, 4, 10), "深度合成服务算法备案填报指南"),
    (date(2023, 4, 10), "算法安全自评估报告模板"),
    (date(2024, 9, 2), "算法备案常见问题解答"),
)
_GENERAL_NOTICES = (
    (date(2022, 2, 28), "互联网信息服务算法备案系统上线运行的公告"),
    (date(2024, 12, 27), "算法备案系统维护期间暂停受理的公告"),
)
_OTHER_LISTS = tuple(date(2022 + (7 + 2 * i) // 12, (7 + 2 * i) % 12 + 1, 12) for i in range(4))


@dataclass(frozen=True)
class Notice:
    """One entry, with the field names of the real API; all values are strings."""

    noticeId: str  # noqa: N815 (a field name of the API)
    type: str
    title: str
    content: str
    createTime: str  # noqa: N815 (a field name of the API)


def announcement_title(batch_no: int) -> str:
    """The title of a batch's page. The title of the first batch has no ordinal."""
    ordinal = f"第{cn2an.an2cn(batch_no)}批" if batch_no > 1 else ""
    return f"国家互联网信息办公室关于发布{ordinal}深度合成服务算法备案信息的公告"


def notice_list(register: Register, cac_url: str, beian_url: str) -> bytes:
    """The list, newest first, as {errno, errmsg, datas}; its URLs start with the two bases."""
    batches = [
        _notice(a.published_on, _LIST, announcement_title(a.batch_no), cac_url + a.page_path)
        for a in register.announcements
        if a.batch_no != _UNLISTED_BATCH or len(register.announcements) == 1
    ]
    notices = batches + _cancellations(register, beian_url) + _others(cac_url, beian_url)
    notices.sort(key=lambda notice: notice.createTime, reverse=True)
    answer = {"errno": 0, "errmsg": "success", "datas": [asdict(notice) for notice in notices]}
    return json.dumps(answer, ensure_ascii=False).encode()


def _notice(day: date, kind: str, title: str, content: str, notice_id: str = "") -> Notice:
    invented_id = f"notice_{uuid5(NAMESPACE_URL, f'{day} {title}')}"
    return Notice(notice_id or invented_id, kind, title, content, f"{day} 10:00:00")


def _cancellations(register: Register, beian_url: str) -> list[Notice]:
    heads = dict.fromkeys((c.notice_id, c.notice_date, c.title) for c in register.cancellations)
    return [
        # The static URL no longer works. Only fileDownLoad?noticeId= returns the file.
        _notice(day, _GENERAL, title, f"{beian_url}/static/notice/{notice_id}.pdf", notice_id)
        for notice_id, day, title in heads
    ]


def _others(cac_url: str, beian_url: str) -> list[Notice]:
    manuals = [
        _notice(day, _MANUAL, title, f"{beian_url}/static/manual/{number}.pdf")
        for number, (day, title) in enumerate(_MANUALS, 1)
    ]
    general = [
        _notice(day, _GENERAL, title, f"{beian_url}/static/notice/{number}.html")
        for number, (day, title) in enumerate(_GENERAL_NOTICES, 1)
    ]
    lists = []
    for number, month in enumerate(_OTHER_LISTS, 1):
        day = month + timedelta(days=number)
        title = f"关于发布互联网信息服务算法备案信息（{month_label(f'{month:%Y-%m}')}）的公告"
        lists.append(_notice(day, _LIST, title, f"{cac_url}/{day:%Y-%m/%d}/c_{number:016d}.htm"))
    return manuals + general + lists
