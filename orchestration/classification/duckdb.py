"""Classification of a DuckDB table in slices, to handle millions of rows in little memory."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import duckdb
import polars as pl

from orchestration.classification.labels import LABEL_COLUMNS, REVIEWED_COLUMNS, with_labels
from orchestration.classification.rules import classify, load_rules

ROWS_AT_ONCE = 50_000
SLICES_AT_ONCE = 2

_TYPES = {
    pl.String: "varchar",
    pl.Boolean: "boolean",
    pl.Float64: "double",
    pl.Int64: "bigint",
    pl.Date: "date",
}


def classified(
    filings: duckdb.DuckDBPyRelation,
    seeds: Mapping[str, duckdb.DuckDBPyRelation],
    connection: duckdb.DuckDBPyConnection,
) -> duckdb.DuckDBPyRelation:
    """Create the temporary table `filing_classes`: `REVIEWED_COLUMNS` per register and number.

    `filings` must have `register`, `filing_number`, `name`, `entity_name`, `products`, `purpose`
    and `amended_at`, of which the last three may be null. `seeds` are the rules and `filing_labels`
    by name.
    """
    rules = load_rules(lambda name: seeds[name].pl())
    labels = seeds["filing_labels"].pl().select(*LABEL_COLUMNS)
    columns = ", ".join(f"{name} {_TYPES[kind]}" for name, kind in REVIEWED_COLUMNS.items())
    connection.execute(
        "create or replace temporary table filing_classes "
        f"(register varchar, filing_number varchar, {columns})"
    )
    # Number the rows, so that finding a slice does not require counting all rows before it.
    filings.create_view("filings_to_classify")
    try:
        connection.execute(
            """
            create or replace temporary table texts as
            select
                row_number() over () as n,
                register, filing_number, name as algorithm_name, entity_name, products,
                coalesce(purpose, '') as purpose,
                amended_at is not null as is_amended
            from filings_to_classify
            """
        )
    finally:
        connection.execute("drop view filings_to_classify")
    texts = connection.table("texts")
    ((rows,),) = texts.aggregate("count(*)").fetchall()
    slices = (
        texts.filter(f"n between {first} and {first + ROWS_AT_ONCE - 1}").pl()
        for first in range(1, rows + 1, ROWS_AT_ONCE)
    )

    def classes_of(of_slice: pl.DataFrame) -> pl.DataFrame:
        classes = with_labels(of_slice, classify(of_slice, rules), labels, rules.calibration)
        return of_slice.select("register", "filing_number").hstack(classes)

    # Much of Polars uses one core, so several slices are classified at once. DuckDB stays in this
    # thread.
    with ThreadPoolExecutor(SLICES_AT_ONCE) as pool:
        while together := list(islice(slices, SLICES_AT_ONCE)):
            for classes in pool.map(classes_of, together):
                connection.register("classes_of_slice", classes)
                connection.execute("insert into filing_classes from classes_of_slice")
                connection.unregister("classes_of_slice")
    connection.execute("drop table texts")
    return connection.table("filing_classes")
