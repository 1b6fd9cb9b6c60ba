"""The sector's arithmetic on made-up terms, and that the shipped terms are usable."""

import unicodedata

import polars as pl
import pytest

from orchestration.classification.quality import read_seed
from orchestration.classification.rules import load_rules
from orchestration.classification.sectors import (
    FIELD_GROUPS,
    SectorRules,
    classify_sectors,
)

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


def read(rules: SectorRules, **texts: str | None) -> dict[str, object]:
    filing = {
        "algorithm_name": "甲", "entity_name": "乙", "products": "丙（APP）", "purpose": "丁",
        "inputs": "text", "outputs": "text",
    } | texts  # fmt: skip
    frame = pl.DataFrame([filing], schema=dict.fromkeys(filing, pl.String))
    return classify_sectors(frame, rules).row(0, named=True)


def test_the_strongest_term_counts_whole_each_further_one_half_of_the_one_before(rules):
    found = read(rules, purpose="银行的课程和作业")
    assert found["sector"] == "education"  # 3 + 2 / 2 against 3
    assert found["sector_runner_up"] == "finance"
    assert found["sector_margin"] == 1.0
    assert found["sector_evidence"] == "课程 (purpose) 3.0, 作业 (purpose) 2.0"


def test_a_tie_goes_by_the_order_of_ties(rules):
    assert read(rules, purpose="银行课程")["sector"] == "finance"


def test_a_term_counts_once_where_it_says_most(rules):
    found = read(rules, algorithm_name="银行", entity_name="银行", purpose="银行")
    assert found["sector_evidence"] == "银行 (algorithm) 3.0"
    assert found["sector_margin"] == 2.2  # 3 less the head start of general


def test_a_field_is_searched_for_its_own_terms_and_counts_by_its_factor(rules):
    assert read(rules, purpose="农")["sector"] == "general"
    assert read(rules, entity_name="农牧")["sector_evidence"] == "农 (entity) 2.0"


def test_a_longer_term_hides_a_shorter_one(rules):
    assert read(rules, purpose="数字人民币")["sector"] == "finance"
    assert read(rules, purpose="数字人")["sector"] == "creative"
    assert read(rules, purpose="无关银行")["sector_evidence"] == "no term found"


def test_width_case_and_unseen_signs_make_no_difference(rules):
    assert read(rules, purpose="银\u200b 行")["sector"] == "finance"
    # ⾏ is U+2F8F, a Kangxi radical
    assert read(rules, purpose="银⾏")["sector"] == "finance"


def test_the_kind_of_a_product_is_no_hint(rules):
    assert read(rules, products="丙（小程序）、丁(小程序)")["sector"] == "general"
    assert read(rules, products="小程序助手(小程序)")["sector"] == "enterprise"


def test_a_list_of_industries_says_nothing(rules):
    found = read(rules, purpose="银行、课程和农", entity_name="丙")
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
    found = read(with_third, purpose="银行、课程和矿等领域")
    assert (found["sector"], found["sector_evidence"]) == ("general", "no term found")


def test_in_a_list_of_functions_each_says_little(rules):
    one = read(rules, purpose="生成银行文本，实现问答功能。")
    assert one["sector_evidence"] == "银行 (purpose) 3.0"
    listed = read(rules, purpose="生成文本，实现问答、银行、写作等功能。")
    assert listed["sector"] == "general"
    assert listed["sector_runner_up"] == "finance"


def test_in_a_long_list_of_products_each_counts_less(rules):
    few = read(rules, products="银行（APP）、乙（APP）")
    many = read(rules, products="银行（APP）、" + "、".join(["乙（APP）"] * 14))
    assert (few["sector"], many["sector"]) == ("finance", "general")


def test_what_is_put_out_decides_where_nothing_else_does(rules):
    assert read(rules, outputs="image")["sector"] == "creative"
    assert read(rules, outputs="image", products="--")["sector"] == "general"
    assert read(rules, outputs="image", products=None)["sector"] == "general"
    assert read(rules, inputs="image", outputs="image", products="--")["sector"] == "creative"
    assert read(rules, outputs="image", purpose="银行")["sector"] == "finance"


def test_without_a_term_it_is_general_and_has_no_runner_up(rules):
    found = read(rules)
    assert (found["sector"], found["sector_runner_up"]) == ("general", None)
    assert found["sector_margin"] == 0.8


def test_the_same_on_every_run_and_row_by_row(rules):
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


def test_the_shipped_terms_are_in_the_form_in_which_texts_are_searched():
    terms = load_rules(read_seed).sectors.terms
    wrong = [
        term
        for term in terms["term"]
        if term != "".join(unicodedata.normalize("NFKC", term).lower().split())
    ]
    assert wrong == []
    assert set(terms["field"]) <= set(FIELD_GROUPS)
    # Words, no pieces of sentences: those would know the wording of one source only.
    assert terms.filter(pl.col("term").str.contains("[、，。；,;()]")).height == 0
    # One sign alone says something in the name of a company or a product at most.
    short = terms.filter(
        pl.col("term").str.len_chars() == 1,
        pl.col("weight") > 0,
        pl.col("field").is_in(["any", "use", "purpose"]),
    )
    assert short["term"].to_list() == ["砼"]  # concrete, a word of builders only
