"""The totals of a release by register, from data packages of this and of earlier versions."""

import pytest

from orchestration.publication.totals import release_totals
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from tests.orchestration.palettes import PALETTES

REGISTERS = (DEEP_SYNTHESIS, CANCELLATION_NOTICES, PALETTES)
BATCHES = [{"batch_no": 1, "filings": 7000}, {"batch_no": 2, "filings": 764}]
DOCUMENTS = {
    "001": 7000, "002": 765, "cancellations/n": 5, "palettes/2026-01": 2, "palettes/2026-02": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("package", "totals"),
    [
        (
            {"batches": BATCHES, "documents": DOCUMENTS},
            ["7,764 filings in 2 batches", "3 palettes in 2 lists"],
        ),
        (
            {"batches": [{"batch_no": 1, "filings": 1}], "documents": {"palettes/2026-02": 1}},
            ["1 filing in 1 batch", "1 palette in 1 list"],
        ),
        ({"batches": BATCHES}, ["7,764 filings in 2 batches"]),
        ({}, []),
    ],
)
def test_totals_count_rows_and_documents_of_each_register(package, totals):
    assert release_totals(package, REGISTERS) == totals
