"""The figures that all texts take, and the labels of the other registers behind them."""

from orchestration.classification.measured import measured_accuracy
from orchestration.classification.shipped import read_seed, shipped_filings, shipped_registrations


def test_every_label_belongs_to_a_shipped_registration():
    labels = read_seed("registration_labels")
    assert labels.height == 400
    assert labels.join(shipped_registrations(), on=["register", "number"], how="anti").is_empty()


def test_every_check_belongs_to_a_shipped_filing():
    checks = read_seed("check_labels")
    assert checks.height == 300
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
