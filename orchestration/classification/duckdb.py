"""Classification of a DuckDB table in slices, to handle millions of rows in little memory.

Texts that are in the cache are not classified again.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.classification.class_cache import ClassCache, read_parquet, rules_sha256
from orchestration.classification.labels import (
    LABEL_COLUMNS,
    REGISTER,
    REVIEWED_COLUMNS,
    with_labels,
)
from orchestration.classification.rules import SEED_NAMES, Rules, classify, load_rules

ROWS_AT_ONCE = 100_000
SLICES_AT_ONCE = 2

_TYPES = {
    pl.String: "varchar",
    pl.Boolean: "boolean",
    pl.Float64: "double",
    pl.Int64: "bigint",
    pl.Date: "date",
}
# The hash of all that the classes of a filing depend on besides the rules: its texts and, if it has
# a label, that label and whether the filing was amended. The lengths keep the texts apart.
_TEXTS = ("name", "entity_name", "products", "purpose")
_KEY = f"""unhex(md5(concat(
    {", ' ', ".join(f"length({name})" for name in _TEXTS)}, ' ', {", ".join(_TEXTS)},
    if(label is null, '', concat(label, ' ', amended_at is not null))
)))"""


def classified(
    filings: duckdb.DuckDBPyRelation,
    seeds: Mapping[str, duckdb.DuckDBPyRelation],
    connection: duckdb.DuckDBPyConnection,
    cache_folder: Path,
) -> duckdb.DuckDBPyRelation:
    """The classes of each filing: `register`, `filing_number` and `REVIEWED_COLUMNS`.

    `filings` must have `register`, `filing_number`, `name`, `entity_name`, `products`, `purpose`
    and `amended_at`, of which the last three may be null. `seeds` are the rules and `filing_labels`
    by name. Creates temporary tables in `connection`, from which the result is read.
    """
    frames = {name: seeds[name].pl() for name in SEED_NAMES}
    rules = load_rules(lambda name: frames[name])
    labels = seeds["filing_labels"].pl().select(*LABEL_COLUMNS)
    cache = ClassCache(cache_folder, rules_sha256(frames))
    filings.create_view("filings_to_classify")
    seeds["filing_labels"].create_view("labels_to_apply")
    try:
        connection.execute(
            f"""
            create or replace temporary table class_keys as
            with labels as (
                select '{REGISTER}' as register, filing_number, md5(seed::varchar) as label
                from labels_to_apply as seed
            )
            select register, filing_number, {_KEY} as key
            from filings_to_classify
            left join labels using (register, filing_number)
            """
        )
        files = cache.files()
        files += _classify_new_texts(connection, files, cache, rules, labels)
    finally:
        connection.execute("drop view filings_to_classify; drop view labels_to_apply")
    files = cache.prune(connection, files, "class_keys")
    columns = ", ".join(
        f"{name}::{_TYPES[kind]} as {name}" for name, kind in REVIEWED_COLUMNS.items()
    )
    # Without filings, no file of the cache is needed.
    if not files:
        return connection.sql(f"select register, filing_number, {_nulls()} from class_keys")
    return connection.sql(
        f"select register, filing_number, {columns} "
        f"from class_keys inner join {read_parquet(files)} using (key)"
    )


def _nulls() -> str:
    return ", ".join(f"null::{_TYPES[kind]} as {name}" for name, kind in REVIEWED_COLUMNS.items())


def _classify_new_texts(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    cache: ClassCache,
    rules: Rules,
    labels: pl.DataFrame,
) -> list[Path]:
    """Add the texts that are not in `files` to the cache, one file per slice; the new files."""
    known = f"anti join {read_parquet(files)} using (key)" if files else ""
    connection.execute(
        f"""
        create or replace temporary table new_texts as
        select key, unnest(first({{register: register, filing_number: filing_number}}))
        from class_keys {known}
        group by key
        """
    )
    slices = connection.sql(
        """
        select
            key, register, filing_number, name as algorithm_name, entity_name, products,
            coalesce(purpose, '') as purpose,
            amended_at is not null as is_amended
        from filings_to_classify
        inner join new_texts using (register, filing_number)
        """
    ).to_arrow_reader(ROWS_AT_ONCE)

    def classes_of(batch: Any) -> pl.DataFrame:
        of_slice = pl.DataFrame(pl.from_arrow(batch))
        classes = with_labels(of_slice, classify(of_slice, rules), labels, rules.calibration)
        return of_slice.select("key").hstack(classes)

    # Much of Polars uses one core, so several slices are classified at once. DuckDB stays in this
    # thread.
    added = []
    with ThreadPoolExecutor(SLICES_AT_ONCE) as pool:
        while together := list(islice(slices, SLICES_AT_ONCE)):
            added += [cache.add(classes) for classes in pool.map(classes_of, together)]
    connection.execute("drop table new_texts")
    return added
