"""What a release must not lose against the one before: batches, and versions of documents.

The history of the marts is made from the archived versions, and the archive cannot be rebuilt. A
release from which a version is missing would tell of a shorter history, and say nothing of it.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from orchestration.publication.latest import descriptor
from scrapers.errors import HeldBackError
from scrapers.registers.cancellations import notice_folder
from scrapers.registers.lists import batch_key

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
        if folder not in set(map(batch_key, withdrawn))
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

    Releases of earlier programs tell it of lists, in `batches`; of notices, that there were any.
    """
    with duckdb.connect() as connection:
        lists = _select(connection, before, "batches", "batch_no", "list_versions")
        notices = _select(connection, before, "cancellations", "notice_id", "1")
    counts = {batch_key(batch_no): count for batch_no, count in lists}
    return counts | {notice_folder(notice_id): count for notice_id, count in notices}


def _select(
    connection: duckdb.DuckDBPyConnection, release: Path, mart: str, *columns: str
) -> list[tuple]:
    """The distinct values of some columns of a mart; none where it has no such column."""
    path = release / "parquet" / f"{mart}.parquet"
    try:
        return connection.read_parquet(str(path)).project(", ".join(columns)).distinct().fetchall()
    except (duckdb.Error, OSError):
        return []
