"""Measurement of the classification's quality, and its floors on the shipped filings."""

import polars as pl
import pytest
import yaml

from orchestration.classification.calibration import with_rules
from orchestration.classification.measured import firm, measured_accuracy
from orchestration.classification.quality import (
    FLOORS,
    biases,
    main,
    measure,
    reliability,
    with_confidence_left_out,
)
from orchestration.classification.rules import classify, load_rules
from orchestration.classification.shipped import read_seed, shipped_filings, with_purposes
from orchestration.settings import PROJECT_ROOT
from tests.support.paths import SHARED

REAL = SHARED / "data" / "labels.tsv"
needs_real_purposes = pytest.mark.skipif(
    not REAL.exists(), reason="no real purposes next to the checkout"
)


def labelled(*rows: tuple[str, str, str | None, str]) -> pl.DataFrame:
    """Rows of (label, sector, label of the outputs, outputs)."""
    schema = ["label_sector", "sector", "label_outputs", "outputs"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
    return frame.with_columns(label_inputs=pl.lit(None, dtype=pl.String), inputs=pl.lit("text"))


def test_measure_has_accuracy_macro_f1_and_confusion():
    found = measure(
        labelled(
            ("law", "law", "text", "text"),
            ("law", "general", "image", "text"),
            ("law", "general", None, "text"),
            ("general", "general", None, "text"),
        )
    )
    assert (found.labels, found.sector, found.general) == (4, 0.5, 0.75)
    # law: precision 1, recall 1/3, so F1 2/4; general: precision 1/3, recall 1, so F1 2/4.
    assert found.macro_f1 == pytest.approx(0.5)
    assert (found.inputs, found.outputs) == (None, 0.5)
    assert found.confused == (("law", "general", 2),)


def test_result_is_below_its_floor_only_by_more_than_chance():
    right, wrong = ("law", "law", "text", "text"), ("law", "general", "text", "text")

    def below(rights: int, wrongs: int) -> dict[str, float]:
        return measure(labelled(*[right] * rights, *[wrong] * wrongs)).below({"sector": 0.9})

    assert below(90, 10) == {}
    # 0.82 of 50 labels is within two standard errors (0.085) of 0.9; 0.86 of 500 (0.027) is not.
    assert below(41, 9) == {}
    assert below(430, 70) == {"sector": 0.86}
    assert below(0, 0) == {}


def firm_rows(*rows: tuple[str, bool, str, str, float]) -> pl.DataFrame:
    """Rows of (list, is held out, label, sector by rules, margin)."""
    schema = ["list_month", "is_held_out", "label_sector", "sector", "sector_margin"]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(sector_evidence=pl.lit("term (purpose) 4.0"))


def test_confidence_of_a_list_is_fitted_without_that_list():
    right, wrong = ("finance", "finance", 1.0), ("legal", "finance", 1.0)
    rows = firm_rows(
        *[("2026-01", True, *right)] * 50,
        *[("2026-03", True, *wrong)] * 50,
        *[("2026-05", False, *wrong)] * 50,
    )
    found = dict(
        with_confidence_left_out(rows)
        .group_by("list_month")
        .agg(pl.col("confidence_left_out").mean())
        .rows()
    )
    assert found["2026-01"] < 0.05
    assert found["2026-03"] > 0.95
    # The list seen when terms were chosen is not used, even if it is another.
    assert found["2026-05"] == pytest.approx(0.5, abs=0.01)


def test_reliability_compares_confidence_with_what_is_correct():
    rows = pl.DataFrame(
        {
            "confidence_left_out": [0.55, 0.57, 0.97],
            "sector": ["finance", "finance", "legal"],
            "label_sector": ["finance", "legal", "legal"],
        }
    )
    assert reliability(rows).rows() == [
        (0.5, 2, pytest.approx(0.56), 0.5),
        (0.95, 1, pytest.approx(0.97), 1.0),
    ]


def test_bias_compares_shares_of_each_sector():
    rows = pl.DataFrame(
        {"sector": ["general", "general", "legal"], "label_sector": ["general", "finance", "legal"]}
    )
    assert biases(rows).rows() == [
        ("finance", pytest.approx(1 / 3), 0.0),
        ("general", pytest.approx(1 / 3), pytest.approx(2 / 3)),
        ("legal", pytest.approx(1 / 3), pytest.approx(1 / 3)),
    ]


def test_shipped_filings_reach_the_floors(capsys: pytest.CaptureFixture[str]):
    main([])
    printed = capsys.readouterr().out
    for title in ("shares that agree", "by list", "by year", "lists kept aside", "most confused"):
        assert title in printed
    assert "of 7,764 filings" in printed
    assert "below the floor" not in printed


def test_missed_floor_exits_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(FLOORS, "sector", 1.0)
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 1
    assert "below the floor of 100.0 %: sector" in capsys.readouterr().out


def test_estimate_for_new_lists_is_close_to_what_further_readers_find():
    figures = measured_accuracy()
    estimate, checked = figures["rules_sector_held_out"], figures["rules_sector_checked_held_out"]
    assert abs(estimate.share - checked.share) < 0.03


def held_out() -> pl.DataFrame:
    """The filings of lists kept aside whose sector is firm, with what the rules derive."""
    labelled = with_rules(shipped_filings(), load_rules(read_seed))
    return with_confidence_left_out(firm(labelled)).filter("is_held_out")


def test_mean_confidence_is_close_to_the_accuracy_in_each_list_kept_aside():
    of_lists = (
        held_out()
        .group_by("list_month")
        .agg(
            pl.col("confidence_left_out").mean(),
            correct=(pl.col("sector") == pl.col("label_sector")).mean(),
        )
    )
    assert of_lists.height == 4
    apart = of_lists.select((pl.col("confidence_left_out") - pl.col("correct")).abs())
    assert apart.to_series().max() < 0.05
    assert apart.to_series().mean() < 0.03


def test_runner_up_is_right_as_often_as_the_ranges_of_shares_assume():
    """The variable `runner_up_share`: the part of errors beyond what sizes of sectors explain."""
    rows = held_out()
    wrong = rows.filter(pl.col("sector") != pl.col("label_sector")).drop_nulls("sector_runner_up")
    right = (wrong["sector_runner_up"] == wrong["label_sector"]).mean()
    sizes = dict(read_seed("filing_labels").group_by("sector").len().rows())
    total = sum(sizes.values())
    pairs = wrong.select("sector", "sector_runner_up").rows()
    by_size = sum(sizes[second] / (total - sizes[first]) for first, second in pairs) / len(pairs)
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text())
    assumed = project["vars"]["runner_up_share"]
    assert assumed == pytest.approx((right - by_size) / (1 - by_size), abs=0.03)


def test_reviewed_values_are_what_further_readers_find():
    figures = measured_accuracy()
    assert figures["reviewed_sector"].share >= 0.92
    assert figures["reviewed_inputs"].share >= 0.97
    assert figures["reviewed_outputs"].share >= 0.97


@needs_real_purposes
def test_reworded_purposes_have_the_same_classes_as_real_ones():
    shipped = shipped_filings()
    labelled = pl.read_csv(REAL, separator="\t", infer_schema=False, quote_char=None)
    shipped = shipped.filter(pl.col("filing_number").is_in(labelled["filing_number"].implode()))
    rules = load_rules(read_seed)
    ours, theirs = (classify(filings, rules) for filings in (shipped, with_purposes(shipped, REAL)))
    assert ours.height == 400
    for column in ("inputs", "outputs", "sector"):
        assert (ours[column] == theirs[column]).mean() >= 0.99, column
