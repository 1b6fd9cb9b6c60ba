"""Notes: the boundaries of clauses, and text that only resembles a clause."""

import pytest

from scrapers.fields.notes import NoteEvent, read_note
from tests.scrapers.fields.note_events import (
    MODEL,
    PRODUCT,
    PURPOSE,
    added,
    each_line,
    event,
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
