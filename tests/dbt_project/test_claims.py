"""The article's claims over the shipped register: texts, verdicts and queries."""

import csv
import re
from datetime import date

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
        ("claim_measures", "settles_nothing supports_nothing"),
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
        "where claim_id in ('total_filings', 'beijing_share') order by 1"
    ) == [
        ("beijing_share", 27.4, 887, 3234, "contradicted"),
        ("total_filings", 3234.0, 3234, None, "contradicted"),
    ]


def test_verdicts_of_the_shipped_registers(register: BuildResult):
    rows = register.rows(
        "select verdict, list(claim_id order by claim_id) from article_claims group by 1"
    )
    verdicts = dict(rows)
    assert verdicts["supported"] == [
        "cross_modal_share", "named_ernie", "named_metastudio", "named_nanfang_caijing",
        "named_tencent_music", "named_wanhua",
    ]  # fmt: skip
    assert verdicts["not_measurable"] == ["pass_rate_first", "pass_rate_tenth"]
    assert verdicts["inconclusive"] == [
        "causal_share_2026", "finance_growth", "first_tier_share",
        "healthcare_penetration_2023", "industry_growth", "named_eastmoney", "named_gaotu",
        "rising_share", "second_tier_share", "wuhan_healthcare_growth",
    ]  # fmt: skip
    assert len(verdicts["contradicted"]) == 12


def test_tiers_that_the_article_does_not_define_settle_nothing(register: BuildResult):
    rows = register.rows(
        "select distinct verdict, reason_code from article_claim_readings "
        "where claim_id in ('first_tier_share', 'second_tier_share', 'rising_share')"
    )
    assert rows == [("inconclusive", "settles_nothing")]
    ranked = register.rows(
        "select counted, out_of, readings_inconclusive = readings from article_claims "
        "where claim_id = 'first_tier_share'"
    )
    assert ranked == [(2035, 3234, True)]


def test_a_share_of_something_else_neither_supports_nor_contradicts(register: BuildResult):
    rows = register.rows(
        "select distinct verdict from article_claim_readings as reading "
        "inner join claims using (claim_id) inner join claim_measures as measure "
        "on measure.claim_id = reading.claim_id and measure_no = reading_no "
        "where comparison = 'about' and supports_nothing is not null"
    )
    assert rows == [("inconclusive",)]
    assert register.rows(
        "select round(measured_value, 1), reason_code, reason, reason_zh "
        "from article_claim_readings where claim_id = 'beijing_share' and reading_no = 4"
    ) == [
        (
            23.6,
            "supports_nothing",
            "the value differs, but a name does not show where an entity is registered",
            "数值不符，但仅凭名称无法判断主体的注册地",
        )
    ]


def test_a_count_that_can_contradict_is_not_below_the_direct_one(register: BuildResult):
    rows = register.rows(
        "select reading.claim_id, reading_no, counted, first.counted_first "
        "from article_claim_readings as reading inner join claims using (claim_id) "
        "inner join claim_measures as measure "
        "on measure.claim_id = reading.claim_id and measure_no = reading_no "
        "inner join (select claim_id, counted as counted_first from article_claim_readings "
        "where reading_no = 1) as first on first.claim_id = reading.claim_id "
        "where comparison <> 'about' and supports_nothing is not null"
    )
    assert len(rows) > 10
    assert [row for row in rows if row[2] < row[3]] == []


def test_a_filing_of_the_company_alone_supports_no_claim(register: BuildResult):
    rows = register.rows(
        "select claim_id, reading_no, reason_code from article_claim_readings "
        "where claim_id like 'named%' and definition similar to 'Number of filings of [^ ]+\\.'"
    )
    assert len(rows) == 3
    assert {reason for _, _, reason in rows} == {"supports_nothing"}


def test_the_widest_measure_of_5000_filings_counts_4294(register: BuildResult):
    assert register.rows(
        "select reading_no, counted, verdict from article_claim_readings "
        "where claim_id = 'total_filings' and reading_no > 3 order by 1"
    ) == [(4, 3789, "contradicted"), (5, 4294, "contradicted")]


def test_generative_share_of_algorithm_filings_of_all_kinds(register: BuildResult):
    assert register.rows(
        "select reading_no, round(measured_value, 1), counted, out_of, verdict "
        "from article_claim_readings where claim_id = 'generative_share' and reading_no > 4"
    ) == [(5, 85.4, 3234, 3789, "contradicted"), (6, 87.1, 3739, 4294, "inconclusive")]


