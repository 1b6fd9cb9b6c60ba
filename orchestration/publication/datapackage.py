"""`datapackage.json`: the Frictionless Data Package of a release."""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from orchestration.publication.about_data import (
    KEYWORDS,
    PUBLISHER,
    SOURCE,
    SOURCE_URL,
    TERMS_OF_USE,
    description,
)
from orchestration.publication.catalogue import tables
from orchestration.publication.changes import Changes
from orchestration.publication.context import ReleaseContext
from orchestration.publication.registers import RELEASE_TITLE, RegisterRows
from orchestration.publication.table_schema import table_schema
from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse.marts import DATABASE
from scrapers.files import file_sha256

MEDIA_TYPES = {
    ".atom": "application/atom+xml",
    ".duckdb": "application/vnd.duckdb",
    ".json": "application/ld+json",
    ".parquet": "application/vnd.apache.parquet",
    ".html": "text/html",
    ".md": "text/markdown",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COMMIT_VARIABLE = "FILINGS_COMMIT"
_TEXTS = {".atom", ".json", ".html", ".md"}
_DATABASE_DESCRIPTION = (
    "All tables of the release in one DuckDB file, with comments on tables and columns: the same "
    "rows and columns as the Parquet files, whose schemas apply."
)


def data_package(
    context: ReleaseContext, name: str, changes: Changes, sums: Mapping[str, str]
) -> dict[str, Any]:
    """The descriptor of the files of a release; `sums` are the hashes to state in it."""
    state = context.state()
    return {
        "profile": "data-package",
        "name": f"filings-{name.lower()}",
        "title": RELEASE_TITLE.en,
        "description": description(context.source),
        "version": context.version(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": state.text.en,
        "as_of_zh": state.text.zh,
        **({"temporal": _temporal(state.months)} if state.months else {}),
        "code_version": context.code_version,
        "source": context.source,
        **sums,
        "keywords": list(KEYWORDS),
        "licenses": [{"name": "notspecified", "title": terms} for terms in TERMS_OF_USE],
        "contributors": [{"title": PUBLISHER, "role": "wrangler"}],
        "sources": [{"title": SOURCE.en, "path": SOURCE_URL}],
        "registers": [
            _register(item.listed) | {"as_of": reached.text.en, "as_of_zh": reached.text.zh}
            for item, reached in zip(changes.registers, state.registers, strict=True)
        ],
        "batches": [
            {"batch_no": number, "filings": count} for number, count in changes.batches.items()
        ],
        "resources": _resources(context),
    }


def _temporal(months: tuple[str, str]) -> dict[str, str]:
    return {"start": months[0], "end": months[1]}


def _resources(context: ReleaseContext) -> list[dict[str, Any]]:
    """Every file of the release; a table also has its schema, its rows and its description.

    All are of the type `file` to programs that check a package: they compare bytes and hashes of
    each. Types of Parquet files, such as lists and integers with nulls, are lost in the readers of
    such programs, and the workbook has no single table. For the same reason the number of rows is
    not named `rows`, which they would look for in the file.
    """
    described = {f"parquet/{table.name}.parquet": table for table in tables(context)}
    keys = {mart.name: mart.key for mart in context.marts}
    resources = []
    for path in sorted(item for item in context.folder.rglob("*") if item.is_file()):
        relative = path.relative_to(context.folder).as_posix()
        table = described.get(relative)
        resource: dict[str, Any] = {
            "name": table.name if table else relative.replace(".", "-").lower(),
            "type": "file",
            "path": relative,
            "format": path.suffix.removeprefix("."),
            "mediatype": MEDIA_TYPES[path.suffix],
            **({"encoding": "utf-8"} if path.suffix in _TEXTS else {}),
            "bytes": path.stat().st_size,
            "hash": f"sha256:{file_sha256(path)}",
        }
        if table:
            resource |= {
                "row_count": table.rows,
                "description": table.description,
                "schema": table_schema(table, keys),
            }
        elif path.name == DATABASE:
            resource["description"] = _DATABASE_DESCRIPTION
        resources.append(resource)
    return resources


def _register(item: RegisterRows) -> dict[str, Any]:
    """The titles of a register, and the number of its lists and of their rows."""
    return {
        "register": item.compared.register,
        "title": item.title.en,
        "title_zh": item.title.zh,
        "documents": len(item.documents),
        "rows": item.count,
    }


def code_version() -> str:
    """The version of the package, with the commit if it is known.

    The commit is that of the Git checkout. Without one, it is FILINGS_COMMIT, which the image sets.
    """
    number = version("filings-register")
    commit = _checked_out() or os.environ.get(COMMIT_VARIABLE, "").strip()
    return f"{number}+{commit}" if commit else number


def _checked_out() -> str:
    """The commit of the checkout; empty without Git or without a checkout."""
    # Git refuses a checkout that belongs to another user, as on a server, unless it is named.
    command = ["git", "-c", f"safe.directory={PROJECT_ROOT}", "-C", str(PROJECT_ROOT)]
    try:
        found = subprocess.run(
            [*command, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        )
    except OSError:  # a machine without git
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
