"""A release: a folder made whole under a hidden name, renamed, then pointed to by `latest`.

A reader sees the release before or the one after, never a half. A run whose marts and documents
would equal those of the latest release makes none, unless a file of that release is not what was
published. The last ten releases are kept. Their files are read-only.
"""

import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from orchestration.publication.changes import CHANGE_TYPES, CHANGES
from orchestration.publication.changes_page import to_markdown
from orchestration.publication.comparison import compare
from orchestration.publication.context import DocumentWriter, ReleaseContext
from orchestration.publication.datapackage import code_version, data_package
from orchestration.publication.hashes import content_sha256, presentation_sha256
from orchestration.publication.latest import (
    DESCRIPTOR,
    UNFINISHED,
    descriptor,
    latest_release,
    releases,
    switch_latest,
)
from orchestration.publication.lost_history import (
    Versions,
    refuse_lost_batches,
    refuse_lost_versions,
)
from orchestration.publication.release_folders import (
    find_damage,
    last_undamaged,
    make_read_only,
    next_name,
    prune,
    remove_leftovers,
    set_aside,
)
from orchestration.warehouse.marts import Mart, export_marts, export_rows
from scrapers.errors import HeldBackError
from scrapers.files import make_folder, sync_below, write_json, write_text


@dataclass(frozen=True)
class Release:
    """A release, or the latest one where nothing has changed (`is_new` false).

    `counts` are the filings that were added, amended, moved, cancelled, or have gone.
    """

    name: str
    path: Path
    is_new: bool
    rows: Mapping[str, int]
    content_sha256: str
    summary: str
    changes: str
    counts: Mapping[str, int] = field(default_factory=dict)


def publish(
    *,
    warehouse: Path,
    published: Path,
    marts: Sequence[Mart],
    source: str,
    documents: Sequence[DocumentWriter] = (),
    versions: Versions = MappingProxyType({}),
    withdrawn: Collection[int] = (),
) -> Release:
    """Make a release of the warehouse's marts and switch `latest` to it.

    `documents` write what is made from the marts for people: workbook, report and so on.
    `versions` are those that the marts were made from, and `withdrawn` the batches that may leave:
    announced by mistake. Raises HeldBackError where anything else would be lost.

    The caller holds the run lock: unfinished folders are those of runs that were killed.
    """
    make_folder(published)
    remove_leftovers(published)
    name = next_name(published)
    folder = published / f"{UNFINISHED}{name}"
    rows = export_marts(warehouse, marts, folder)
    content = content_sha256(folder)
    hashes = {"content_sha256": content, "presentation_sha256": presentation_sha256(marts)}
    latest = latest_release(published)
    damage = find_damage(latest) if latest else None
    is_same = latest is not None and hashes.items() <= descriptor(latest).items()
    if latest and is_same and damage is None:
        shutil.rmtree(folder)
        return Release(
            latest.name, latest, False, rows, content, "nothing changed", "Nothing changed."
        )
    changes = compare(folder, last_undamaged(published))
    _refuse_losses(folder, changes.batches, versions, withdrawn)
    # After the hash is taken: what differs from before says nothing of what there is now.
    rows[CHANGES.name] = export_rows(CHANGES, CHANGE_TYPES, changes.rows(), folder)
    page = to_markdown(changes, name)
    write_text(folder / "CHANGES.md", page)
    context = ReleaseContext(folder, [*marts, CHANGES], rows, content, code_version(), source)
    for write in documents:
        write(context)
    package = data_package(context, name, changes.batches, hashes)
    package["versions"] = {key: sorted(names) for key, names in versions.items()}
    write_json(folder / DESCRIPTOR, package)
    path = _put_in_place(folder, published / name)
    summary = changes.summary
    if latest and damage:
        set_aside(latest)
        remark = f"release {latest.name} is made again, because {damage.path} {damage.found}"
        summary = remark if is_same else f"{summary}; {remark}"
    prune(published)
    return Release(name, path, True, rows, content, summary, page, changes.counts)


def _refuse_losses(
    folder: Path, batches: Collection[int], versions: Versions, withdrawn: Collection[int]
) -> None:
    """Remove the unfinished folder and raise HeldBackError where the release would lose data."""
    described = next(filter(descriptor, reversed(releases(folder.parent))), None)
    if described is None:
        return
    try:
        refuse_lost_batches(batches, described, withdrawn)
        refuse_lost_versions(versions, described, withdrawn)
    except HeldBackError:
        shutil.rmtree(folder)
        raise


def _put_in_place(folder: Path, path: Path) -> Path:
    """Give the finished folder its name, once it is on disk, and point `latest` to it."""
    make_read_only(folder)
    sync_below(folder)
    os.replace(folder, path)
    switch_latest(path.parent, path.name)
    return path
