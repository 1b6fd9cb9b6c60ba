"""Classification of a table in DuckDB, in slices."""

import duckdb
import polars as pl
import pytest

from orchestration.classification import duckdb as classification
from orchestration.classification.quality import read_seed, shipped_filings
from orchestration.classification.rules import (
    CLASS_COLUMNS,
    SEED_NAMES,
    classify,
    load_rules,
)


def test_slices_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch):
    filings = shipped_filings().head(250)
    expected = filings.select("filing_number").hstack(classify(filings, load_rules(read_seed)))
    monkeypatch.setattr(classification, "ROWS_AT_ONCE", 100)
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(read_seed(name).to_arrow()) for name in SEED_NAMES}
        table = connection.from_arrow(filings.to_arrow())
        found = classification.classified(table, relations, connection).pl()
    assert found.columns == ["filing_number", *CLASS_COLUMNS]
    assert found.sort("filing_number").equals(expected.sort("filing_number"))


def test_an_empty_table_gives_none():
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(read_seed(name).to_arrow()) for name in SEED_NAMES}
        table = connection.from_arrow(shipped_filings().head(0).cast(pl.String).to_arrow())
        assert classification.classified(table, relations, connection).fetchall() == []
