"""Fit of the confidence to labels, and the seeds that hold it."""

from pathlib import Path

import polars as pl
import pytest

from orchestration.classification.calibrate import figures
from orchestration.classification.calibration import PRIOR, labels_calibration, rules_calibration
from orchestration.classification.guide import PLOT, plot, with_tables
from orchestration.classification.measured import measured_accuracy


def derived(label: str, margin: float, count: int) -> list[tuple[str, float, str, str]]:
    return [("finance", margin, "银行 (purpose) 4.0", label)] * count


def test_range_with_labels_has_their_share_drawn_towards_that_of_the_kind():
    rows = [
        *derived("finance", 5.0, 98),
        *derived("legal", 0.2, 60),
        *derived("finance", 0.2, 40),
    ]
    schema = ["sector", "sector_margin", "sector_evidence", "label_sector"]
    found = rules_calibration(pl.DataFrame(rows, schema=schema, orient="row"))
    by_margin = {row["margin_from"]: row for row in found.filter(kind="subject").to_dicts()}
    of_kind = (138 + 1) / (198 + 2)
    assert (by_margin[0.0]["labels"], by_margin[0.0]["correct"]) == (100, 40)
    expected = (40 + PRIOR * of_kind) / (100 + PRIOR)
    assert by_margin[0.0]["confidence"] == pytest.approx(expected, abs=5e-4)
    assert by_margin[4.0]["confidence"] > 0.95
    # No label is between 1 and 1.5.
    assert by_margin[1.0]["confidence"] == pytest.approx(of_kind, abs=5e-4)
    assert set(found["source"]) == {"rules"}


def labelled(number: str, **changes: object) -> dict[str, object]:
    facts = {
        "filing_number": number, "sector": "finance", "label_sector": "finance",
        "first_sector": "finance", "second_sector": "finance", "first_is_sure": True,
        "second_is_sure": True, "readers": "anna+ben",
    }  # fmt: skip
    return facts | changes


NO_CHECKS = pl.DataFrame(
    schema=dict.fromkeys(["filing_number", "first_sector", "second_sector"], pl.String)
)


def found_kinds(
    rows: list[dict[str, object]], checks: pl.DataFrame = NO_CHECKS
) -> dict[str, tuple[int, int]]:
    """Correct and all labels of each kind."""
    found = labels_calibration(pl.DataFrame(rows, infer_schema_length=None), checks)
    return {row["kind"]: (row["correct"], row["labels"]) for row in found.to_dicts()}


def test_labels_are_measured_by_further_readers_who_agree():
    rows = [labelled(number) for number in "1234"]
    checks = pl.DataFrame(
        {
            "filing_number": ["1", "2", "3"],
            "first_sector": ["finance", "legal", "finance"],
            "second_sector": ["finance", "legal", "legal"],
        }
    )
    assert found_kinds(rows, checks)["agreed_sure"] == (1, 2)


def test_single_readings_are_measured_by_first_readings_of_filings_read_again():
    other = {"label_sector": "legal", "second_sector": "legal"}
    once = {"readers": "anna", "second_sector": None, "second_is_sure": None}
    rows = [
        labelled("1"),
        labelled("2", **other),
        labelled("3", sector="legal"),
        labelled("4", first_is_sure=False),
        labelled("5", first_is_sure=None),
        labelled("6", **once),
    ]
    assert found_kinds(rows) == {
        "once_as_rules": (1, 2),
        "once_doubtful": (1, 1),
        "once_unlike_rules": (1, 1),
    }


def test_shipped_figures_are_those_of_labels_and_rules():
    for path, text in figures().items():
        # The plot shows the same figures as the guide; its text widths depend on the fonts at hand.
        if Path(path) != PLOT:
            assert text == Path(path).read_text(encoding="utf-8"), f"{path}: run make calibrate"


def test_plot_has_a_point_for_each_range_of_confidence():
    ranges = pl.DataFrame({"confidence": [0.4, 0.9], "correct": [0.5, 0.9], "labels": [20, 80]})
    assert plot(ranges).count('aria-roledescription="point"') == 2


def test_marked_tables_are_replaced_and_all_else_is_kept():
    text = "a\n<!-- measured: lists -->\nold\n<!-- end -->\nb\n"
    assert with_tables(text, {"lists": "new"}) == text.replace("old", "new")
    with pytest.raises(KeyError):
        with_tables(text, {})


def test_figures_are_those_of_the_seed():
    figures = measured_accuracy()
    found = figures["rules_sector_held_out"]
    assert found.labels > 2000
    assert found.share == pytest.approx(found.correct / found.labels, abs=1e-4)
