"""Fields parsed from the cells of an accepted row: entity key, products, and events in the note.

The cells are stored next to them as printed.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from scrapers.fields.notes import NoteEvent, read_note
from scrapers.fields.products import Product, read_products
from scrapers.fields.text_keys import matching_key

PRODUCT = pl.Struct(
    {"name": pl.String, "kind": pl.String, "printed_kind": pl.String, "mentions": pl.Int32}
)
NOTE_EVENT = pl.Struct(
    {
        "kind": pl.String,
        "month": pl.String,
        "subject": pl.String,
        "old_value": pl.String,
        "new_value": pl.String,
        "old_key": pl.String,
        "new_key": pl.String,
    }
)
PARSED_COLUMNS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "entity_key": pl.String,
    "product_list": pl.List(PRODUCT),
    "note_events": pl.List(NOTE_EVENT),
}


def with_parsed_fields(rows: pl.DataFrame) -> pl.DataFrame:
    """Add PARSED_COLUMNS to rows whose entity_name, products and note are never null."""
    keys = [matching_key(name) for name in rows["entity_name"]]
    return rows.with_columns(
        pl.Series("entity_key", keys, dtype=pl.String),
        _lists("product_list", [read_products(cell) for cell in rows["products"]], PRODUCT),
        _lists("note_events", [read_note(cell) for cell in rows["note"]], NOTE_EVENT),
    )


def _lists(
    name: str, values: Sequence[Sequence[Product | NoteEvent]], struct: pl.Struct
) -> pl.Series:
    """A column with the list of values of each row.

    Polars takes a series per row to make it from lists of dicts, so it is made from one long one.
    """
    found = [value for of_row in values for value in of_row]
    fields = {
        field.name: pl.Series([getattr(value, field.name) for value in found], dtype=field.dtype)
        for field in struct.fields
    }
    rows = [row for row, of_row in enumerate(values) for _ in of_row]
    listed = (
        pl.DataFrame(fields)
        .select(pl.Series("row", rows, dtype=pl.UInt32), pl.struct(list(fields)).alias(name))
        .group_by("row", maintain_order=True)
        .agg(name)
    )
    every = pl.DataFrame({"row": pl.Series(range(len(values)), dtype=pl.UInt32)})
    # A row without values has an empty list.
    none = pl.lit([], dtype=pl.List(struct))
    return every.join(listed, on="row", how="left", maintain_order="left").select(
        pl.col(name).fill_null(none)
    )[name]
