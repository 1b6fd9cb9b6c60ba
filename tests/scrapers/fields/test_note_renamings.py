"""Notes of renamings: wordings, kinds and chains."""

import pytest

from scrapers.fields.notes import read_note
from tests.scrapers.fields.note_events import (
    PURPOSE,
    RENAMED,
    algorithm,
    changed,
    each_line,
    entity,
    product,
)

ONE_RENAMING = r"""
原主体名称"甲公司"变更为"乙公司"。
原主体名称＂甲公司＂变更为＂乙公司＂
原主体名称‘甲公司’更名为‘乙公司’
原主体名称「甲公司」改为「乙公司」
原主体名称『甲公司』调整为『乙公司』
原主体名称《甲公司》变更为《乙公司》
原主体名称“甲公司“变更为“乙公司“
原主体名称”甲公司“变更为”乙公司“
原主体名称“甲公司"变更为“乙公司”
原主体名称“甲公司”变更为“乙公司
原主体名称“甲公司变更为“乙公司”
原主体名称（甲公司）变更为（乙公司）
原主体名称甲公司变更为乙公司
原主体名称 “甲公司” 变更为 “乙公司”
（原主体名称“甲公司”变更为“乙公司”）
备案主体名称由甲公司变更为乙公司
算法备案主体由“甲公司”变更为“乙公司”
公司名称：甲公司→乙公司
企业名称由甲公司更名为乙公司
主体名称变更：由甲公司变更为乙公司
主体名称变更，由甲公司变更为乙公司
主体名称发生变更（由甲公司变更为乙公司）
变更主体名称由“甲公司”为“乙公司”
将主体名称“甲公司”变更为“乙公司”
原主体名称：甲公司，现变更为：乙公司
原主体名称“甲公司”；现主体名称“乙公司”
变更前：甲公司；变更后：乙公司
主体名称变更前为“甲公司”，变更后为“乙公司”
主体名称变更为乙公司（原名：甲公司）
甲公司更名为乙公司
主体名称由甲\n公司变更为乙公司
原主体名称“甲\n公司”变更\n为“乙公司”
因公司更名，由甲公司变更为乙公司
原主体名称“甲公司”变更“乙公司”
主體名稱由甲公司變更為乙公司
变更事项：1、原主体名称“甲公司”变更为“乙公司”。
【变更内容】原主体名称“甲公司”变更为“乙公司”
"""


@pytest.mark.parametrize("text", each_line(ONE_RENAMING))
def test_entity_renaming_in_each_wording(text):
    assert list(read_note(text)) == [RENAMED]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("算法名称变更为“乙”", [algorithm(None, "乙")]),
        ("变更算法名称为“乙”", [algorithm(None, "乙")]),
        ("算法名称变更、主体名称变更", [algorithm(), entity()]),
        ("变更产品名称、主要用途", [product(), PURPOSE]),
        ("曾用名：甲公司", [entity("甲公司")]),
        ("主体名称由甲公司变更为乙公司变更为丙公司", [RENAMED, entity("乙公司", "丙公司")]),
        ("主体名称由甲公司变更为乙公司，后变更为丙公司", [RENAMED, entity("乙公司", "丙公司")]),
        ("产品名称“甲”变更为“乙”、“丙”变更为“丁”、“戊”变更为“己”", [
            product("甲", "乙"), product("丙", "丁"), product("戊", "己"),
        ]),
        ("产品名称甲(APP)变更为乙(APP)、丙(APP)变更为丁(APP)", [
            product("甲(APP)", "乙(APP)"), product("丙(APP)", "丁(APP)"),
        ]),
        ("产品名称“甲”、“乙”变更为“丙”、“丁”", [product("“甲”、“乙”", "“丙”、“丁”")]),
        ("产品名称“甲”、“乙”变更为“丙”、“丁”，“戊”变更为“己”", [
            product("“甲”、“乙”", "“丙”、“丁”"), product("戊", "己"),
        ]),
        ("原主体名称“甲公司”变更为“乙公司”、算法名称“丙”变更为“丁”", [
            RENAMED, algorithm("丙", "丁"),
        ]),
        # the ending of a name shows its kind
        ("原主体名称“甲公司”变更为“乙公司”，“丙(APP)”变更为“丁(APP)”", [
            RENAMED, product("丙(APP)", "丁(APP)"),
        ]),
        ("企业微信助手(APP)变更为企业助手(APP)", [product("企业微信助手(APP)", "企业助手(APP)")]),
        ("甲算法更名为乙算法", [algorithm("甲算法", "乙算法")]),
        ("“甲(APP)”的名称变更为“乙(APP)”", [product("甲(APP)", "乙(APP)")]),
        ("主体由甲公司变更为乙公司和算法名称由A算法变更为B算法", [
            RENAMED, algorithm("A算法", "B算法"),
        ]),
        ("主体由甲公司变更为乙公司（联系方式变更）", [
            RENAMED, changed("other", None, "联系方式变更"),
        ]),
        ("算法模型由甲模型变更为乙模型", [changed("model", "甲模型", "乙模型")]),
        ("主体注册地址由甲地变更为乙地", [changed("other", "甲地", "乙地")]),
        # names that contain the vocabulary of notes
        ("原产品名称“变更、注销助手(APP)”变更为“新增删除；大师。(APP)”", [
            product("变更、注销助手(APP)", "新增删除；大师。(APP)"),
        ]),
        ("原产品名称“《甲》助手(APP)”变更为“「乙」\"丙\"（小程序）”", [
            product("《甲》助手(APP)", "「乙」\"丙\"（小程序）"),
        ]),
        ("原主体名称“北京“甲”公司”变更为“乙公司”", [entity("北京“甲”公司", "乙公司")]),
        ("原产品“甲”（APP）变更为“乙”（APP）", [product("甲（APP）", "乙（APP）")]),
        ("主体名称由未来公司变更为原力公司", [entity("未来公司", "原力公司")]),
        ("主体名称由原力公司变更为不二公司", [entity("原力公司", "不二公司")]),
        ("算法名称由变更检测算法变更为更新算法", [algorithm("变更检测算法", "更新算法")]),
        ("产品名称由照片变成漫画(APP)变更为乙(APP)", [product("照片变成漫画(APP)", "乙(APP)")]),
    ],
)  # fmt: skip
def test_renaming_has_the_kind_and_names_of_the_clause(text, events):
    assert list(read_note(text)) == events
