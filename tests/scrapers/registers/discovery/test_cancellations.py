"""Cancellation notices on the list: the URLs of their files, and the counts in their titles."""

from datetime import date

import pytest

from scrapers.registers.base import Document
from scrapers.registers.discovery.cancellations import titled_count
from tests.scrapers.registers.discovery.notice_factories import (
    make_batch_notice,
    make_cancellation,
    page_url,
    read,
)


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
def test_titled_count_reads_number_in_title(title, count):
    assert titled_count(title) == count


def test_cancellation_has_permanent_url():
    (found,) = read(make_batch_notice("第二批", page_url(2)), make_cancellation()).cancellations
    assert found == Document(
        "a/b c",
        date(2025, 7, 1),
        "关于注销算法备案的公告",
        "https://beian.test/api/file/fileDownLoad?noticeId=a%2Fb%20c",
    )
