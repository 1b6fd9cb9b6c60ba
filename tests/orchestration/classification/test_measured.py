"""The figures that all texts take, and the labels of the other registers behind them."""

import pytest

from orchestration.classification.measured import measured_accuracy
from orchestration.classification.shipped import read_seed, shipped_filings, shipped_registrations
from orchestration.settings import PROJECT_ROOT


def test_every_label_belongs_to_a_shipped_registration():
    labels = read_seed("registration_labels")
    assert labels.height == 400
    assert labels.join(shipped_registrations(), on=["register", "number"], how="anti").is_empty()


def test_every_check_belongs_to_a_shipped_filing():
    checks = read_seed("check_labels")
    assert checks.height == 500
    names = ["filing_number", "algorithm_name"]
    assert checks.select(names).join(shipped_filings(), on=names, how="anti").is_empty()


def test_other_registers_are_measured_where_their_readers_agree():
    labels = read_seed("registration_labels")
    figures = measured_accuracy()
    for register in ("recommendation", "generative_services"):
        rows = labels.filter(register=register)
        agreed = (rows["sector"] == rows["second_sector"]).sum()
        assert figures[f"readers_of_{register}"].labels == rows.height == 200
        assert figures[f"{register}_sector"].labels == agreed


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("README.md", "the same sector in {newer} % of batches 12 to 18 and in {early} % of the"),
        ("README.md", "where two readers agree, {derived} % of these sectors are right"),
        ("README.zh.md", "第 12 至 18 批占 {newer}%，\n  此前各批占 {early}%"),
        ("README.zh.md", "推断正确的占 {derived}%"),
    ],
)
def test_readmes_have_the_measured_figures(page, sentence):
    names = {
        "newer": "reviewed_sector",
        "early": "reviewed_sector_early",
        "derived": "rules_sector_held_out",
    }
    shares = {name: f"{100 * measured_accuracy()[row].share:.0f}" for name, row in names.items()}
    assert sentence.format(**shares) in (PROJECT_ROOT / page).read_text(encoding="utf-8")
