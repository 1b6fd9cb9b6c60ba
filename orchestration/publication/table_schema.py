"""Table schemas of the marts in the terms of Frictionless: types, keys and references."""

from collections.abc import Collection, Mapping
from typing import Any

from orchestration.publication.catalogue import Table

# The Frictionless type of each DuckDB type. Lists are `array`, structs `object`.
_TYPES = {
    "VARCHAR": "string",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "UTINYINT": "integer",
    "USMALLINT": "integer",
    "UINTEGER": "integer",
    "UBIGINT": "integer",
    "FLOAT": "number",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "INTERVAL": "duration",
    "JSON": "object",
}

# {mart: {column: mart whose key it is}}: true of every release, because the SQL of the marts makes
# one from the other.
_REFERENCES: Mapping[str, Mapping[str, str]] = {
    "article_claim_readings": {"claim_id": "article_claims"},
    "cities_by_batch": {"batch_no": "batches"},
    "dual_track": {"registrant_id": "registrants"},
    "entities_by_sector": {"entity_id": "entities"},
    "entity_moves": {"entity_id": "entities", "filing_number": "filings"},
    "filings": {"batch_no": "batches", "entity_id": "entities"},
    "modalities_by_batch": {"batch_no": "batches"},
    "products": {"filing_number": "filings"},
    "regions_by_batch": {"batch_no": "batches"},
    "registrations": {"registrant_id": "registrants"},
    "roles_by_batch": {"batch_no": "batches"},
    "sectors_by_batch": {"batch_no": "batches"},
}


def field_type(duckdb_type: str) -> str:
    """The Frictionless type of a DuckDB type; `any` if there is none that fits."""
    if duckdb_type.endswith("]"):
        return "array"
    if duckdb_type.startswith(("STRUCT", "MAP")):
        return "object"
    if duckdb_type.startswith("DECIMAL"):
        return "number"
    return _TYPES.get(duckdb_type, "any")


def table_schema(table: Table, keys: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """The Table Schema of a mart; `keys` are the columns of the primary key of each mart.

    A reference is left out if the release lacks the mart that it leads to.
    """
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": field_type(column.type)}
            | ({"description": column.description} if column.description else {})
            for column in table.columns
        ]
    }
    if key := keys.get(table.name):
        schema["primaryKey"] = list(key)
    references = [
        {"fields": [column], "reference": {"resource": target, "fields": [column]}}
        for column, target in _REFERENCES.get(table.name, {}).items()
        if list(keys.get(target, ())) == [column]
    ]
    if references:
        schema["foreignKeys"] = references
    return schema
