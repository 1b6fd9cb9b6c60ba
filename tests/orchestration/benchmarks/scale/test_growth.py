"""The growth of stages, and the made-up rows that they are measured on."""

import polars as pl
import pytest

from orchestration.benchmarks.scale.growth import exponent, growth_table
from orchestration.benchmarks.scale.made_up_rows import MadeUpRows
from orchestration.benchmarks.scale.measurement import Measurement
from scrapers.fields.filing_number import split


def test_exponent_of_linear_growth_is_one_and_of_quadratic_growth_two():
    assert exponent({10_000: 9.0, 100_000: 1.0, 1_000_000: 10.0}) == pytest.approx(1)
    assert exponent({100_000: 1.0, 1_000_000: 100.0}) == pytest.approx(2)


@pytest.mark.parametrize("seconds", [{}, {100_000: 1.0}, {100_000: 0.1, 1_000_000: 5.0}])
def test_stage_without_two_measurable_sizes_has_no_exponent(seconds: dict[int, float]):
    assert exponent(seconds) is None


def test_table_has_each_stage_with_its_parts_and_the_memory_of_its_largest_size():
    results = {
        100_000: {
            "models": Measurement("models", 2.0, 3.0, 100.0, {"filings": 1.0}),
            "query": Measurement("query", 0.1, 0.1, 50.0),
        },
        1_000_000: {"models": Measurement("models", 20.0, 30.0, 200.0, {"filings": 10.0})},
    }
    heading, rows = growth_table(results)
    assert heading[1:3] == ["100,000", "1,000,000"]
    assert rows == [
        ["models", "2.00", "20.00", "1.00", "200"],
        ["models: filings", "1.00", "10.00", "1.00", ""],
        ["query", "0.10", "", "", "50"],
    ]


def test_made_up_copies_have_other_companies_and_right_check_digits():
    number = "110101128387701230011"
    base = pl.DataFrame(
        {
            "algorithm_name": ["某某智能客服算法", "另一个算法"],
            "entity_name": ["北京某某有限公司", "上海某某有限公司"],
            "entity_id": [number[6:13], "1352243"],
            "filing_number": [number, "110101135224302220011"],
            "purpose": ["应用于客服场景。", "应用于搜索场景。"],
        }
    )
    made = MadeUpRows({"deep_synthesis": base})
    first, second = made.of("deep_synthesis", 0, 2), made.of("deep_synthesis", 2, 2)
    assert first.select(pl.exclude("purpose")).equals(base.select(pl.exclude("purpose")))
    assert set(second["entity_name"]).isdisjoint(base["entity_name"])
    assert all(split(digits).has_right_check_digit for digits in second["filing_number"])
    assert [split(digits).entity_id for digits in second["filing_number"]] == list(
        second["entity_id"]
    )
    assert made.of("deep_synthesis", 2, 2).equals(second)
