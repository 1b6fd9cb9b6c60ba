"""Notes: the wordings of the lists and others like them, clause by clause."""

from collections import Counter

import pytest

from scrapers.fields.notes import NoteEvent, read_note
from scrapers.replica.facts import load_register
from tests.scrapers.fields.note_events import (
    CANCELLED,
    MODALITY,
    MODEL,
    PERSON,
    PRODUCT,
    PURPOSE,
    RENAMED,
    added,
    algorithm,
    changed,
    dated,
    entity,
    event,
    product,
    removed,
)


def each_line(texts: str) -> list[str]:
    """The notes of a block, one per line; a backslash and n in it are a line break of the cell."""
    return [text.replace("\\n", "\n") for text in texts.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("", []),
        (" \n", []),
        ("原算法名称“甲”变更为“乙”", [algorithm("甲", "乙")]),
        ("变更内容：原主体名称“甲公司”变更为“乙公司”", [RENAMED]),
        ("变更内容：原主体“甲公司”变更为“乙公司”", [RENAMED]),
        ("变更内容：主体由甲公司变更为乙公司", [RENAMED]),
        ("变更内容：算法名称原“甲”变更为“乙”", [algorithm("甲", "乙")]),
        ("原算法名称由“甲”变更为“乙”、算法模型变更", [algorithm("甲", "乙"), MODEL]),
        ("原算法名称“甲”", [algorithm("甲")]),
        ("变更内容：产品甲(APP)变更为乙(APP)", [product("甲(APP)", "乙(APP)")]),
        ("变更内容：原产品服务形式“甲(其他)”变更为“甲(APP)”", [product("甲(其他)", "甲(APP)")]),
        ("产品变更为甲(APP)、乙(APP)", [product(None, "甲(APP)、乙(APP)")]),
        ("变更内容：新增产品甲(APP)、乙（网站）", [added("甲(APP)、乙（网站）")]),
        ("新增甲(公众账号)、乙(小程序)", [added("甲(公众账号)、乙(小程序)")]),
        ("更新应用产品，新增甲网站和小程序", [PRODUCT, added("甲网站和小程序")]),
        ("更新应用产品，新增甲概念版", [PRODUCT, added("甲概念版")]),
        ("新增算法使用产品", [added()]),
        ("变更内容：删除关联产品“甲(网站)、乙(网站)”", [removed("甲(网站)、乙(网站)")]),
        ("删除关联产品“甲(网站)”、“乙(APP)”", [removed("“甲(网站)”、“乙(APP)”")]),
        ("新增甲(APP)，删除乙（网站）、丙(APP)", [
            added("甲(APP)"), removed("乙（网站）、丙(APP)"),
        ]),
        ("变更内容：产品变更、算法模型变更、输入模态变更", [PRODUCT, MODEL, MODALITY]),
        ("变更内容：变更算法安全责任人", [PERSON]),
        ("变更内容：变更法人", [PERSON]),
        ("变更主要用途中部分文字表述", [PURPOSE]),
        ("变更主要用途 为“应用于甲场景，生成乙。”", [
            changed("purpose", None, "应用于甲场景，生成乙。"),
        ]),
        ("输出模态由图像变更为文本、图像", [changed("modality", "图像", "文本、图像")]),
        ("原使用第三方甲算法变更为乙算法", [changed("model", "甲算法", "乙算法")]),
        ("模型版本升级为甲2", [changed("model", None, "甲2")]),
        ("备案材料中新增甲大模型", [changed("model", None, "备案材料中新增甲大模型")]),
        ("增加接入甲大模型，乙大模型", [changed("model", None, "增加接入甲大模型，乙大模型")]),
        ("变更《甲内容》中算法场景、算法目的描述", [
            changed("other", None, "变更《甲内容》中算法场景、算法目的描述"),
        ]),
        ("《甲》变更乙策略、丙指标", [changed("other", None, "《甲》变更乙策略、丙指标")]),
        ("更新算法公示信息", [changed("other", None, "更新算法公示信息")]),
        ("简化产品访问路径", [changed("product", None, "简化产品访问路径")]),
        ("产品中新增甲功能访问路径", [changed("product", None, "产品中新增甲功能访问路径")]),
        ("产品甲新增乙功能，短信新增丙服务", [
            changed("product", None, "产品甲新增乙功能"),
            changed("product", None, "短信新增丙服务"),
        ]),
        ("更新备案主体名称", [entity()]),
        ("信息变更", [changed("other")]),
        ("已注销", [CANCELLED]),
        # two clauses with nothing between them
        ("新增产品甲(小程序)增加接入乙大模型", [
            added("甲(小程序)"), changed("model", None, "增加接入乙大模型"),
        ]),
        ("原主体名称“甲公司”变更为“乙公司”《丙》变更丁机制", [
            RENAMED, changed("other", None, "《丙》变更丁机制"),
        ]),
    ],
)  # fmt: skip
def test_wordings_of_the_lists_are_read(text, events):
    assert list(read_note(text)) == events


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
def test_a_renaming_is_read_however_it_is_written(text):
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
        # names show by their ends what they are the names of
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
        # names that hold the words of notes
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
def test_renamings_are_told_apart(text, events):
    assert list(read_note(text)) == events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("新增产品", [added()]),
        ("新增应用产品2个", [added()]),
        ("产品新增两款", [added()]),
        ("新增2个产品：甲(APP)、乙(APP)", [added("甲(APP)、乙(APP)")]),
        ("新增产品“甲”、“乙”", [added("“甲”、“乙”")]),
        ("新增“甲（APP）”产品", [added("甲（APP）")]),
        ("新增甲、乙两款产品", [added("甲、乙")]),
        ("新增产品甲(APP)，乙(网站)；丙(小程序)", [added("甲(APP)，乙(网站)；丙(小程序)")]),
        ("新增产品：1.甲(APP)；2.乙(APP)", [added("1.甲(APP)；2.乙(APP)")]),
        ("新增产品“甲”、\n乙(APP)", [added("“甲”、乙(APP)")]),
        ("新增产品 My App(APP)", [added("My App(APP)")]),
        ("新增产品甲（抖音、快手）(小程序)", [added("甲（抖音、快手）(小程序)")]),
        ("新增产品Let's Go(APP)、Don't Stop(APP)", [added("Let's Go(APP)、Don't Stop(APP)")]),
        ("新增小程序“甲”", [added("甲")]),
        ("关联产品：新增甲(APP)；删除乙(APP)", [added("甲(APP)"), removed("乙(APP)")]),
        ("产品变更（新增甲(APP)）", [PRODUCT, added("甲(APP)")]),
        ("新增产品甲(APP)、删除产品乙(APP)", [added("甲(APP)"), removed("乙(APP)")]),
        ("增加甲(APP)并删除乙(APP)", [added("甲(APP)"), removed("乙(APP)")]),
        ("新增、删除关联产品", [added(), removed()]),
        ("产品删除、新增", [removed(), added()]),
        ("移除产品“甲”", [removed("甲")]),
        ("更新产品：新增甲(APP)，下线乙(APP)", [added("甲(APP)"), removed("乙(APP)")]),
        ("新增产品甲(APP)、乙(APP)变更为丙(APP)", [
            added("甲(APP)"), product("乙(APP)", "丙(APP)"),
        ]),
        ("减少关联产品：甲、乙", [removed("甲、乙")]),
        ("删除产品", [removed()]),
        ("新增产品删除大师(APP)、变更助手(APP)", [added("删除大师(APP)、变更助手(APP)")]),
        ("主体名称由甲公司变更为乙公司并新增产品丙(APP)", [RENAMED, added("丙(APP)")]),
    ],
)  # fmt: skip
def test_products_are_listed_as_printed(text, events):
    assert list(read_note(text)) == events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("产品变更；算法模型变更。变更主要用途", [PRODUCT, MODEL, PURPOSE]),
        ("产品变更算法模型变更", [PRODUCT, MODEL]),
        ("产品变更/算法模型变更", [PRODUCT, MODEL]),
        ("变更产品、算法模型及主要用途", [PRODUCT, MODEL, PURPOSE]),
        ("产品、算法模型变更", [PRODUCT, MODEL]),
        ("主体名称、产品变更", [entity(), PRODUCT]),
        ("输入/输出模态变更", [MODALITY]),
        ("输入、输出模态变更", [MODALITY]),
        ("输出由文本变更为图像", [changed("modality", "文本", "图像")]),
        ("输入模态新增图像", [changed("modality", None, "输入模态新增图像")]),
        ("新增语音输入功能", [changed("modality", None, "新增语音输入功能")]),
        ("算法模型变更，由甲变更为乙", [changed("model", "甲", "乙")]),
        ("更换底层大模型为甲", [changed("model", None, "甲")]),
        ("新增“甲大模型”", [changed("model", None, "新增“甲大模型”")]),
        ("接入DeepSeek", [changed("model", None, "接入DeepSeek")]),
        ("安全责任人由张三变更为李四", [changed("person", "张三", "李四")]),
        ("法定代表人发生变更", [PERSON]),
        ("变更主要用途为应用于甲场景，服务于乙客户，生成丙。", [
            changed("purpose", None, "应用于甲场景，服务于乙客户，生成丙"),
        ]),
        ("主要用途由“甲”调整为“乙”", [changed("purpose", "甲", "乙")]),
        ("联系方式变更", [changed("other", None, "联系方式变更")]),
        ("角色由甲方变更为乙方", [changed("other", "甲方", "乙方")]),
        ("新增图像检索", [changed("other", None, "新增图像检索")]),
        ("备案信息已更新", [changed("other")]),
        ("变更《甲》、产品变更", [changed("other", None, "变更《甲》"), PRODUCT]),
        ("变更内容：产品变更”", [PRODUCT]),
        ("变更内容：“产品变更”", [PRODUCT]),
        ("该算法备案已注销", [CANCELLED]),
        ("注销备案", [CANCELLED]),
    ],
)  # fmt: skip
def test_changed_information_has_a_subject_each(text, events):
    assert list(read_note(text)) == events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("2024年8月，变更内容：产品变更，算法模型变更", [
            dated("2024-08", PRODUCT), dated("2024-08", MODEL),
        ]),
        ("产品变更；2024年8月，算法模型变更；已注销；2025年10月15日：变更主要用途", [
            PRODUCT,
            dated("2024-08", MODEL),
            dated("2024-08", CANCELLED),
            dated("2025-10", PURPOSE),
        ]),
        ("2024年4月、6月，产品变更", [dated("2024-06", PRODUCT)]),
        ("2024年12月和2025年1月产品变更", [dated("2025-01", PRODUCT)]),
        ("2023年4月新增产品，12月变更主要用途", [
            dated("2023-04", added()), dated("2023-12", PURPOSE),
        ]),
        ("2024年6月新增产品、2024年8月产品变更", [
            dated("2024-06", added()), dated("2024-08", PRODUCT),
        ]),
        ("原算法名称“甲”于2024年8月变更为“乙”；产品变更", [
            dated("2024-08", algorithm("甲", "乙")), PRODUCT,
        ]),
        ("产品变更（2024年8月）、算法模型变更", [
            dated("2024-08", PRODUCT), dated("2024-08", MODEL),
        ]),
        ("产品变更，2024年8月", [dated("2024-08", PRODUCT)]),
        ("（2025年7月注销）", [dated("2025-07", CANCELLED)]),
        ("该备案编号已于2025年7月31日注销", [dated("2025-07", CANCELLED)]),
        ("注销时间：2025年7月1日", [dated("2025-07", CANCELLED)]),
        *((f"{date}产品变更", [dated("2024-08", PRODUCT)]) for date in (
            "2024年8月", "2024年08月，", "２０２４年８月", "2024.8", "2024-08-15 ", "2024/8/1：",
            "自2024年8月起，", "于2024年8月", "【2024年8月】", "变更时间：2024年8月，变更内容：",
        )),
        ("2024年8月", [NoteEvent("unrecognised", "2024-08", None, "2024年8月")]),
        ("2025年13月，已注销", [NoteEvent("unrecognised", None, None, "2025年13月"), CANCELLED]),
        ("2024年4月产品变更，2024年6月", [
            dated("2024-04", PRODUCT), NoteEvent("unrecognised", "2024-06", None, "2024年6月"),
        ]),
    ],
)  # fmt: skip
def test_months_hold_until_the_next_but_inside_a_clause_for_it_alone(text, events):
    assert list(read_note(text)) == events


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
def test_numbers_breaks_and_links_between_clauses_are_passed_over(text):
    assert list(read_note(text)) == [PRODUCT, MODEL, PURPOSE]


