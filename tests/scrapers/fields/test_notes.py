"""Notes: the wordings of the lists and similar ones, clause by clause."""

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
    product,
    removed,
)


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
        # two clauses without a separator
        ("新增产品甲(小程序)增加接入乙大模型", [
            added("甲(小程序)"), changed("model", None, "增加接入乙大模型"),
        ]),
        ("原主体名称“甲公司”变更为“乙公司”《丙》变更丁机制", [
            RENAMED, changed("other", None, "《丙》变更丁机制"),
        ]),
    ],
)  # fmt: skip
def test_wording_of_the_lists_has_its_events(text, events):
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
def test_changed_information_has_its_subject(text, events):
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
def test_month_applies_until_the_next_one_or_within_its_clause(text, events):
    assert list(read_note(text)) == events


@pytest.mark.parametrize("text", ["已\u200b注销", "已 注销", "已　注销\ufeff", "已注\n销"])
def test_invisible_characters_are_ignored(text):
    assert list(read_note(text)) == [CANCELLED]


def test_event_has_the_matching_keys_of_its_values():
    (renamed,) = read_note("原主体名称“甲（北京） 公司”变更为“乙（北京） 公司”")
    assert (renamed.old_key, renamed.new_key) == ("甲(北京)公司", "乙(北京)公司")
    (renamed,) = read_note("原主体名称“甲\u200b”变更为“\ufeff乙”")
    assert (renamed.old_key, renamed.new_key) == ("甲", "乙")
    assert read_note("已注销")[0].new_key is None


def test_notes_of_the_replica_have_455_events_without_unrecognised_ones():
    notes = [row.note for rows in load_register().filings.values() for row in rows if row.note]
    kinds = Counter(event.kind for note in notes for event in read_note(note))
    assert kinds == {
        "entity_renamed": 118, "algorithm_renamed": 47, "product_renamed": 49,
        "products_added": 84, "products_removed": 4, "information_changed": 107, "cancelled": 46,
    }  # fmt: skip
