"""The rows of a list as cells in the order of its headings."""

from scrapers.documents import ListTable

FIELDS = (
    "position", "algorithm_name", "role", "entity_name", "products", "purpose", "filing_number",
    "note",
)  # fmt: skip


def cells_of(table: ListTable) -> list[tuple[str, ...]]:
    return [tuple(getattr(item, field) for field in FIELDS) for item in table.rows]
