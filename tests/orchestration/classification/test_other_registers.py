"""Quality of the sectors of recommendation filings and services."""

import pytest

from orchestration.classification.other_registers import accuracy, measured, shipped_registrations
from orchestration.classification.quality import read_seed
from orchestration.classification.rules import load_rules


@pytest.mark.parametrize(
    ("right", "rows", "low", "high"),
    [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0)],
)
def test_interval_is_that_of_wilson(right, rows, low, high):
    found = accuracy(right, rows)
    assert found.share == right / rows
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_every_label_belongs_to_a_shipped_registration():
    labels = read_seed("registration_labels")
    assert labels.height == 400
    assert labels.join(shipped_registrations(), on=["register", "number"], how="anti").is_empty()


def test_accuracy_is_measured_where_the_readings_agree():
    found = measured(load_rules(read_seed), read_seed("registration_labels"))
    rows = {(register, name): result.rows for register, name, result in found}
    assert rows["recommendation", "readings agree"] == 196
    assert rows["generative_services", "readings agree"] == 189
