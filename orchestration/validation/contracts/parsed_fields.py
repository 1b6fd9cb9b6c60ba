"""What is read off the cells of an accepted row: the entity's name for matching, the products,
the events that the note tells. The cells stay beside it as printed."""

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
READING_COLUMNS = {
    "entity_key": pl.String,
    "product_list": pl.List(PRODUCT),
    "note_events": pl.List(NOTE_EVENT),
}


def with_readings(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows (entity_name, products and note as texts, never null) with READING_COLUMNS."""
    readings = {
        "entity_key": [matching_key(name) for name in rows["entity_name"]],
        "product_list": [product_list(cell) for cell in rows["products"]],
        "note_events": [note_events(cell) for cell in rows["note"]],
    }
    return rows.with_columns(
        pl.Series(name, readings[name], dtype=dtype) for name, dtype in READING_COLUMNS.items()
    )


def product_list(cell: str) -> list[dict[str, object]]:
    return [_fields(PRODUCT, product) for product in read_products(cell)]


def note_events(cell: str) -> list[dict[str, object]]:
    return [_fields(NOTE_EVENT, event) for event in read_note(cell)]


def _fields(struct: pl.Struct, value: Product | NoteEvent) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in struct.fields}
