"""Guards against publishing a release that has lost batches or versions of documents.

The history in the marts comes from the archived versions, and the archive cannot be rebuilt.
Without these guards, a missing version would silently shorten the published history.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.latest import descriptor
from scrapers.errors import HeldBackError, few
from scrapers.registers.cancellation_notices import CANCELLATION_NOTICES
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.registers.discovery.announcements import batch_key

Versions = Mapping[str, Collection[str]]
"""The versions of each document: {archive folder: version names}."""


def refuse_lost_batches(
    batches: Collection[int], before: Path, withdrawn: Collection[int] = ()
) -> None:
    """Check that every batch of the previous release is still there.

    `withdrawn` batches, which were announced by mistake, may be missing. Raises HeldBackError if
    any other batch is.
    """
    known = {item["batch_no"] for item in descriptor(before).get("batches", [])}
    if lost := sorted(known - set(batches) - set(withdrawn)):
        raise HeldBackError(
            f"not published: batch {', '.join(map(str, lost))} is in release {before.name}, "
            "but no version of its list is accepted now",
            remedy="Run `filings status` to see what is wrong with it",
        )


def refuse_lost_versions(versions: Versions, before: Path, withdrawn: Collection[int] = ()) -> None:
    """Check that the archive still has every version that the previous release was made from.

    Raises HeldBackError if a version is missing, except for the lists of `withdrawn` batches.
    """
    lost = [
        f"{folder} ({found})"
        for folder, found in _lost(versions, before).items()
        if folder not in set(map(_batch_folder, withdrawn))
    ]
    if lost:
        shown = few(lost)
        raise HeldBackError(
            f"not published: the archive has lost versions that release {before.name} was made "
            f"from: {shown}",
            remedy="Restore these folders of data/raw from a backup. To continue without that "
            "history, move data/published away: the next run then makes a first release",
        )


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

    Older data packages do not list versions. Their `batches` mart counts those of each list, and
    their `cancellations` mart shows that each notice had at least one.
    """
    with duckdb.connect() as connection:
        lists = _select(connection, before, "batches", "batch_no", "list_versions")
        notices = _select(connection, before, "cancellations", "notice_id", "1")
    counts = {_batch_folder(batch_no): count for batch_no, count in lists}
    return counts | {CANCELLATION_NOTICES.folder(key): count for key, count in notices}


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
    return DEEP_SYNTHESIS.folder(batch_key(batch_no))
