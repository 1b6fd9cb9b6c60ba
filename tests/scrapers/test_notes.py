"""Notes: what the register's own wording and others like it say, and nothing passed over."""

import time

import pytest

from scrapers.notes import NoteEvent, read_note


def event(kind: str, month: str | None = None, *values: str | None) -> NoteEvent:
    return NoteEvent(kind, month, *values)


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("", []),
        (" \n", []),
        ("已注销", [event("cancelled")]),
        ("该备案编号已于2025年7月注销", [event("cancelled", "2025-07")]),
        ("（2025年7月注销）", [event("cancelled", "2025-07")]),
        ("2025.07已注销", [event("cancelled", "2025-07")]),
        ("已注销（2025年7月）", [event("cancelled", "2025-07")]),
        ("注销时间：2025年7月1日", [event("cancelled", "2025-07")]),
        ("2025年7月，已注销", [event("cancelled", "2025-07")]),
        ("信息变更", [event("information_changed")]),
        ("变更", [event("information_changed")]),
        ("备案信息已更新（2024年8月）", [event("information_changed", "2024-08")]),
        ("新增产品", [event("products_added")]),
        ("新增应用产品：甲（APP）、乙（网站）", [
            event("products_added", None, None, "甲（APP）、乙（网站）"),
        ]),
        ("新增产品“甲”、“乙”", [event("products_added", None, None, "“甲”、“乙”")]),
        ("产品新增甲（APP）", [event("products_added", None, None, "甲（APP）")]),
        ("新增“甲（APP）”产品", [event("products_added", None, None, "甲（APP）")]),
        ("删除应用产品“甲”", [event("products_removed", None, None, "甲")]),
        ("原算法名称“甲”变更为“乙”", [event("algorithm_renamed", None, "甲", "乙")]),
        ("算法名称变更为“乙”", [event("algorithm_renamed", None, None, "乙")]),
        ("原企业名称“甲”更名为“乙”", [event("entity_renamed", None, "甲", "乙")]),
        ("原主体名称：甲，现变更为：乙", [event("entity_renamed", None, "甲", "乙")]),
        ("原算法名称“甲”于2024年8月变更为“乙”；信息变更", [
            event("algorithm_renamed", "2024-08", "甲", "乙"), event("information_changed"),
        ]),
        # 、 between names, and between clauses
        ("原应用产品“甲”、“乙”变更为“丙”、“丁”", [
            event("product_renamed", None, "“甲”、“乙”", "“丙”、“丁”"),
        ]),
        ("原算法名称“甲”变更为“乙”、主体名称“丙”变更为“丁”", [
            event("algorithm_renamed", None, "甲", "乙"),
            event("entity_renamed", None, "丙", "丁"),
        ]),
        ('原算法名称"甲"变更为"乙"。', [event("algorithm_renamed", None, "甲", "乙")]),
        ("原主体名称「甲」变更为「乙」", [event("entity_renamed", None, "甲", "乙")]),
        ("主体名称由“甲”变更为“乙”", [event("entity_renamed", None, "甲", "乙")]),
        ("原应用产品“甲（APP）、乙（APP）”变更为“丙(APP)”", [
            event("product_renamed", None, "甲（APP）、乙（APP）", "丙(APP)"),
        ]),
        # signs that end a clause, inside quotes
        ("原产品名称“甲，乙；丙。”变更为“丁”；新增产品", [
            event("product_renamed", None, "甲，乙；丙。", "丁"), event("products_added"),
        ]),
        # a month holds for the clauses behind it, until the next
        ("信息变更；2024年8月，新增产品；已注销；2025年10月15日：信息变更", [
            event("information_changed"),
            event("products_added", "2024-08"),
            event("cancelled", "2024-08"),
            event("information_changed", "2025-10"),
        ]),
        ("2024年6月新增产品、2024年8月信息变更", [
            event("products_added", "2024-06"), event("information_changed", "2024-08"),
        ]),
        ("新增应用产品2个", [event("products_added")]),
        # what nobody sees
        ("已\u200b注销", [event("cancelled")]),
        ("已 注销", [event("cancelled")]),
        ("原算法名称“甲 A”变更 为“\ufeff乙”； 新增\u3000产品", [
            event("algorithm_renamed", None, "甲 A", "乙"), event("products_added"),
        ]),
        ("新增产品 My App(APP)", [event("products_added", None, None, "My App(APP)")]),
        # what resembles a clause and is none
        ("未注销", [event("unrecognised", None, None, "未注销")]),
        ("部分产品已注销", [event("unrecognised", None, None, "部分产品已注销")]),
        ("注销申请已撤回", [event("unrecognised", None, None, "注销申请已撤回")]),
        ("主体信息变更为甲", [event("unrecognised", None, None, "主体信息变更为甲")]),
        ("原算法名称“甲”变更为“乙”的子算法", [
            event("unrecognised", None, None, "原算法名称“甲”变更为“乙”的子算法"),
        ]),
        ("2025年13月，已注销", [
            event("unrecognised", None, None, "2025年13月"), event("cancelled"),
        ]),
        # what nobody has seen yet
        ("转让给乙公司", [event("unrecognised", None, None, "转让给乙公司")]),
        ("2024年8月", [event("unrecognised", "2024-08", None, "2024年8月")]),
        ("；", [event("unrecognised", None, None, "；")]),
        ("“没有另一半；新增产品", [
            event("unrecognised", None, None, "“没有另一半"), event("products_added"),
        ]),
    ],
)  # fmt: skip
def test_a_note_is_read_clause_by_clause(text, events):
    assert list(read_note(text)) == events


def test_names_are_compared_by_their_keys():
    (renamed,) = read_note("原主体名称“甲（北京） 公司”变更为“乙(北京)公司”")
    assert (renamed.old_key, renamed.new_key) == ("甲(北京)公司", "乙(北京)公司")
    (renamed,) = read_note("原主体名称“甲\u200b”变更为“\ufeff乙”")
    assert (renamed.old_key, renamed.new_key) == ("甲", "乙")
    assert read_note("已注销")[0].new_key is None


@pytest.mark.parametrize(
    "letters",
    ["“", "“”", "原算法名称", "变更为", "；", "原算法名称变更", "新增产品", "（2024年8月）"],
)
def test_a_note_of_a_hundred_thousand_signs_is_read_in_time(letters):
    started = time.process_time()
    read_note(letters * (100_000 // len(letters)))
    assert time.process_time() - started < 5
