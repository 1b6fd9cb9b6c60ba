"""The declarations of how marts are compared: complete, and about columns that exist."""

import pytest

from orchestration.warehouse.compared import read_compared
from orchestration.warehouse.manifest import marts
from orchestration.warehouse.project import DbtError
from scrapers.registers import REGISTERS

META = {
    "register": "palettes",
    "order": 9,
    "rows": ["palette", "palettes"],
    "documents": ["list", "lists"],
    "key": "code",
    "name": "color",
    "document": "month",
    "printed": ["color"],
    "status": [],
    "place": ["row_no"],
}


def test_declaration_gives_nouns_and_names_of_lists():
    found = read_compared("palettes", META)
    assert (found.rows.counted(1), found.documents.counted(1200)) == ("1 palette", "1,200 lists")
    assert (found.document_key("2026-01"), found.has_batches, found.feed_month) == (
        "2026-01", False, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"), [("order", None), ("rows", ["palettes"]), ("place", 1), ("key", None)]
)
def test_incomplete_declaration_is_an_error_that_names_the_mart(key, value):
    meta = META | {key: value} if value else {name: META[name] for name in META if name != key}
    with pytest.raises(DbtError, match="of the mart palettes is incomplete"):
        read_compared("palettes", meta)


COMPARED = [mart for mart in marts() if mart.compared]


@pytest.mark.parametrize("mart", COMPARED, ids=[mart.name for mart in COMPARED])
def test_declared_columns_are_columns_of_the_mart(mart):
    found = mart.compared
    single = {found.key, found.name, found.document, found.feed_month or found.document}
    declared = single | {*found.printed, *found.status, *found.place}
    required = {"entity_id", "entity_name", "list_status", "list_version", "source_url"}
    assert (declared | required) - set(mart.columns) == set()


def test_each_register_with_rows_of_its_own_has_one_mart_and_one_place():
    assert len(COMPARED) == 3
    names = {mart.compared.register for mart in COMPARED}
    assert len(names) == len({mart.compared.order for mart in COMPARED}) == len(COMPARED)
    assert names <= {register.name for register in REGISTERS}


def test_batches_have_keys_with_three_digits():
    (filings,) = [mart.compared for mart in COMPARED if mart.compared.has_batches]
    assert filings.document_key(11) == "011"
