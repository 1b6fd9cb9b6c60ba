"""The article's claims over the shipped register: texts, verdicts and queries."""

import csv
import re

import duckdb
import pytest

from tests.dbt_project.builds import PROJECT, BuildResult
from tests.support.paths import SHARED

CLAIMS = SHARED / "data" / "claims.tsv"


def seed() -> list[dict[str, str]]:
    with (PROJECT / "seeds" / "claims.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def figures(text: str) -> set[str]:
    return set(re.findall(r"\d+", text.replace(",", "")))


def test_every_claim_is_measured(register: BuildResult):
    claimed = [(claim["claim_id"],) for claim in seed()]
    assert len(claimed) == 30
    assert register.rows("select claim_id from article_claims") == claimed
    measured = register.rows("select distinct claim_id from article_claim_readings order by 1")
    assert measured == sorted(claimed)


@pytest.mark.skipif(not CLAIMS.exists(), reason="claims.tsv is not available")
def test_claims_are_those_of_the_article():
    with CLAIMS.open(encoding="utf-8", newline="") as lines:
        article = list(csv.DictReader(lines, delimiter="\t"))
    facts = [name for name in article[0] if name != "statement"]
    assert [[claim[name] for name in facts] for claim in seed()] == [
        [claim[name] for name in facts] for claim in article
    ]
    # Some statements are extended to whole sentences.
    for ours, theirs in zip(seed(), article, strict=True):
        assert set(theirs["statement"].split()) <= set(ours["statement"].split())


@pytest.mark.parametrize(
    ("mart", "columns"),
    [
        ("article_claims", "section subject statement scope reason definition would_need"),
        ("article_claim_readings", "definition reason"),
    ],
)
def test_texts_are_in_both_languages(register: BuildResult, mart: str, columns: str):
    for column in columns.split():
        for english, chinese in register.rows(f"select {column}, {column}_zh from {mart}"):
            assert (english is None) == (chinese is None), english
            assert chinese is None or re.search("[\u4e00-\u9fff]", chinese), chinese


def test_definitions_are_sentences_in_both_languages(register: BuildResult):
    rows = register.rows("select definition, definition_zh from article_claim_readings")
    for english, chinese in rows:
        assert english[0].isupper() and english.endswith("."), english
        assert chinese.endswith("。"), chinese


@pytest.mark.parametrize("column", ["statement", "scope", "would_need"])
def test_both_languages_have_the_same_figures(column: str):
    for claim in seed():
        english, chinese = figures(claim[column]), figures(claim[f"{column}_zh"])
        assert english == chinese, claim["claim_id"]


def test_definitions_have_the_same_figures_in_both_languages(register: BuildResult):
    rows = register.rows("select definition, definition_zh from article_claim_readings")
    different = [row for row in rows if figures(row[0]) != figures(row[1])]
    assert different == []


def test_a_stated_percentage_is_in_the_statement():
    for claim in seed():
        if claim["unit"] == "percent":
            assert claim["stated_value"] in figures(claim["statement"]), claim["claim_id"]


def test_ten_batches_have_3234_filings_and_beijing_27_percent(register: BuildResult):
    assert register.rows(
        "select claim_id, round(measured_value, 1), counted, out_of, verdict from article_claims "
        "where claim_id in ('total_filings', 'beijing_share', 'first_tier_share') order by 1"
    ) == [
        ("beijing_share", 27.4, 887, 3234, "contradicted"),
        ("first_tier_share", 62.9, 2035, 3234, "supported"),
        ("total_filings", 3234.0, 3234, None, "contradicted"),
    ]


def test_digital_humans_are_below_a_tenth_of_filings_from_chengdu(register: BuildResult):
    values = register.rows(
        "select measured_value, out_of, verdict, readings_supporting from article_claims "
        "where claim_id = 'chengdu_digital_humans'"
    )
    ((share, filings, verdict, supporting),) = values
    assert share < 10
    assert (filings, verdict, supporting) == (119, "contradicted", 0)


def test_named_systems_are_found_by_filing_number(register: BuildResult):
    assert register.rows(
        "select claim_id, filing_numbers from article_claims where section = 'named systems' "
        "and len(filing_numbers) between 1 and 3 order by 1"
    ) == [
        ("named_eastmoney", ["310114290024201230047", "310114290024201230055"]),
        ("named_ernie", ["110108645502801230035", "110108645502801230043"]),
        ("named_metastudio",
         ["520111252474601240045", "520111252474601240053", "520111252474601240061"]),
        ("named_nanfang_caijing", ["440106363275501240015"]),
        ("named_tencent_music", ["440305544180001240063"]),
        ("named_wanhua", ["370611542539701240015"]),
    ]  # fmt: skip


def test_claims_beyond_the_register_are_not_measurable_with_a_reason(register: BuildResult):
    rows = register.rows(
        "select claim_id, reason, would_need is not null from article_claims "
        "where verdict = 'not_measurable' and measured_value is null"
    )
    reasons = {claim: reason for claim, reason, has_need in rows if has_need}
    assert reasons["pass_rate_first"] == "the register does not contain this"
    assert {"pass_rate_tenth", "dual_track_2026"} <= set(reasons)


def test_every_query_returns_its_measured_values(register: BuildResult):
    rows = register.rows(
        "select query, measured_value, counted, out_of, filing_numbers, claim_id "
        "from article_claim_readings"
    )
    assert len(rows) > 90
    with duckdb.connect(str(register.warehouse), read_only=True) as connection:
        for query, *measured, claim in rows:
            assert connection.sql(query).fetchall() == [tuple(measured)], (claim, query)
