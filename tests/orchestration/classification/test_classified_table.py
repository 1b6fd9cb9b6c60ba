"""Classification of a DuckDB table in slices."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.classification import duckdb as classification
from orchestration.classification.labels import REVIEWED_COLUMNS, with_labels
from orchestration.classification.rules import SEED_NAMES, classify, load_rules
from orchestration.classification.shipped import read_seed, shipped_filings

SEEDS = (*SEED_NAMES, "filing_labels")


def few_terms(name: str) -> pl.DataFrame:
    """A seed with few terms: building the automaton of all would take most of the time."""
    seed = read_seed(name)
    return seed.gather_every(20) if seed.height > 100 else seed


def registrations(filings: pl.DataFrame) -> pl.DataFrame:
    return filings.rename({"algorithm_name": "name"}).with_columns(
        register=pl.lit("deep_synthesis"), amended_at=pl.lit(None, dtype=pl.Datetime)
    )


def test_slices_have_the_same_classes_as_the_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    filings = shipped_filings().head(25)
    keys = registrations(filings).select("register", "filing_number")
    rules = load_rules(few_terms)
    texts = filings.with_columns(register=pl.lit("deep_synthesis"), is_amended=pl.lit(False))
    classes = classify(filings, rules)
    labels = few_terms("filing_labels")
    expected = keys.hstack(with_labels(texts, classes, labels, rules.calibration))
    monkeypatch.setattr(classification, "ROWS_AT_ONCE", 10)
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(few_terms(name).to_arrow()) for name in SEEDS}
        table = connection.from_arrow(registrations(filings).to_arrow())
        found = classification.classified(table, relations, connection, tmp_path).pl()
    assert found.columns == ["register", "filing_number", *REVIEWED_COLUMNS]
    assert found.sort("filing_number").equals(expected.sort("filing_number"))
    assert set(found["review_status"]) == {"reviewed", "not_reviewed"}


def test_empty_table_has_no_classes(tmp_path: Path):
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(few_terms(name).to_arrow()) for name in SEEDS}
        texts = pl.exclude("amended_at").cast(pl.String)
        none = registrations(shipped_filings().head(0)).with_columns(texts)
        table = connection.from_arrow(none.to_arrow())
        assert classification.classified(table, relations, connection, tmp_path).fetchall() == []


def test_row_without_purpose_and_products_is_classified_by_its_names(tmp_path: Path):
    with duckdb.connect() as connection:
        relations = {name: connection.from_arrow(few_terms(name).to_arrow()) for name in SEEDS}
        table = connection.sql(
            "select 'services' as register, 'A-1' as filing_number, '天气大模型' as name, "
            "'甲公司' as entity_name, null::varchar as products, null::varchar as purpose, "
            "null::timestamp as amended_at"
        )
        (found,) = classification.classified(table, relations, connection, tmp_path).pl().to_dicts()
    assert (found["register"], found["filing_number"]) == ("services", "A-1")
    assert found["sector"]
