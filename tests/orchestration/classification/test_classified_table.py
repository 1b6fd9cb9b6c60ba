"""Classification of a DuckDB table in slices."""

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


def few_terms(name: str) -> pl.DataFrame:
    """A seed with few terms: building the automaton of all would take most of the time."""
    seed = read_seed(name)
    return seed.gather_every(20) if seed.height > 100 else seed


def registrations(filings: pl.DataFrame) -> pl.DataFrame:
    return filings.rename({"algorithm_name": "name"}).with_columns(register=pl.lit("some"))


def test_slices_have_the_same_classes_as_the_whole(monkeypatch: pytest.MonkeyPatch):
    filings = shipped_filings().head(25)
    keys = registrations(filings).select("register", "filing_number")
    expected = keys.hstack(classify(filings, load_rules(few_terms)))
    monkeypatch.setattr(classification, "ROWS_AT_ONCE", 10)
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(few_terms(name).to_arrow()) for name in SEED_NAMES}
        table = connection.from_arrow(registrations(filings).to_arrow())
        found = classification.classified(table, relations, connection).pl()
    assert found.columns == ["register", "filing_number", *CLASS_COLUMNS]
    assert found.sort("filing_number").equals(expected.sort("filing_number"))


def test_empty_table_has_no_classes():
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(few_terms(name).to_arrow()) for name in SEED_NAMES}
        none = registrations(shipped_filings().head(0)).cast(pl.String)
        table = connection.from_arrow(none.to_arrow())
        assert classification.classified(table, relations, connection).fetchall() == []


def test_row_without_purpose_and_products_is_classified_by_its_names():
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(few_terms(name).to_arrow()) for name in SEED_NAMES}
        table = connection.sql(
            "select 'services' as register, 'A-1' as filing_number, '天气大模型' as name, "
            "'甲公司' as entity_name, null::varchar as products, null::varchar as purpose"
        )
        (found,) = classification.classified(table, relations, connection).pl().to_dicts()
    assert (found["register"], found["filing_number"]) == ("services", "A-1")
    assert found["sector"]
