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
        entity_key=pl.Series(keys, dtype=pl.String),
        product_list=list_column([product_list(cell) for cell in rows["products"]], PRODUCT),
        note_events=list_column([note_events(cell) for cell in rows["note"]], NOTE_EVENT),
    )


def list_column(values: Sequence[Sequence[Mapping[str, object]]], struct: pl.Struct) -> pl.Series:
    """A column of lists of structs. Polars takes forty times as long to build it from the lists."""
    items = pl.DataFrame(
        [item for cell in values for item in cell],
        schema={field.name: field.dtype for field in struct.fields},
    )
    places = [place for place, cell in enumerate(values) for _ in cell]
    lists = (
        items.select(item=pl.struct(pl.all()), place=pl.Series(places, dtype=pl.UInt32))
        .group_by("place", maintain_order=True)
        .agg("item")
    )
    column = (
        pl.DataFrame({"place": range(len(values))}, schema={"place": pl.UInt32})
        .join(lists, on="place", how="left", maintain_order="left")
        .to_series(1)
    )
    return column.fill_null(pl.Series([[]], dtype=pl.List(struct)))


def product_list(cell: str) -> list[dict[str, object]]:
    """The products in a cell, as values of PRODUCT."""
    return [_fields(PRODUCT, product) for product in read_products(cell)]


def note_events(cell: str) -> list[dict[str, object]]:
    """The events in a note, as values of NOTE_EVENT."""
    return [_fields(NOTE_EVENT, event) for event in read_note(cell)]


def _fields(struct: pl.Struct, value: Product | NoteEvent) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in struct.fields}
