"""What every contract names exists: its module, and the columns of its review seed."""

import csv

import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.validation.contracts.lookup import contract_of
from scrapers.registers import REGISTERS

CONTRACTS = [pytest.param(contract_of(item.name), id=item.name) for item in REGISTERS]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_module_of_contract_exists(contract):
    assert (PROJECT_ROOT / contract.module).is_file()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_review_seed_has_the_columns_that_the_contract_names(contract):
    review = contract.review
    path = PROJECT_ROOT / "dbt_project" / "seeds" / review.file
    with path.open(encoding="utf-8", newline="") as file:
        columns = set(next(csv.reader(file)))
    assert {review.document, review.rows, *review.where} <= columns
