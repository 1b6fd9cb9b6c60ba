"""Confidence in the sectors of the rules."""

import polars as pl
import pytest

from orchestration.classification.confidence import MARGINS, confidence, evidence_kind

CALIBRATION = pl.DataFrame(
    [
        ("rules", "subject", 0.0, 0.5),
        ("rules", "subject", 2.0, 0.9),
        ("rules", "tool", 0.0, 0.4),
        ("rules", "none", 0.0, 0.7),
        ("rules", "general", 0.0, 0.3),
        ("reviewed", "subject", 0.0, 0.1),
    ],
    schema=["source", "kind", "margin_from", "confidence"],
    orient="row",
)


def classes(*rows: tuple[str, float, str]) -> pl.DataFrame:
    schema = ["sector", "sector_margin", "sector_evidence"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_confidence_is_that_of_the_kind_and_the_range_of_the_margin():
    rows = classes(
        ("finance", 2.0, "银行 (purpose) 4.0"),
        ("general", 1.0, "no term found"),
        ("finance", 1.99, "银行 (purpose) 4.0"),
        ("creative", 9.0, "绘画 (purpose) 9.0"),
        ("finance", 0.0, "银行 (purpose) 4.0"),
    )
    assert confidence(rows, CALIBRATION).to_list() == [0.9, 0.7, 0.5, 0.4, 0.5]


@pytest.mark.parametrize(
    ("sector", "evidence", "kind"),
    [
        ("general", "no term found", "none"),
        ("general", "大模型 (name) 2.0", "general"),
        ("creative", "image (outputs) 1.5", "tool"),
        ("enterprise", "办公 (purpose) 2.0", "tool"),
        ("finance", "银行 (purpose) 4.0", "subject"),
    ],
)
def test_kind_of_evidence(sector, evidence, kind):
    assert classes((sector, 1.0, evidence)).select(evidence_kind()).item() == kind


def test_missing_kind_of_evidence_is_an_error():
    without = CALIBRATION.filter(pl.col("kind") != "none")
    with pytest.raises(ValueError, match="no row for none; run make calibrate"):
        confidence(classes(("general", 1.0, "no term found")), without)


def test_no_class_has_no_confidence():
    assert confidence(classes(("finance", 1.0, "x")).head(0), CALIBRATION).to_list() == []


def test_ranges_begin_at_zero_so_that_every_margin_has_one():
    assert MARGINS[0] == 0.0
    assert list(MARGINS) == sorted(MARGINS)
