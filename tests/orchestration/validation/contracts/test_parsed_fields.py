"""Parsed fields as columns of lists."""

import polars as pl
import pytest

from orchestration.validation.contracts.parsed_fields import (
    NOTE_EVENT,
    PRODUCT,
    list_column,
    note_events,
    product_list,
)

CELLS = ["抖音（APP）、抖音（网站）", "", "小程序", ""]


@pytest.mark.parametrize("cells", [CELLS, CELLS[1:2], []])
def test_column_of_lists_has_the_items_of_each_row(cells):
    values = [product_list(cell) for cell in cells]
    column = list_column(values, PRODUCT)
    assert column.dtype == pl.List(PRODUCT) and column.to_list() == values


def test_rows_without_events_have_empty_lists():
    column = list_column([note_events(""), note_events("")], NOTE_EVENT)
    assert column.dtype == pl.List(NOTE_EVENT) and column.to_list() == [[], []]
