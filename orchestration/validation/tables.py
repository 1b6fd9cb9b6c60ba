"""The tables of a whole register that dbt reads, `data/validated/<table>.parquet`.

One table lists every version of every document. Registers with many small documents also have a
table of all rows and one of the whole quarantine. A document that cannot be validated now, because
its archive is damaged, keeps its rows in these tables.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.runtime.file_hashes import FileHashes
from orchestration.validation.contracts.base import Columns, Contract
from orchestration.validation.files import read_table, write_table
from orchestration.validation.results import ValidationResult
from orchestration.validation.store import ValidatedStore
from scrapers.archive.sidecar import Version
from scrapers.files import write_json


def version_columns(contract: Contract) -> Columns:
    """The columns of the table of versions."""
    counts = contract.place.counts
    return {
        **contract.place.columns,
        "version_no": pl.Int32,
        "status": pl.String,
        "reason": pl.String,
        "is_current": pl.Boolean,
        **{name: dtype for name, (dtype, _) in contract.document_columns.items()},
        "document_sha256": pl.String,
        "document_kind": pl.String,
        "table_sha256": pl.String,
        "bytes": pl.Int64,
        "fetched_from": pl.String,
        "retrieved_at": pl.Datetime("us"),
        f"{counts}_listed": pl.Int32,
        f"{counts}_accepted": pl.Int32,
        f"{counts}_quarantined": pl.Int32,
    }


def write_tables(store: ValidatedStore) -> pl.DataFrame:
    """Write the tables of a register. Return the table of versions (`version_columns`)."""
    contract, kept = store.contract, kept_folders(store)
    found = list(store.validated_versions())
    if name := contract.tables.rows:
        accepted = [result for _, _, result, _ in found if result.status == "accepted"]
        _combine(store, name, contract.accepted_columns, accepted, store.rows, kept)
    if name := contract.tables.quarantine:
        current = [item for _, _, item, is_current in found if is_current and item.rows_quarantined]
        _combine(store, name, contract.quarantine_columns, current, store.quarantine, kept)
    rows = [_version_row(store, *item) for item in found]
    versions = pl.DataFrame(rows, schema=dict(version_columns(contract)))
    # Written last: `kept_folders` reads from it which rows the other tables must keep.
    return _write(store, contract.tables.versions, versions, kept)


def version_names(store: ValidatedStore) -> dict[str, list[str]]:
    """The versions in the table that dbt reads, by folder."""
    names: dict[str, list[str]] = {}
    for row in _versions(store):
        folder = _folder(store, row[store.contract.place.document])
        names.setdefault(folder, []).append(row[store.contract.place.version])
    return names


def rows_in_use(store: ValidatedStore) -> dict[str, int]:
    """The number of accepted rows of each document with a version in use, by folder."""
    place = store.contract.place
    return {
        _folder(store, row[place.document]): row[f"{place.counts}_accepted"]
        for row in _versions(store)
        if row["is_current"]
    }


def kept_folders(store: ValidatedStore) -> frozenset[str]:
    """The folders that cannot be validated now, but whose accepted rows are all in the store."""
    place = store.contract.place
    pending = {folder for folder in store.folders() if _is_pending(store, folder)}
    if not pending:
        return frozenset()
    paths = (table_path(store, name) for name in store.contract.tables.names)
    versions, *others = map(read_table, paths)
    named = {place.document, place.version, "status"}
    if versions is None or not named.issubset(versions.columns):
        return frozenset()
    if any(table is None for table in others):
        return frozenset()
    in_use: dict[str, list[Path]] = {}
    for row in versions.filter(status="accepted").to_dicts():
        folder = _folder(store, row[place.document])
        path = store.files.rows_path(folder, row[place.version])
        in_use.setdefault(folder, []).append(path)
    # Damaged files have been renamed by now, so a file that exists is whole.
    return frozenset(
        folder for folder in pending & set(in_use) if all(map(Path.exists, in_use[folder]))
    )


def table_path(store: ValidatedStore, name: str) -> Path:
    """The path of a table, by its name in the contract."""
    return store.root / f"{name}.parquet"


def is_altered(path: Path, hashes: FileHashes) -> bool:
    """Whether a combined table differs from what was written. False if that is not on record."""
    known = _recorded(_record(path))
    return isinstance(known, list) and known[-1:] != [hashes.of(path)]


def _record(path: Path) -> Path:
    """Beside a combined table: the hash of the results it was made from, and its own."""
    return path.with_name(f"{path.stem}.made_from.json")


def _combine(
    store: ValidatedStore,
    name: str,
    columns: Columns,
    results: Sequence[ValidationResult],
    read: Callable[[ValidationResult], pl.DataFrame],
    kept: Collection[str],
) -> None:
    """Write a table of the frames of all `results`, unless it was made from the same ones.

    `<table>.made_from.json` has the hash of the results, and that of the table.
    """
    path = table_path(store, name)
    record = _record(path)
    made_from = hashlib.sha256(repr((columns, kept, list(map(astuple, results)))).encode())
    if _recorded(record) == [made_from.hexdigest(), store.files.hashes.of(path)] and not kept:
        return
    record.unlink(missing_ok=True)
    _write(store, name, pl.concat([pl.DataFrame(schema=dict(columns)), *map(read, results)]), kept)
    write_json(record, [made_from.hexdigest(), store.files.hashes.of(path)])


def _recorded(record: Path) -> object:
    try:
        return json.loads(record.read_bytes())
    except (OSError, ValueError):
        return None


def _versions(store: ValidatedStore) -> list[dict[str, Any]]:
    """The rows of the table of versions; none if it does not exist."""
    table = read_table(table_path(store, store.contract.tables.versions))
    return [] if table is None else table.to_dicts()


def _write(
    store: ValidatedStore, name: str, table: pl.DataFrame, kept: Collection[str]
) -> pl.DataFrame:
    """Write a table if it has changed, and return it. Rows of `kept` folders are not replaced."""
    path = table_path(store, name)
    before = read_table(path) if kept else None
    if before is not None:
        folder = pl.col(store.contract.place.document).map_elements(
            lambda value: _folder(store, value), return_dtype=pl.String
        )
        is_kept = folder.is_in(list(kept))
        parts = [table.filter(~is_kept), before.filter(is_kept)]
        table = pl.concat(parts, how="diagonal_relaxed").select(table.columns)
        table = table.sort(folder, maintain_order=True)
        if store.fetched_from and "fetched_from" in table.columns:
            # A table of an earlier version of this program lacks the column.
            table = table.with_columns(pl.col("fetched_from").fill_null(store.fetched_from))
    write_table(path, table)
    return table


def _version_row(
    store: ValidatedStore,
    number: int,
    version: Version,
    result: ValidationResult,
    is_current: bool,
) -> dict[str, object]:
    contract = store.contract
    place = contract.place
    return {
        place.document: place.value(_key(store, version)),
        place.version: version.version,
        "version_no": number,
        "status": result.status,
        "reason": result.reason,
        "is_current": is_current,
        **{name: value(version) for name, (_, value) in contract.document_columns.items()},
        "document_sha256": version.sha256,
        "document_kind": version.facts.kind,
        "table_sha256": version.content_sha256,
        "bytes": version.size,
        "fetched_from": version.fetched_from or store.fetched_from,
        "retrieved_at": version.seen_at.replace(tzinfo=None),
        f"{place.counts}_listed": result.rows_listed,
        f"{place.counts}_accepted": result.rows_accepted,
        f"{place.counts}_quarantined": result.rows_quarantined,
    }


def _key(store: ValidatedStore, version: Version) -> str:
    return store.register.key_of(version.folder)


def _folder(store: ValidatedStore, document: str | int) -> str:
    return store.register.folder(store.register.key_of_value(document))


def _is_pending(store: ValidatedStore, folder: str) -> bool:
    """Whether a folder of the archive cannot be read, or has a version without a result."""
    versions = store.versions(folder)
    return versions is None or len(store.results(folder)) < len(versions)
