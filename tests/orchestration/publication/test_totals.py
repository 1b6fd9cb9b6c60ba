"""Totals and new registers of a release, from data packages of this and of earlier versions."""

import pytest

from orchestration.publication.totals import new_registers, release_totals
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


def registers(**rows: int) -> dict[str, object]:
    """A data package with these rows of each register."""
    found = [{"register": name, "rows": count} for name, count in rows.items()]
    return {"registers": found, "batches": BATCHES, "documents": DOCUMENTS}


BOTH = registers(deep_synthesis=7764, palettes=3)


@pytest.mark.parametrize(
    ("previous", "new"),
    [
        (registers(deep_synthesis=7000), ["Palettes (3 palettes)"]),
        (registers(deep_synthesis=7000, palettes=0), ["Palettes (3 palettes)"]),
        (registers(palettes=1), ["Deep-synthesis algorithms (7,764 filings)"]),
        (BOTH, []),
        # Data packages of earlier versions state no registers.
        ({"batches": BATCHES}, ["Palettes (3 palettes)"]),
        ({"batches": BATCHES, "documents": DOCUMENTS}, []),
        # The data package could not be read.
        ({}, []),
    ],
)
def test_register_is_new_if_the_previous_release_has_no_rows_of_it(previous, new):
    assert new_registers(BOTH, previous, REGISTERS) == new


def test_register_without_rows_is_not_new():
    package = registers(deep_synthesis=7764, palettes=0)
    assert new_registers(package, registers(deep_synthesis=1), REGISTERS) == []
