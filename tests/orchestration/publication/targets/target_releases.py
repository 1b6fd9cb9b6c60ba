"""Small release folders, as a target reads them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.latest import DESCRIPTOR

CREATED = "2026-08-01T00:00:00+00:00"


def write_release(
    folder: Path, name: str, note: str = "", source: str = "replica", **queries: str
) -> Path:
    """Write a release to `folder`/data/published, with a mart per query and a `CHANGES.md`.

    `note` is part of the description of each mart and column.
    """
    release = folder / "data" / "published" / name
    (release / "parquet").mkdir(parents=True)
    (release / "CHANGES.md").write_text(f"Changes of {name}.\n")
    resources: list[dict[str, Any]] = [_resource(release, "CHANGES.md")]
    with duckdb.connect() as connection:
        for mart, query in queries.items():
            path = f"parquet/{mart}.parquet"
            table = connection.sql(query)
            table.write_parquet(str(release / path))
            fields = [
                {"name": column, "type": "any", "description": f"What {column} says{note}."}
                for column in table.columns
            ]
            resources.append(
                _resource(release, path)
                | {"name": mart, "row_count": len(table.fetchall())}
                | {"description": f"It's {mart}{note}.", "schema": {"fields": fields}}
            )
    package = {
        "name": f"filings-{name.lower()}",
        "version": "2026.8.0",
        "created": CREATED,
        "as_of": "lists to August 2026",
        "source": source,
        "content_sha256": hashlib.sha256(repr(queries).encode()).hexdigest(),
        "registers": [{"register": "deep_synthesis", "documents": 18, "rows": 7764}],
        "resources": resources,
    }
    (release / DESCRIPTOR).write_text(json.dumps(package))
    return release


def _resource(release: Path, path: str) -> dict[str, Any]:
    content = (release / path).read_bytes()
    return {
        "name": path,
        "path": path,
        "format": path.rpartition(".")[2],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
