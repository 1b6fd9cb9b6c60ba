"""Classification of notices by title."""

import time
from contextlib import suppress

import pytest

from scrapers.errors import FilingsError
from scrapers.registers.discovery.notice_titles import is_batch_title, kind_of
from scrapers.registers.discovery.wording import batch_ordinal, is_list_label, list_month

KINDS = {
    "batch": [
        "国家互联网信息办公室关于发布第十一批深度合成服务算法备案信息的公告",
        "国家互联网信息办公室关于发布深度合成服务算法备案信息的公告",
        "关于发布第十二批深度合成服务 算法备案\r\n信息的公告",
        "关于发布第十二批深度合成服务<br/>算法备案信息的公告",
        "关于发布第十二批深度合成服务\u200b算法&nbsp;备案信息的公告",
        "关于发布第12批深度合成算法备案信息的公告",
        "关于公布第十二批深度合成服务提供者算法备案名单的公告",
        "第十二批深度合成服务算法备案清单",
        "关于发布“第十九批深度合成服务算法备案信息”的公告",
        "关于发布第二十〇批深度合成服务算法备案信息的公告",
        "第二批深度合成服务算法备案信息填报指南",
    ],
    "cancellation": [
        "关于注销“甲算法”等3个算法备案编号的公告",
        "关于撤销“甲算法”等3个算法备案编号的公告",
        "关于撤消“甲算法”等3个算法备案编号的公告",
        "关于 注 销“甲\n算法”等3个<br>算法备案编号的公告",
        "关于注销“深度合成服务算法备案信息第三批”等3个算法备案编号的公告",
        "关于注销“操作手册”等算法备案编号的公告",
        "关于注销智能问答系统升级算法等3个算法备案编号的公告",
        "关于注销“甲算法”的公告",
        "关于算法备案注销的公告",
        "注销备案编号名单",
        "关于注销深度合成服务算法备案编号的公告",
    ],
    "guide": [
        "互联网信息服务算法备案系统使用手册",
        "深度合成服务算法备案填报指南",
        "深度合成服务算法备案信息填报指南（第二版）",
        "关于更新《深度合成服务算法备案填报指南》的公告",
        "深度合成服务算法备案操作手册V2.0.pdf",
        "深度合成服务算法备案常见问题解答（2025年版）",
        "深度合成服务算法安全自评估报告模板",
        "深度合成服务算法备案系统维护公告",
        "互联网信息服务深度合成管理规定",
        "算法备案变更、注销操作手册",
        "算法备案编号注销流程",
    ],
    "unknown": [
        "关于注销“甲算法”等3个生成式人工智能服务备案编号的公告",
        "关于做好深度合成服务算法备案工作的通知",
        "关于开展第二批深度合成服务算法备案工作的通知",
        "深度合成服务名录（2025年）",
        "关于注销第三批深度合成服务算法备案信息的公告",
        "关于发布第十九批深度合成服务算法备案信息及注销部分备案编号的公告",
        "关于注销“甲算法”",
        "甲算法已注销",
        "关于取消“甲算法”备案编号的公告",
        "“甲注销算法”上线",
    ],
    "other": [
        "关于发布互联网信息服务算法备案信息（2022年8月）的公告",
        "生成式人工智能服务已备案信息（第三批）",
        "关于注销部分用户账号的公告",
        "关于注销“甲”等3个生成式人工智能服务备案编号的公告",
        "关于注销12个境内区块链信息服务备案编号的公告",
        "关于放假期间受理安排的通知",
        "",
    ],
}


@pytest.mark.parametrize(
    ("title", "kind"), [(title, kind) for kind, titles in KINDS.items() for title in titles]
)
def test_title_has_kind(title, kind):
    assert kind_of(title) == kind


@pytest.mark.parametrize("title", KINDS["unknown"] + KINDS["other"])
def test_title_of_other_kind_is_no_batch_title(title):
    assert not is_batch_title(title) or "注销" in title


@pytest.mark.parametrize(
    "title",
    [
        "注销" * 10_000,
        "手册（" * 10_000,
        "手册" + "1" * 20_000 + "x",
        "第" * 20_000,
        "<a" * 10_000,
        "“" * 20_000,
        "深度合成" * 5_000,
        "2025年1月至" * 4_000,
        "第四批和" * 4_000,
    ],
    ids=lambda title: title[:6],
)
def test_very_long_title_is_classified_in_linear_time(title):
    started = time.process_time()
    kind_of(title)
    is_list_label(title)
    for read in (batch_ordinal, list_month):
        with suppress(FilingsError):
            read(title)
    assert time.process_time() - started < 1
