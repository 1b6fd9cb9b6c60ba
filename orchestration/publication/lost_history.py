"""Guards against publishing a release that has lost documents or versions of them.

The history in the marts comes from the archived versions, and the archive cannot be rebuilt.
Without these guards, a missing version would silently shorten the published history.

Documents are named by their folder in the archive, such as `011` or `recommendation/2026-07`.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.latest import descriptor
from orchestration.validation.contracts.lookup import contract_of
from scrapers.errors import HeldBackError, few
from scrapers.registers import REGISTERS

Versions = Mapping[str, Collection[str]]
"""The versions of each document: {archive folder: version names}."""

# The marts of older releases that count versions: their column of documents, and the count. The
# second only shows that each document had a version.
_COUNTING_MARTS = {"batches": ("batch_no", "list_versions"), "cancellations": ("notice_id", "1")}


def refuse_lost_batches(
    batches: Collection[int], before: Path, withdrawn: Collection[str] = ()
) -> None:
    """Check that the marts still have filings of every batch of the previous release.

    `withdrawn` documents, which were announced by mistake, may be missing. Raises HeldBackError if
    any other batch is.
    """
    known = {item["batch_no"] for item in descriptor(before).get("batches", [])}
    lost = {_batch_folder(number) for number in known - set(batches)} - set(withdrawn)
    _refuse(lost, before)


def refuse_lost_documents(
    in_use: Collection[str], before: Path, withdrawn: Collection[str] = ()
) -> None:
    """Check that every document of the previous release still has an accepted version.

    `in_use` are the documents that have one. `withdrawn` documents may be missing. Raises
    HeldBackError if any other document is. Older releases do not state their documents.
    """
    known = descriptor(before).get("documents", {})
    _refuse(set(known) - set(in_use) - set(withdrawn), before)


def refuse_lost_versions(versions: Versions, before: Path, withdrawn: Collection[str] = ()) -> None:
    """Check that the archive still has every version that the previous release was made from.

    Raises HeldBackError if a version is missing, except for `withdrawn` documents.
    """
    lost = [
        f"{folder} ({found})"
        for folder, found in _lost(versions, before).items()
        if folder not in withdrawn
    ]
    if lost:
        shown = few(lost)
        raise HeldBackError(
            f"not published: the archive has lost versions that release {before.name} was made "
            f"from: {shown}",
            remedy="Restore these folders of data/raw from a backup. To continue without that "
            "history, move data/published away: the next run then makes a first release",
        )


def _refuse(lost: Collection[str], before: Path) -> None:
    if lost:
        raise HeldBackError(
            f"not published: release {before.name} has {few(map(_label, sorted(lost)))}, but no "
            "version of it is accepted now",
            remedy="Run `filings status` to see what is wrong with it",
        )


def _label(folder: str) -> str:
    """The name of a document in messages."""
    owner = next((register for register in REGISTERS if register.owns(folder)), None)
    return owner.label(owner.key_of(folder)) if owner else folder


def _lost(versions: Versions, before: Path) -> dict[str, str]:
    """A description of what is missing, by archive folder."""
    stated = descriptor(before).get("versions")
    if not isinstance(stated, dict):
        counts = _counts(before)
        return {
            folder: f"{len(versions.get(folder, ()))} of {count} versions"
            for folder, count in counts.items()
            if len(versions.get(folder, ())) < count
        }
    missing = {key: set(names) - set(versions.get(key, ())) for key, names in stated.items()}
    return {folder: ", ".join(sorted(names)) for folder, names in missing.items() if names}


def _counts(before: Path) -> dict[str, int]:
    """The minimum number of versions of each document in an older release, by archive folder.

    Older data packages do not list versions, but some of their marts count them.
    """
    registers = {contract_of(register.name).place.document: register for register in REGISTERS}
    counts: dict[str, int] = {}
    with duckdb.connect() as connection:
        for mart, (document, count) in _COUNTING_MARTS.items():
            register = registers[document]
            for value, versions in _select(connection, before, mart, document, count):
                counts[register.folder(register.key_of_value(value))] = versions
    return counts


def _select(
    connection: duckdb.DuckDBPyConnection, release: Path, mart: str, *columns: str
) -> list[tuple[Any, ...]]:
    """The distinct values of columns of a mart; empty if a column or the mart does not exist."""
    path = release / "parquet" / f"{mart}.parquet"
    try:
        return connection.read_parquet(str(path)).project(", ".join(columns)).distinct().fetchall()
    except (duckdb.Error, OSError):
        return []


def _batch_folder(batch_no: int) -> str:
    """The folder of a batch, a document of the register with numbered ones."""
    register = next(item for item in REGISTERS if item.key_of_number)
    return register.folder(register.key_of_value(batch_no))
