"""The arithmetic of sectors with a few made-up terms, and the form of the shipped terms."""

import unicodedata

import polars as pl
import pytest

from orchestration.classification.rules import load_rules
from orchestration.classification.sectors import (
    FIELD_GROUPS,
    SectorRules,
    classify_sectors,
)
from orchestration.classification.shipped import read_seed

TERMS = [
    ("银行", "finance", "any", 3.0),
    ("课程", "education", "any", 3.0),
    ("作业", "education", "purpose", 2.0),
    ("农", "agriculture", "entity", 4.0),
    ("数字人", "creative", "any", 4.0),
    ("数字人民币", "finance", "any", 4.0),
    ("小程序", "enterprise", "any", 4.0),
    ("无关银行", "general", "any", 0.0),
    ("image", "creative", "outputs", 1.5),
    ("text>image", "general", "supporter_shape", 3.0),
]
FIELDS = [
    ("purpose", 1.0), ("functions", 0.2), ("product", 1.0), ("algorithm", 1.0), ("entity", 0.5),
]  # fmt: skip
SECTORS = [
    ("education", 2, 0.0), ("finance", 1, 0.0), ("agriculture", 3, 0.0), ("enterprise", 4, -1.0),
    ("creative", 5, -0.5), ("general", 6, 0.8),
]  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> SectorRules:
    frames = [
        pl.DataFrame(TERMS, schema=["term", "sector", "field", "weight"], orient="row"),
        pl.DataFrame(FIELDS, schema=["field", "factor"], orient="row"),
        pl.DataFrame(SECTORS, schema=["code", "tie_order", "head_start"], orient="row"),
    ]
    return SectorRules(*frames)


def classified(rules: SectorRules, **texts: str | None) -> dict[str, object]:
    filing = {
        "algorithm_name": "甲", "entity_name": "乙", "products": "丙（APP）", "purpose": "丁",
        "inputs": "text", "outputs": "text",
    } | texts  # fmt: skip
    frame = pl.DataFrame([filing], schema=dict.fromkeys(filing, pl.String))
    return classify_sectors(frame, rules).row(0, named=True)


def test_each_further_term_counts_half_of_the_one_before(rules):
    found = classified(rules, purpose="银行的课程和作业")
    assert found["sector"] == "education"  # 3 + 2 / 2 against 3
    assert found["sector_runner_up"] == "finance"
    assert found["sector_margin"] == 1.0
    assert found["sector_evidence"] == "课程 (purpose) 3.0, 作业 (purpose) 2.0"


def test_equal_scores_are_ranked_by_tie_order(rules):
    assert classified(rules, purpose="银行课程")["sector"] == "finance"


def test_term_in_several_fields_counts_once_with_the_highest_weight(rules):
    found = classified(rules, algorithm_name="银行", entity_name="银行", purpose="银行")
    assert found["sector_evidence"] == "银行 (algorithm) 3.0"
    assert found["sector_margin"] == 2.2  # 3 minus the head start of general


def test_field_has_its_terms_and_its_factor(rules):
    assert classified(rules, purpose="农")["sector"] == "general"
    assert classified(rules, entity_name="农牧")["sector_evidence"] == "农 (entity) 2.0"


def test_longer_term_masks_a_shorter_one(rules):
    assert classified(rules, purpose="数字人民币")["sector"] == "finance"
    assert classified(rules, purpose="数字人")["sector"] == "creative"
    assert classified(rules, purpose="无关银行")["sector_evidence"] == "no term found"


def test_invisible_characters_and_radicals_make_no_difference(rules):
    assert classified(rules, purpose="银\u200b 行")["sector"] == "finance"
    # ⾏ is U+2F8F, a Kangxi radical
    assert classified(rules, purpose="银⾏")["sector"] == "finance"


def test_product_kind_is_not_searched(rules):
    assert classified(rules, products="丙（小程序）、丁(小程序)")["sector"] == "general"
    assert classified(rules, products="小程序助手(小程序)")["sector"] == "enterprise"


def test_purpose_naming_three_industries_is_evidence_for_none(rules):
    found = classified(rules, purpose="银行、课程和农", entity_name="丙")
    assert found["sector"] == "finance"
    with_third = SectorRules(
        pl.concat([
            rules.terms,
            pl.DataFrame(
                [("矿", "agriculture", "any", 3.0)], schema=rules.terms.schema, orient="row"
            ),
        ]),
        rules.fields,
        rules.sectors,
    )  # fmt: skip
    found = classified(with_third, purpose="银行、课程和矿等领域")
    assert (found["sector"], found["sector_evidence"]) == ("general", "no term found")


def test_tools_are_not_counted_as_industries_in_a_list(rules):
    found = classified(rules, purpose="银行、课程、数字人和小程序")
    assert (found["sector"], found["sector_evidence"]) == ("finance", "银行 (purpose) 3.0")


def test_subject_of_the_purpose_outranks_a_tool(rules):
    assert classified(rules, algorithm_name="数字人", products="银行")["sector"] == "creative"
    found = classified(rules, algorithm_name="数字人", purpose="银行")
    assert (found["sector"], found["sector_margin"]) == ("finance", 0.5)


def test_purpose_listing_industries_names_no_subject(rules):
    third = with_terms(rules, ("矿", "agriculture", "any", 3.0))
    found = classified(third, algorithm_name="数字人", purpose="银行、课程和矿等领域")
    assert found["sector_evidence"] == "数字人 (algorithm) 4.0"


