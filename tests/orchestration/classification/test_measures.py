"""Shares with intervals, and kappa."""

import polars as pl
import pytest

from orchestration.classification.measures import accuracy, accuracy_of, kappa


@pytest.mark.parametrize(
    ("correct", "labels", "low", "high"),
    [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0)],
)
def test_interval_is_that_of_wilson(correct, labels, low, high):
    found = accuracy(correct, labels)
    assert (found.labels, found.correct, found.share) == (labels, correct, correct / labels)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_accuracy_counts_rows_that_have_both_values():
    rows = pl.DataFrame({"one": ["a", "b", "c", None], "other": ["a", "x", None, "d"]})
    found = accuracy_of(rows, "one", "other")
    assert found is not None
    assert (found.labels, found.correct) == (2, 1)
    assert accuracy_of(rows.tail(2), "one", "other") is None


def test_kappa_leaves_out_agreement_by_chance():
    # Cohen (1960): agreement 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    rows = pl.DataFrame(pairs, schema=["one", "other"], orient="row")
    assert kappa(rows, "one", "other") == pytest.approx(0.4)


def test_kappa_of_equal_columns_is_one():
    rows = pl.DataFrame({"one": ["a", "b"], "other": ["a", "b"]})
    assert kappa(rows, "one", "other") == 1.0