def test_a_number_in_a_name_does_not_begin_a_clause():
    assert list(read_note("1.新增产品甲2.0(APP)、乙(APP) 2.删除产品丙1.0(APP)")) == [
        added("甲2.0(APP)、乙(APP)"), removed("丙1.0(APP)"),
    ]  # fmt: skip


NO_CLAUSE = r"""
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


@pytest.mark.parametrize("text", each_line(NO_CLAUSE))
def test_what_only_resembles_a_clause_is_kept_in_its_words(text):
    assert list(read_note(text)) == [NoteEvent("unrecognised", None, None, text)]


def test_an_unknown_clause_does_not_hide_the_others():
    assert list(read_note("“没有另一半；新增产品、转让给乙公司，产品变更")) == [
        event("unrecognised", None, "“没有另一半"),
        event("unrecognised", None, "新增产品、转让给乙公司"),
        PRODUCT,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["已\u200b注销", "已 注销", "已　注销\ufeff", "已注\n销"])
def test_what_the_eye_does_not_see_makes_no_difference(text):
    assert list(read_note(text)) == [CANCELLED]


def test_names_are_compared_by_their_keys():
    (renamed,) = read_note("原主体名称“甲（北京） 公司”变更为“乙(北京)公司”")
    assert (renamed.old_key, renamed.new_key) == ("甲(北京)公司", "乙(北京)公司")
    (renamed,) = read_note("原主体名称“甲\u200b”变更为“\ufeff乙”")
    assert (renamed.old_key, renamed.new_key) == ("甲", "乙")
    assert read_note("已注销")[0].new_key is None


def test_the_shipped_notes_tell_455_events_and_all_are_understood():
    notes = [row.note for rows in load_register().filings.values() for row in rows if row.note]
    kinds = Counter(told.kind for note in notes for told in read_note(note))
    assert kinds == {
        "entity_renamed": 118, "algorithm_renamed": 47, "product_renamed": 49,
        "products_added": 84, "products_removed": 4, "information_changed": 107, "cancelled": 46,
    }  # fmt: skip