def test_the_first_generative_service_was_filed_before_2026(register: BuildResult):
    assert register.rows(
        "select measured_value, counted, out_of, verdict from article_claim_readings "
        "where claim_id = 'dual_track_2026' and reading_no = 1"
    ) == [(2023.0, 1182, 1842, "contradicted")]


def test_counts_of_services_by_year_do_not_decide_the_forecast(register: BuildResult):
    rows = register.rows(
        "select reading_no, counted, out_of, verdict, reason_code "
        "from article_claim_readings where claim_id = 'dual_track_2026' and reading_no > 1 "
        "order by 1"
    )
    # One registered service of 2025 was never printed.
    totals = {2: (302, 302), 3: (346, 346), 4: (748, 748), 5: (434, 435)}
    assert rows == [
        (number, counted, stated, "inconclusive", "settles_nothing")
        for number, (counted, stated) in totals.items()
    ]


def test_forecast_is_inconclusive_until_a_list_after_its_year_is_loaded(register: BuildResult):
    rows = register.rows(
        "select reading_no, counted, out_of, verdict, reason_code, reason like '%of 2026-07,%' "
        "from article_claim_readings where claim_id = 'causal_share_2026' order by 1 limit 3"
    )
    assert rows == [
        (1, 1, 2665, "inconclusive", "period_not_over", True),
        (2, 3, 7764, "inconclusive", "settles_nothing", False),
        (3, 1, 3588, "inconclusive", "period_not_over", True),
    ]


def test_every_required_month_is_that_of_a_known_list_or_the_end_of_a_year(register: BuildResult):
    known = {month for (month,) in register.rows("select list_month from reviewed_lists")}
    known |= {month for (month,) in register.rows("select list_month from reviewed_batches")}
    required = register.rows(
        "select first_month, last_month from claim_measures where registers is not null"
    )
    assert len(required) > 15
    for first, last in required:
        assert first is None or first in known or str(first).endswith("-01"), first
        assert last is None or last in known or str(last).endswith("-12"), last


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
         ["520111252474601240045", "520111252474601240053"]),
        ("named_nanfang_caijing", ["440106363275501240015"]),
        ("named_tencent_music", ["440305544180001240063"]),
        ("named_wanhua", ["370611542539701240015"]),
    ]  # fmt: skip


def test_claims_beyond_the_registers_are_not_measurable_with_a_reason(register: BuildResult):
    rows = register.rows(
        "select claim_id, reason, measured_value, would_need is not null from article_claims "
        "where verdict = 'not_measurable' order by 1"
    )
    reason = "the registers do not contain this"
    assert rows == [(f"pass_rate_{name}", reason, None, True) for name in ("first", "tenth")]


def test_a_pass_rate_is_not_measurable_without_its_batch(made_up: BuildResult):
    # The made-up lists have none of the first ten batches.
    assert made_up.rows(
        "select claim_id, verdict, reason_code from article_claims "
        "where claim_id like 'pass_rate%' order by 1"
    ) == [(f"pass_rate_{name}", "not_measurable", "not_in_register") for name in ("first", "tenth")]


def test_claims_and_reported_rates_name_the_same_article(register: BuildResult):
    article = (
        "《算法备案全景洞察趋势解码：技术迭代、行业裂变与生态重构》",
        date(2025, 3, 14),
        "https://blog.csdn.net/chuangfumao/article/details/146255668",
    )
    for query in (
        "select distinct article_title, article_published_on, article_url from article_claims",
        (
            "select distinct source_title, source_published_on, source_url from pass_rates "
            "where basis = 'reported'"
        ),
    ):
        assert register.rows(query) == [article]


def test_forecasts_are_set_against_the_last_announcement(register: BuildResult):
    assert register.rows(
        "select claim_id, forecast_year, forecast_status, last_announced_on from article_claims "
        "where forecast_year is not null or forecast_status is not null order by claim_no"
    ) == [
        (claim_id, year, status, date(2026, 7, 17))
        for claim_id, year, status in [
            ("finance_penetration_2025", 2025, "year_over"),
            ("manufacturing_penetration_2025", 2025, "year_over"),
            ("healthcare_penetration_2025", 2025, "year_over"),
            ("causal_share_2026", 2026, "year_not_over"),
            ("dual_track_2026", 2026, "year_not_over"),
        ]
    ]


