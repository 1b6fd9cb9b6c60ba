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
        ("README.md", "read one by one: {read} % of their"),
        ("README.md", "and {derived} % of these\n  sectors are right"),
        ("README.zh.md", "其行业有 {read}% 与另外两名审读者的判断一致"),
        ("README.zh.md", "行业正确的约占 {derived}%"),
    ],
)
def test_readmes_have_the_measured_figures(page, sentence):
    figures = measured_accuracy()
    read, derived = figures["reviewed_sector"], figures["rules_sector_held_out"]
    shares = {"read": f"{100 * read.share:.0f}", "derived": f"{100 * derived.share:.0f}"}
    assert sentence.format(**shares) in (PROJECT_ROOT / page).read_text(encoding="utf-8")
