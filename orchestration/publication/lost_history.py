"""What a release must not lose against the one before: batches, and versions of documents.

The history of the marts is made from the archived versions, and the archive cannot be rebuilt. A
release from which a version is missing would silently show a shorter history.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from orchestration.publication.latest import descriptor
from scrapers.errors import HeldBackError
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from scrapers.registers.discovery.announcements import batch_key

NAMED = 5

Versions = Mapping[str, Collection[str]]
"""The versions of each document, {folder of the archive: names}."""


def refuse_lost_batches(
    batches: Collection[int], before: Path, withdrawn: Collection[int] = ()
) -> None:
    """No batch ever leaves the register, but for the `withdrawn` ones, which were a mistake.

    Raises HeldBackError.
    """
    known = {item["batch_no"] for item in descriptor(before).get("batches", [])}
    if lost := sorted(known - set(batches) - set(withdrawn)):
        raise HeldBackError(
            f"not published: batch {', '.join(map(str, lost))} is in release {before.name}, "
            "but no version of its list is accepted now",
            remedy="`filings status` tells what is wrong with it",
        )


def refuse_lost_versions(versions: Versions, before: Path, withdrawn: Collection[int] = ()) -> None:
    """Every version of a list or notice that the release before was made from is still known.

    Raises HeldBackError.
    """
    lost = [
        f"{folder} ({found})"
        for folder, found in _lost(versions, before).items()
        if folder not in set(map(_batch_folder, withdrawn))
    ]
    if lost:
        shown = ", ".join(lost[:NAMED]) + (f" and {len(lost) - NAMED} more" if lost[NAMED:] else "")
        raise HeldBackError(
            f"not published: the archive has lost versions that release {before.name} was made "
            f"from: {shown}",
            remedy="Restore these folders of data/raw from a copy. To go on without that history, "
            "move data/published away: the next run makes a first release",
        )


def _lost(versions: Versions, before: Path) -> dict[str, str]:
    """What is missing, in words, by folder."""
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
    """How many versions a release knew of each document, at least.

    Releases of earlier programs state it for lists, in `batches`; for notices, that some exist.
    """
    with duckdb.connect() as connection:
        lists = _select(connection, before, "batches", "batch_no", "list_versions")
        notices = _select(connection, before, "cancellations", "notice_id", "1")
    counts = {_batch_folder(batch_no): count for batch_no, count in lists}
    return counts | {CANCELLATION_NOTICES.folder(key): count for key, count in notices}


def _select(
    connection: duckdb.DuckDBPyConnection, release: Path, mart: str, *columns: str
) -> list[tuple]:
    """The distinct values of some columns of a mart; none where it has no such column."""
    path = release / "parquet" / f"{mart}.parquet"
    try:
        return connection.read_parquet(str(path)).project(", ".join(columns)).distinct().fetchall()
    except (duckdb.Error, OSError):
        return []


def _batch_folder(batch_no: int) -> str:
    return DEEP_SYNTHESIS.folder(batch_key(batch_no))
