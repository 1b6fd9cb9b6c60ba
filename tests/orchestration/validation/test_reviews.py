"""Reviews: the rows of the seeds that are used, and their keys."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_ROOT
from orchestration.validation.contracts import cancellation_notices, deep_synthesis
from orchestration.validation.contracts.lookup import contract_of
from orchestration.validation.reviews import Reviews, read_reviews
from scrapers.registers import (
    CANCELLATION_NOTICES,
    DEEP_SYNTHESIS,
    RECOMMENDATION,
    REGISTERS,
)
from tests.orchestration.validation.list_factories import Stores

LISTS, NOTICES = deep_synthesis.CONTRACT, cancellation_notices.CONTRACT
NOTICE = "notice_230ec03a-bca6-41a1-be7f-ad84571ce128"


@pytest.fixture
def seeds(tmp_path: Path) -> Callable[..., Path]:
    """Writes the seeds, by name without suffix. Seeds that are not given have no rows."""

    def write(**rows: str) -> Path:
        headings = {
            "reviewed_batches": "batch_no,list_month,published_on,filings,basis,note",
            "reviewed_notices": "notice_id,published_on,records,note",
            "reviewed_documents": "document_sha256,reviewed_on,note",
            "reviewed_lists": "register,list_month,rows,basis,note",
            "reviewed_rows": "register,number,check_name,reviewed_on,note",
        }
        for name, heading in headings.items():
            (tmp_path / f"{name}.csv").write_text(f"{heading}\n{rows.get(name, '')}")
        return tmp_path

    return write


def test_row_counts_of_lists_are_keyed_by_batch(seeds):
    folder = seeds(reviewed_batches="2,2023-08,,110,row_by_row,\n18,2026-05,,7,row_by_row,\n")
    assert read_reviews(DEEP_SYNTHESIS, LISTS, folder).rows == {"002": 110, "018": 7}


def test_row_count_on_another_basis_is_ignored(seeds):
    folder = seeds(reviewed_batches="2,2023-08,,110,published_total,\n3,2024-01,,129,row_by_row,\n")
    assert read_reviews(DEEP_SYNTHESIS, LISTS, folder).rows == {"003": 129}


def test_record_counts_of_notices_are_keyed_by_notice_id(seeds):
    folder = seeds(reviewed_notices=f"{NOTICE},2025-09-11,5,\n")
    assert read_reviews(CANCELLATION_NOTICES, NOTICES, folder).rows == {NOTICE: 5}


def test_contract_without_review_seed_has_approved_documents_only(seeds):
    folder = seeds(reviewed_batches="2,,,110,row_by_row,\n", reviewed_documents="ab12,,\n")
    assert read_reviews(DEEP_SYNTHESIS, replace(LISTS, review=None), folder) == Reviews(
        {}, frozenset({"ab12"})
    )


@pytest.mark.parametrize(
    ("register", "contract"), [(DEEP_SYNTHESIS, LISTS), (CANCELLATION_NOTICES, NOTICES)]
)
@pytest.mark.parametrize("written", ["ab12", "AB12", " ab12 "])
def test_approved_sha256_is_normalized_and_valid_for_every_register(
    seeds, register, contract, written
):
    folder = seeds(reviewed_documents=f"{written},,\n")
    assert read_reviews(register, contract, folder).documents == {"ab12"}


@pytest.mark.parametrize("register", REGISTERS)
def test_shipped_counts_have_keys_of_their_register(register):
    rows = read_reviews(
        register, contract_of(register.name), PROJECT_ROOT / "dbt_project" / "seeds"
    ).rows
    assert rows and all(count > 0 for count in rows.values())
    assert all(register.owns(register.folder(key)) for key in rows)


def test_exceptions_concern_the_rows_of_their_register(seeds):
    folder = seeds(
        reviewed_rows="recommendation,1,check_digit,,\nrecommendation,1,required,,\n"
        "generative_services,2,number_grammar,,\n"
    )
    reviews = read_reviews(RECOMMENDATION, contract_of("recommendation"), folder)
    assert reviews.exceptions == {"1": {"check_digit", "required"}}
    assert reviews.exceptions_version != replace(reviews, exceptions={}).exceptions_version == ""


def test_store_finds_reviewed_count_by_folder(tmp_path):
    store = Stores(tmp_path, reviewed={"002": 110}).validated()
    assert (store.reviewed_rows("002"), store.reviewed_rows("003")) == (110, None)
