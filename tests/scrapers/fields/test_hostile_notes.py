"""Notes that are hard to parse: time is linear in their length, and nothing is invented."""

import random

import pytest

from scrapers.fields.notes import read_note
from tests.scrapers.fields.timing import assert_linear_time

WORDS = """
“ ” " ‘ 「 《 》 ( ) （ 、 ， ； 。 ： 1. ① 2024年8月 6月 原 由 为 变更 变更为 更名为 → 新增 删除
产品 算法 主体 名称 公司 模型 输入 模态 主要用途 责任人 信息 的 和 及 并 等 未 拟 注销 (APP) 网站
2个 接入 描述 功能 使用 变更内容： “甲” 《乙》 (丙) 应用于 < > / 取消 公示
"""
UNITS = """
“ “” " 《 ( “( ， ； 、 和 并 2 由 备案 应用 的 甲： 变更 变更为 原算法名称 原算法名称变更 主要用途
接入 2024年8月， （2024年8月） 新增产品 新增甲和 新增产品甲(APP)，乙(APP)， “甲”变更为“乙”、 《甲》
算法模型、 输入模态、 接入，模型， 用途为甲，应用于乙， 变更内容： 产品变更： （产品变更 等2个
1、产品变更2、 变更《甲》中乙、
"""


@pytest.mark.parametrize("unit", [*UNITS.split(), "\n", " \n", "a b "])
def test_long_note_takes_linear_time(unit):
    assert_linear_time(lambda text: read_note(f"新增产品甲{text}；产品变更"), unit)


@pytest.mark.parametrize("ends", ["甲乙", "ab", "“”", "原主体名称。"])
def test_note_of_blanks_takes_linear_time(ends):
    assert_linear_time(lambda text: read_note(ends[0] + text + ends[1:]), " " * 30)


def test_random_notes_have_events_with_values_from_the_note():
    for seed in range(300):
        chosen = random.Random(seed).choices([*WORDS.split(), " ", "\n"], k=seed % 17 + 1)
        text = "".join(chosen)
        events = read_note(text)
        assert bool(events) == bool(text.strip()), text
        printed = "".join(text.split())
        for event in events:
            for value in (event.old_value, event.new_value):
                names = (value or "").split("、")
                assert all("".join(name.split()) in printed for name in names), text
            assert (event.subject is not None) == (event.kind == "information_changed"), text
