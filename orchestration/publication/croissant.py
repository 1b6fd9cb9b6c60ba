"""`croissant.json`: the data files of a release for data search engines and ML frameworks.

It is a schema.org `Dataset` in the terms of Croissant 1.0 (https://docs.mlcommons.org/croissant).
The same archive and program give the same file, so it names the content and not the release, and
leaves out the DuckDB file: that has the tables of the Parquet files, but in bytes that vary.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from orchestration.publication.about_data import (
    KEYWORDS,
    PUBLISHER,
    SOURCE,
    SOURCE_URL,
    TERMS_OF_USE,
    description,
)
from orchestration.publication.catalogue import Column, Reach, Table, reach, tables
from orchestration.publication.context import ReleaseContext
from orchestration.publication.croissant_context import CONFORMS_TO, CONTEXT
from orchestration.publication.registers import RELEASE_TITLE, RegisterRows
from orchestration.publication.table_schema import field_type
from scrapers.files import file_sha256, write_json

CROISSANT = "croissant.json"

_DATA_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}
# The name that Croissant has for Parquet files.
_ENCODINGS = {
    ".parquet": "application/x-parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_croissant(context: ReleaseContext) -> None:
    """Add `croissant.json`, which describes the files with data that the release has by then."""
    reached, found = reach(context), tables(context)
    keys = {mart.name: mart.key for mart in context.marts}
    dataset = _dataset(context, reached) | {
        "distribution": [_file(context.folder, path) for path in _data_files(context.folder)],
        "recordSet": [_record_set(table, keys[table.name]) for table in found],
    }
    write_json(context.folder / CROISSANT, dataset)


def _dataset(context: ReleaseContext, reached: Reach) -> dict[str, Any]:
    """What data search engines read: name, description, terms, coverage and measures."""
    months = reached.state.months
    fetched_on = f"{reached.fetched_at:%Y-%m-%d}"
    version = context.version()
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": RELEASE_TITLE.en,
        "alternateName": RELEASE_TITLE.zh,
        "description": f"{description(context.source)} As of: {reached.state.text.en}.",
        "version": version,
        "identifier": f"sha256:{context.content_sha256}",
        # Of the data: when the archive last received something new.
        "datePublished": fetched_on,
        "license": [
            {"@type": "CreativeWork", "name": "No stated licence", "description": terms}
            for terms in TERMS_OF_USE
        ],
        "creator": {"@type": "Organization", "name": PUBLISHER},
        "isBasedOn": {
            "@type": "CreativeWork",
            "name": f"Lists and notices of the {SOURCE.en} ({SOURCE.zh})",
            "url": SOURCE_URL,
        },
        "citeAs": f"{PUBLISHER}. {RELEASE_TITLE.en}, version {version}, {fetched_on}.",
        "keywords": list(KEYWORDS),
        "inLanguage": ["zh", "en"],
        "isAccessibleForFree": True,
        "isLiveDataset": False,
        **({"temporalCoverage": "/".join(months)} if months else {}),
        "spatialCoverage": {"@type": "Place", "name": "China"},
        "variableMeasured": [_measure(item) for item in reached.registers],
    }


def _measure(item: RegisterRows) -> dict[str, Any]:
    return {
        "@type": "PropertyValue",
        "name": item.title.en,
        "value": item.count,
        "unitText": item.compared.rows.many,
    }


def _data_files(folder: Path) -> Iterator[Path]:
    """The workbook and the Parquet files. Pages are not data."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in _ENCODINGS:
            yield path


def _file(folder: Path, path: Path) -> dict[str, Any]:
    relative = path.relative_to(folder).as_posix()
    return {
        "@type": "cr:FileObject",
        "@id": relative,
        "name": relative,
        "contentUrl": relative,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": _ENCODINGS[path.suffix],
        "sha256": file_sha256(path),
    }


def _record_set(table: Table, key: Sequence[str]) -> dict[str, Any]:
    """The columns of a table that Croissant has a type for: all but structs."""
    fields = [_field(table, column) for column in table.columns if _data_type(column)]
    record_set: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "field": fields,
    }
    if key:
        record_set["key"] = [{"@id": f"{table.name}/{column}"} for column in key]
    return record_set


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _data_type(column),
        "source": {
            "fileObject": {"@id": f"parquet/{table.name}.parquet"},
            "extract": {"column": column.name},
        },
    }
    if column.type.endswith("[]"):
        field["repeated"] = True
    return field


def _data_type(column: Column) -> str | None:
    """The Croissant type of a value, or of the values in a list; None if there is none."""
    return _DATA_TYPES.get(field_type(column.type.removesuffix("[]")))
