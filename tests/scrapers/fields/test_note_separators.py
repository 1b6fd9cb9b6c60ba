"""Notes with several clauses separated only by 、, and names that contain vocabulary."""

import pytest

from scrapers.fields.notes import read_note
from tests.scrapers.fields.note_events import (
    MODALITY,
    MODEL,
    PERSON,
    PRODUCT,
    PURPOSE,
    added,
    algorithm,
    changed,
    dated,
    entity,
    event,
    product,
    removed,
)


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("产品变更、算法模型变更、输入/输出模态变更", [PRODUCT, MODEL, MODALITY]),
        ("算法输入/输出模态变更、变更主要用途", [MODALITY, PURPOSE]),
        ("变更算法安全责任人、输入、输出模态变更", [PERSON, MODALITY]),
        ("新增产品甲(APP)、输入及输出模态变更", [added("甲(APP)"), MODALITY]),
        ("变更法人、原算法名称甲算法变更为乙算法", [PERSON, algorithm("甲算法", "乙算法")]),
        ("变更主要用途、原主体由甲公司变更为乙公司", [PURPOSE, entity("甲公司", "乙公司")]),
        (
            "变更主要用途文字描述、原产品名称甲(小程序)变更为乙(小程序)",
            [PURPOSE, product("甲(小程序)", "乙(小程序)")],
        ),
        (
            "原算法名称“甲算法”变更为“乙算法”、主体丙公司变更为丁公司",
            [algorithm("甲算法", "乙算法"), entity("丙公司", "丁公司")],
        ),
        (
            "主体“甲公司”变更为“乙公司”、原产品丙(APP)变更为丁(网站)",
            [entity("甲公司", "乙公司"), product("丙(APP)", "丁(网站)")],
        ),
        (
            "原主体由甲和信息技术有限公司变更为乙公司、产品变更",
            [entity("甲和信息技术有限公司", "乙公司"), PRODUCT],
        ),
        (
            "增加产品甲(APP)、删除产品乙(APP)、企业知识管理平台(网站)",
            [added("甲(APP)"), removed("乙(APP)、企业知识管理平台(网站)")],
        ),
        ("新增产品甲(APP)、优化大师(APP)", [added("甲(APP)、优化大师(APP)")]),
        (
            "原产品名称“甲(APP)”变更为“乙(APP)”、简化产品访问路径",
            [
                product("甲(APP)", "乙(APP)"),
                changed("product", None, "简化产品访问路径"),
            ],
        ),
        ("算法模型变更、“甲(APP)”变更为“乙(APP)”", [MODEL, product("甲(APP)", "乙(APP)")]),
    ],
)
def test_clauses_separated_by_an_enumeration_comma(text, events):
    assert list(read_note(f"变更内容：{text}")) == events


@pytest.mark.parametrize(
    "name",
    ["有道翻译(APP)", "有一云(网站)", "名医汇(网站)", "原神(APP)", "“深思大模型”能力平台(网站)"],
)
def test_name_that_starts_with_a_word_of_the_vocabulary_is_complete(name):
    assert list(read_note(f"变更内容：新增产品{name}")) == [added(name)]
    assert list(read_note(f"变更内容：产品{name}变更为乙(APP)")) == [product(name, "乙(APP)")]


@pytest.mark.parametrize(
    "name",
    ["自然语义(青岛)科技有限公司", "从法信息有限公司", "未见科技有限公司", "尚医智联有限公司"],
)
@pytest.mark.parametrize("head", ["原主体名称", "主体名称由", "主体由"])
def test_entity_name_keeps_its_first_character(head, name):
    assert list(read_note(f"变更内容：{head}{name}变更为乙公司")) == [entity(name, "乙公司")]


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("原算法名称原誉神算法变更为乙算法", "原誉神算法"),
        ("算法名称由由心心理算法变更为乙算法", "由心心理算法"),
        ("算法名称原“甲算法”变更为“乙算法”", "甲算法"),
        ("算法名称为：甲算法变更为乙算法", "甲算法"),
    ],
)
def test_only_one_word_precedes_an_unquoted_name(text, old):
    assert list(read_note(text)) == [algorithm(old, "乙算法")]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        (
            "备案材料中百川大模型算法变更为豆包大模型算法",
            [changed("model", "百川大模型算法", "豆包大模型算法")],
        ),
        (
            "原使用的百川大模型变更为豆包大模型",
            [changed("model", "百川大模型", "豆包大模型")],
        ),
        (
            "新增产品甲(APP)、乙(网站)接入豆包大模型",
            [added("甲(APP)、乙(网站)"), changed("model", None, "接入豆包大模型")],
        ),
        (
            "删除甲“天幕”助手(网站)、新增丙大模型开发平台(网站)",
            [removed("甲“天幕”助手(网站)"), added("丙大模型开发平台(网站)")],
        ),
    ],
)
def test_model_is_distinguished_from_algorithm_and_product(text, events):
    assert list(read_note(f"变更内容：{text}")) == events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("新增（关联）产品", [added()]),
        ("新增（关联）产品：甲（APP）", [added("甲（APP）")]),
        ("删除(关联)产品甲(APP)", [removed("甲(APP)")]),
        ("删除原关联产品甲(APP)", [removed("甲(APP)")]),
        ("新增产品有：甲(APP)", [added("甲(APP)")]),
        ("新增产品为“甲(APP)”", [added("甲(APP)")]),
        ("现主体“乙有限公司”", [entity(None, "乙有限公司")]),
        (
            "原主体“甲有限公司”、现主体“乙有限公司”",
            [entity("甲有限公司", "乙有限公司")],
        ),
    ],
)
def test_words_about_products_and_entities_are_not_part_of_names(text, events):
    assert list(read_note(f"变更内容：{text}")) == events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("安全责任人变更：张三变更为李四", [changed("person", "张三", "李四")]),
        (
            "算法模型变更，文心大模型变更为豆包大模型",
            [changed("model", "文心大模型", "豆包大模型")],
        ),
        (
            "主要用途由应用于对话场景，服务于企业客户，变更为应用于对话场景，服务于个人用户",
            [
                changed(
                    "purpose",
                    "应用于对话场景，服务于企业客户",
                    "应用于对话场景，服务于个人用户",
                )
            ],
        ),
        ("参数规模由7B变更为32B", [event("unrecognised", None, "参数规模由7B变更为32B")]),
    ],
)
def test_changed_information_has_its_values(text, events):
    assert list(read_note(f"变更内容：{text}")) == events


@pytest.mark.parametrize("head", ["变更内容；", "变更内容，", "变更内容∶", "変更内容："])
def test_heading_of_a_note_is_ignored(head):
    assert list(read_note(f"{head}产品变更")) == [PRODUCT]


@pytest.mark.parametrize("months", ["2024年4、6月", "2024年4月、6月", "2024年6月、4月"])
def test_latest_of_several_months_counts(months):
    assert list(read_note(f"{months}，产品变更")) == [dated("2024-06", PRODUCT)]
