"""Notes: the boundaries of clauses, and text that only resembles a clause."""

import pytest

from scrapers.fields.notes import NoteEvent, read_note
from tests.scrapers.fields.note_events import (
    MODEL,
    PRODUCT,
    PURPOSE,
    added,
    algorithm,
    changed,
    dated,
    each_line,
    entity,
    event,
    product,
    removed,
)

THREE_CLAUSES = r"""
1.产品变更；2.算法模型变更；3.变更主要用途
1、产品变更2、算法模型变更3、变更主要用途
变更内容：（1）产品变更（2）算法模型变更（3）变更主要用途
①产品变更②算法模型变更③变更主要用途
一、产品变更；二、算法模型变更；三、变更主要用途。
变更内容：\n产品变更\n算法模型变更\n变更主要用途
(一)产品变更(二)算法模型变更(三)变更主要用途
产品变更，并变更算法模型，同时变更主要用途
"""


@pytest.mark.parametrize("text", each_line(THREE_CLAUSES))
def test_numbers_line_breaks_and_links_separate_clauses(text):
    assert list(read_note(text)) == [PRODUCT, MODEL, PURPOSE]


def test_number_in_a_name_does_not_start_a_clause():
    assert list(read_note("1.新增产品甲2.0(APP)、乙(APP) 2.删除产品丙1.0(APP)")) == [
        added("甲2.0(APP)、乙(APP)"), removed("丙1.0(APP)"),
    ]  # fmt: skip


NOT_A_CLAUSE = r"""
未注销
拟注销
部分产品已注销
产品已注销
主体已注销
申请注销
注销申请已撤回
已注销产品甲(APP)
部分注销
未变更
产品未变更
算法模型未变更
主要用途不变
无产品变更
不涉及产品变更
产品变更未通过
产品变更（审核中）
拟变更主要用途
计划变更算法名称
申请变更主体名称
取消变更主要用途
变更申请已撤回
变更失败
是否变更主要用途
主体名称拟变更为“乙”
主体名称将变更为乙公司
主体名称由甲公司拟变更为乙公司
主体名称拟由甲公司变更为乙公司
主体名称由甲公司变更为乙公司未通过
原主体名称“甲”变更为“乙”（审核中）
原算法名称“甲”变更为“乙”的子算法
安全责任人拟由甲变更为乙
算法模型由甲拟变更为乙
主体信息变更为甲
原主体名称有误
主体名称应变更为“乙公司”
拟新增产品甲(APP)
拟新增产品甲(APP)、删除产品乙(APP)
拟新增产品甲(APP)，删除产品乙(APP)
新增产品未通过
新增产品申请已撤回
取消新增产品甲(APP)
新增产品“甲”未通过
删除产品前需公告
产品已下线
未变更主体名称、产品变更
转让给乙公司
暂停服务
恢复备案
新增
变更为
；
“甲”
甲(APP)
变更内容：
原产品“甲”下线
"""


@pytest.mark.parametrize("text", each_line(NOT_A_CLAUSE))
def test_text_that_resembles_a_clause_is_unrecognised(text):
    assert list(read_note(text)) == [NoteEvent("unrecognised", None, None, text)]


def test_unrecognised_clause_does_not_affect_the_others():
    assert list(read_note("“没有另一半；新增产品、转让给乙公司，产品变更")) == [
        event("unrecognised", None, "“没有另一半"),
        event("unrecognised", None, "新增产品、转让给乙公司"),
        PRODUCT,
    ]  # fmt: skip


def unknown(text: str, month: str | None = None) -> NoteEvent:
    return NoteEvent("unrecognised", month, None, text)


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("6月产品变更", [unknown("6月产品变更")]),
        ("原名称“甲”于2024年8月变更为“乙”（2024年9月）", [
            unknown("原名称“甲”于2024年8月变更为“乙”（2024年9月）"),
        ]),
        ("算法模型变更（2024年8月），由甲变更为乙", [
            dated("2024-08", changed("model", "甲", "乙")),
        ]),
        ("产品变更（2024年8月），2024年9月", [
            dated("2024-08", PRODUCT), unknown("2024年9月", "2024-09"),
        ]),
        ("转让给乙公司\n产品变更", [unknown("转让给乙公司"), PRODUCT]),
        ("产品变更（转让给乙公司）", [unknown("产品变更（转让给乙公司）")]),
        ("产品变更（新增产品：甲(APP)）", [PRODUCT, added("甲(APP)")]),
        ("产品变更（产品变更（新增甲(APP)））", [PRODUCT, PRODUCT, added("甲(APP)")]),
        ("原主体名称甲", [unknown("原主体名称甲")]),
        ("原算法名称“甲”，2024年8月变更为“乙”", [dated("2024-08", algorithm("甲", "乙"))]),
        ("算法名称甲->乙；产品名称丙->丁", [algorithm("甲", "乙"), product("丙", "丁")]),
        ("原主体名称Let's变更为Don't公司", [entity("Let's", "Don't公司")]),
        ("算法名称“甲，乙“变更为“丙“", [algorithm("甲，乙", "丙")]),
        ("算法名称\ue000\ue001变更为\ue000\ue001", [algorithm("\ue000\ue001", "\ue000\ue001")]),
        ("拟变更主要用途，应用于甲场景", [unknown("拟变更主要用途，应用于甲场景")]),
        ("新增算法模型由甲变更为乙", [unknown("新增算法模型由甲变更为乙")]),
        ("变更产品为新增甲(APP)", [unknown("变更产品为新增甲(APP)")]),
        ("变更算法模型、大模型、用途", [MODEL, PURPOSE]),
        ("新增产品甲->乙(APP)", [added("甲->乙(APP)")]),
        ("新增产品《甲》", [added("甲")]),
        ("产品名称“甲”、“乙”变更为“丙”、“丁”变更为“戊”", [
            product("“甲”、“乙”", "丙"), product("丁", "戊"),
        ]),
        ("产品名称“甲(APP)”变更为“乙(APP)”、“丙算法”变更为“丁算法”", [
            product("甲(APP)", "乙(APP)"), product("丙算法", "丁算法"),
        ]),
    ],
)  # fmt: skip
def test_clause_with_ambiguous_parts_has_only_certain_events(text, events):
    assert list(read_note(text)) == events
