"""Edges of cells are compared with a tolerance of SLIVER."""

import pytest

from scrapers.documents.cells import (
    SLIVER,
    CellRow,
    are_same_edge,
    are_same_edges,
    column_of,
    shown_names,
)
from scrapers.documents.headings import Headings
from scrapers.documents.layout import Column, TableLayout
from scrapers.documents.table import read_table

ENDS = (1000, 2000)


@pytest.mark.parametrize(("distance", "is_same"), [(0, True), (SLIVER, True), (SLIVER + 1, False)])
def test_edges_up_to_a_sliver_apart_are_the_same(distance, is_same):
    assert are_same_edge(1000, 1000 + distance) == is_same
    assert are_same_edge(1000 + distance, 1000) == is_same
    assert are_same_edges(ENDS, (1000, 2000 + distance)) == is_same


def test_rows_with_another_number_of_cells_have_other_edges():
    assert not are_same_edges(ENDS, (1000,))


@pytest.mark.parametrize(
    ("end", "column"),
    [(500, 0), (1000, 0), (1000 + SLIVER, 0), (1001 + SLIVER, 1), (2000, 1), (3000, 2)],
)
def test_column_of_an_edge_is_the_one_that_contains_it(end, column):
    assert column_of(end, ENDS) == column


def test_column_of_a_heading_includes_every_sliver_after_it():
    layout = TableLayout({"key": Column("备案编号"), "name": Column("名称")}, "key")
    row = CellRow(("备案编号", "", "", "名称"), (1000, 1100, 1200, 2200))
    (columns,) = Headings((layout,)).read(row)
    assert columns.ends == (1200, 2200)
    assert columns.places == {"key": 0, "name": 1}


def test_cell_may_start_a_sliver_before_its_heading():
    layout = TableLayout({"key": Column("备案编号"), "name": Column("名称")}, "key")
    rows = [
        CellRow(("备案编号", "名称"), ENDS),
        CellRow(("1", "甲", "乙"), (1000 - SLIVER, 1500, 2000)),
    ]
    (found,) = read_table([rows], (layout,)).rows
    assert found.cells == {"key": "1", "name": "甲乙"}


def test_as_many_names_as_are_shown_are_not_counted():
    assert shown_names(list("甲乙丙丁戊")) == "甲、乙、丙、丁、戊"
    assert shown_names(list("甲乙丙丁戊己")) == "甲、乙、丙、丁、戊 and 1 more"