def test_every_query_returns_its_measured_values(register: BuildResult):
    rows = register.rows(
        "select query, measured_value, counted, out_of, filing_numbers, value_low, value_high, "
        "claim_id from article_claim_readings"
    )
    assert len(rows) > 110
    with duckdb.connect(str(register.warehouse), read_only=True) as connection:
        for query, *measured, claim in rows:
            found = connection.sql(query)
            names = ["measured_value", "counted", "out_of", "filing_numbers"]
            # Only measures of sectors return a range.
            names += [name for name in ("value_low", "value_high") if name in found.columns]
            row = dict(zip(found.columns, found.fetchall()[0], strict=True))
            published = [row.get(name) for name in (*names[:4], "value_low", "value_high")]
            assert sorted(row) == sorted(names) and published == measured, (claim, query)


def test_filings_without_a_province_have_no_rank_but_count_in_the_total(register: BuildResult):
    ranked = register.rows(
        "select query from article_claim_readings "
        "where claim_id in ('first_tier_share', 'rising_share') and reading_no = 1 "
        "order by claim_id"
    )
    provinces = [None] * 50 + [f"{code}0000" for code in range(11, 20) for _ in range(code)]
    with duckdb.connect() as connection:
        connection.execute(
            "create table filings (province_code text, list_status text, batch_no int)"
        )
        connection.executemany(
            "insert into filings values (?, 'listed', 1)", [(code,) for code in provinces]
        )
        found = [connection.sql(query).fetchall()[0][1:3] for (query,) in ranked]
    total = 50 + sum(range(11, 20))
    assert found == [(19 + 18 + 17, total), (12 + 11, total)]


def test_a_share_of_a_sector_has_the_range_of_its_year(register: BuildResult):
    rows = register.rows(
        "select claim_id, round(value_low - 100 * share_low, 6), "
        "round(value_high - 100 * share_high, 6), value_low < value_high "
        "from article_claims inner join sectors_by_year "
        "on claim_id = concat_ws('_', sector, 'penetration', announced_year) order by claim_no"
    )
    assert rows == [
        (f"{sector}_penetration_{year}", 0, 0, True)
        for sector in ("finance", "manufacturing", "healthcare")
        for year in (2023, 2025)
    ]


def test_a_stated_share_in_the_range_of_reading_errors_is_not_contradicted(register: BuildResult):
    (claim,) = register.rows(
        "select stated_value - tolerance - value_high < 0, measured_value < stated_value - 1, "
        "reading_error, reason_code, reason, reason_zh from article_claims "
        "where claim_id = 'healthcare_penetration_2023'"
    )
    low, high = register.rows(
        "select printf('%.1f', value_low), printf('%.1f', value_high) from article_claims "
        "where claim_id = 'healthcare_penetration_2023'"
    )[0]
    assert claim == (
        True, True, None, "within_reading_error",
        f"with the errors of reading, the value lies between {low} % and {high} %",
        f"考虑审读误差，数值在 {low}% 至 {high}% 之间",
    )  # fmt: skip


def test_only_measures_of_sectors_have_a_range(register: BuildResult):
    rows = register.rows(
        "select claim_id, list(reading_no order by reading_no) from article_claim_readings "
        "where value_low is not null group by 1 order by 1"
    )
    ranged = dict(rows)
    assert ranged["finance_penetration_2023"] == [1, 2]
    assert ranged["chengdu_digital_humans"] == [3]
    assert {claim.split("_")[0] for claim in ranged} == {
        "chengdu", "finance", "healthcare", "industry", "manufacturing", "wuhan",
    }  # fmt: skip


def test_the_documented_range_is_that_of_the_shipped_registers(register: BuildResult):
    ((share, low, high),) = register.rows(
        "select printf('%.1f', measured_value), printf('%.1f', value_low), "
        "printf('%.1f', value_high) from article_claims "
        "where claim_id = 'healthcare_penetration_2023'"
    )
    documented = (PROJECT.parent / "docs" / "claims.md").read_text(encoding="utf-8")
    assert (
        f"Healthcare has {share} % of the filings of 2023, a range of {low} % to {high} %."
        in " ".join(documented.split())
    )