def test_term_does_not_match_across_the_border_of_a_frequent_word(rules):
    novels = with_terms(rules, ("网文", "education", "any", 4.0), ("精神科", "legal", "any", 4.0))
    assert classified(novels, algorithm_name="甲网文算法")["sector"] == "education"
    assert classified(novels, algorithm_name="物联网文本算法")["sector"] == "general"
    assert classified(novels, entity_name="甲精神科技公司")["sector"] == "general"
    # A term that contains the word still matches.
    whole = with_terms(rules, ("智能客服", "enterprise", "any", 4.0))
    assert classified(whole, algorithm_name="甲智能客服算法")["sector"] == "enterprise"


def with_terms(rules: SectorRules, *terms: tuple[str, str, str, float]) -> SectorRules:
    added = pl.DataFrame(terms, schema=rules.terms.schema, orient="row")
    return rules._replace(terms=pl.concat([rules.terms, added]))


def test_term_in_two_seeds_has_the_higher_weight(rules):
    twice = with_terms(rules, ("银行", "finance", "any", 1.0))
    assert classified(twice, purpose="银行")["sector_evidence"] == "银行 (purpose) 3.0"


def test_evidence_shows_five_terms(rules):
    signs = "甲乙丙丁戊己"
    many = with_terms(rules, *((f"矿{sign}", "energy", "any", 3.0) for sign in signs))
    sectors = pl.DataFrame([("energy", 7, 0.0)], schema=rules.sectors.schema, orient="row")
    many = many._replace(sectors=pl.concat([rules.sectors, sectors]))
    found = classified(many, purpose="".join(f"矿{sign}" for sign in signs))
    assert (found["sector"], found["sector_evidence"].count("矿")) == ("energy", 5)


def test_missing_texts_are_no_evidence(rules):
    found = classified(rules, purpose=None, algorithm_name=None, entity_name=None)
    assert found["sector"] == "general"


def test_terms_in_a_list_of_functions_count_less(rules):
    one = classified(rules, purpose="生成银行文本，实现问答功能。")
    assert one["sector_evidence"] == "银行 (purpose) 3.0"
    listed = classified(rules, purpose="生成文本，实现问答、银行、写作等功能。")
    assert listed["sector"] == "general"
    assert listed["sector_runner_up"] == "finance"


def test_terms_in_a_long_list_of_products_count_less(rules):
    few = classified(rules, products="银行（APP）、乙（APP）")
    many = classified(rules, products="银行（APP）、" + "、".join(["乙（APP）"] * 14))
    assert (few["sector"], many["sector"]) == ("finance", "general")
    assert few["sector_evidence"] == "银行 (product) 3.0"


def test_outputs_decide_when_there_is_no_other_term(rules):
    assert classified(rules, outputs="image")["sector"] == "creative"
    assert classified(rules, outputs="image", products="--")["sector"] == "general"
    assert classified(rules, outputs="image", products=None)["sector"] == "general"
    assert classified(rules, outputs="image", products="")["sector"] == "general"
    assert classified(rules, inputs="image", outputs="image", products="--")["sector"] == "creative"
    assert classified(rules, outputs="image", purpose="银行")["sector"] == "finance"


@pytest.mark.parametrize("scenario", ["对话生成", "图像识别", "智能客服"])
def test_outputs_of_replies_and_findings_are_no_evidence(rules, scenario):
    purpose = f"应用于{scenario}场景，根据用户输入的文本，生成图像。"
    assert classified(rules, outputs="image", purpose=purpose)["sector"] == "general"
    generated = purpose.replace(scenario, "图像生成")
    assert classified(rules, outputs="image", purpose=generated)["sector"] == "creative"


def test_filing_without_terms_is_general_and_has_no_runner_up(rules):
    found = classified(rules)
    assert (found["sector"], found["sector_runner_up"]) == ("general", None)
    assert found["sector_margin"] == 0.8


def test_classification_is_deterministic_and_independent_of_other_rows(rules):
    texts = ["银行", "课程作业", "甲", "农"] * 50
    frame = pl.DataFrame(
        {
            "algorithm_name": texts, "entity_name": texts[::-1], "products": ["--"] * 200,
            "purpose": texts, "inputs": ["text"] * 200, "outputs": ["text"] * 200,
        }
    )  # fmt: skip
    found = classify_sectors(frame, rules)
    assert found.equals(classify_sectors(frame, rules))
    one_by_one = pl.concat([classify_sectors(frame.slice(row, 1), rules) for row in range(8)])
    assert found.head(8).equals(one_by_one)


def test_shipped_terms_are_normalised_words():
    terms = load_rules(read_seed).sectors.terms
    wrong = [
        term
        for term in terms["term"]
        if term != "".join(unicodedata.normalize("NFKC", term).lower().split())
    ]
    assert wrong == []
    assert set(terms["field"]) <= set(FIELD_GROUPS)
    # Words rather than pieces of sentences, which would only fit the wording of one source.
    assert terms.filter(pl.col("term").str.contains("[、，。；,;()]")).height == 0
    # A single character is evidence only in the name of a company or a product.
    short = terms.filter(
        pl.col("term").str.len_chars() == 1,
        pl.col("weight") > 0,
        pl.col("field").is_in(["any", "use", "purpose"]),
    )
    assert short["term"].to_list() == ["砼"]  # Concrete: a word used only in construction.
