"""Parsed fields as columns of lists."""

from dataclasses import asdict

import polars as pl
import pytest

from orchestration.validation.contracts.parsed_fields import (
    NOTE_EVENT,
    PRODUCT,
    with_parsed_fields,
)
from scrapers.fields.products import read_products

CELLS = ["抖音（APP）、抖音（网站）", "", "小程序", ""]


@pytest.mark.parametrize("cells", [CELLS, CELLS[1:2], []])
def test_column_of_lists_has_the_items_of_each_row(cells: list[str]):
    printed = pl.DataFrame(
        {"entity_name": ["甲公司"] * len(cells), "products": cells, "note": [""] * len(cells)},
        schema=dict.fromkeys(("entity_name", "products", "note"), pl.String),
    )
    rows = with_parsed_fields(printed)
    fields = [field.name for field in PRODUCT.fields]
    assert rows["product_list"].dtype == pl.List(PRODUCT)
    assert rows["product_list"].to_list() == [
        [{name: asdict(item)[name] for name in fields} for item in read_products(cell)]
        for cell in cells
    ]
    assert rows["note_events"].dtype == pl.List(NOTE_EVENT)
    assert rows["note_events"].to_list() == [[]] * len(cells)
