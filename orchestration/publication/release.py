"""Publication of a release: a complete, read-only folder that `latest` points to.

The folder is built under a hidden name, renamed, and then linked, so readers see either the
previous or the new release, never part of one. A run that would publish the same marts from the
same documents again makes no release, unless a file of the latest release was altered. The last ten
releases are kept.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import duckdb

from orchestration.publication.aside import finish, started_aside
from orchestration.publication.changes import CHANGE_TYPES, CHANGES, Kind
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
    refuse_lost_documents,
    refuse_lost_versions,
)
from orchestration.publication.published_documents import DOCUMENTS
from orchestration.publication.purposes import with_purpose_remark
from orchestration.publication.release_folders import (
    DATABASE_UPDATES,
    TABLE_HASHES,
    find_damage,
    last_undamaged,
    make_read_only,
    next_name,
    previous_files,
    prune,
    remove_leftovers,
    set_aside,
)
from orchestration.publication.verified import record_verified, same_build
from orchestration.runtime.interrupts import whole
from orchestration.runtime.progress import RELEASE, ProgressEvent, emit
from orchestration.warehouse.marts import Mart, Previous, export_marts, export_rows
from scrapers.errors import HeldBackError
from scrapers.files import make_folder, sync_below, write_json, write_text

# The first steps of a publication, and the last.
TABLES, DIFFERENCES, IN_PLACE = "tables", "differences", "in place"


@dataclass(frozen=True)
class Release:
    """The new release, or the latest one if nothing has changed (`is_new` is false).

    `counts` has the number of rows added, amended, moved, cancelled and gone in all registers.
    """

    name: str
    path: Path
    is_new: bool
    rows: Mapping[str, int]
    content_sha256: str
    summary: str
    changes: str
    counts: Mapping[Kind, int] = field(default_factory=dict)


def publish(
    *,
    warehouse: Path,
    published: Path,
    marts: Sequence[Mart],
    source: str,
    documents: Sequence[DocumentWriter] = (),
    aside: Collection[DocumentWriter] = (),
    versions: Versions = MappingProxyType({}),
    in_use: Mapping[str, int] = MappingProxyType({}),
    withdrawn: Collection[str] = (),
    build: str | None = None,
    tables: Mapping[str, str] = MappingProxyType({}),
) -> Release:
    """Publish the marts of the warehouse as a release and switch `latest` to it.

    `documents` write the workbook, the report and so on; those that are also in `aside` run in a
    process of their own. `versions` are the versions of documents that the marts were made from,
    and `in_use` the rows of each document with an accepted version; both are keyed by the
    document's folder in the archive. `withdrawn` are the documents that may be missing, because
    they were announced by mistake. `source` names the sources of the data directory, such as
    `replica`. `build` is the content hash of the build in the warehouse: the build of the latest
    release is not exported again. `tables` are the content hashes of the tables of the build: a
    mart whose hash is that of the latest release is not exported again either. Raises HeldBackError
    if anything else would be lost.

    The caller must hold the run lock: unfinished folders are removed as leftovers of killed runs.
    """
    marts = with_purpose_remark(marts, source)
    make_folder(published)
    remove_leftovers(published)
    latest = latest_release(published)
    damage = find_damage(latest) if latest else None
    presentation = presentation_sha256(marts)
    # Compared as well: a new document may change no mart, but decides what the sensor requests.
    stated = dict(sorted(in_use.items()))
    origin = {"source": source, "presentation_sha256": presentation, DOCUMENTS: stated}
    if latest and build and damage is None:
        known = (descriptor(latest).get("build_sha256"), same_build(latest))
        if build in known and origin.items() <= descriptor(latest).items():
            return _unchanged(latest)
    name = next_name(published)
    folder = published / f"{UNFINISHED}{name}"
    steps = [TABLES, DIFFERENCES, *map(_label, documents), IN_PLACE]
    _begin(steps, TABLES)
    if latest and damage is None:
        # Its files may become those of the new release.
        damage = find_damage(latest, by_content=True)
    is_intact = latest is not None and damage is None
    previous = previous_files(latest, tables, presentation) if latest and is_intact else None
    rows, previous = _export(warehouse, marts, folder, previous)
    content = content_sha256(folder)
    hashes = {"content_sha256": content, "presentation_sha256": presentation}
    same = {"content_sha256": content, **origin}
    is_same = latest is not None and same.items() <= descriptor(latest).items()
    if latest and is_same and is_intact:
        shutil.rmtree(folder)
        # Removing a link to a file changes its times.
        record_verified(latest, build)
        return _unchanged(latest)
    _begin(steps, DIFFERENCES)
    changes = compare(folder, latest if is_intact else last_undamaged(published, marts), marts)
    described = next(filter(descriptor, reversed(releases(published))), None)
    if described:
        with _removed_if_held_back(folder):
            refuse_lost_batches(changes.batches, described, withdrawn)
            refuse_lost_documents(in_use, described, withdrawn)
            refuse_lost_versions(versions, described, withdrawn)
    # Not part of the content hash: the differences depend on the previous release.
    rows[CHANGES.name] = export_rows(CHANGES, CHANGE_TYPES, changes.rows(), folder)
    page = to_markdown(changes, name)
    write_text(folder / "CHANGES.md", page)
    context = ReleaseContext(folder, [*marts, CHANGES], rows, content, code_version(), source)
    # While one connection is open, others need not open the file again.
    with started_aside(aside, context) as started, context.connect():
        for write in documents:
            _begin(steps, _label(write))
            finish(write, context, started)
    _begin(steps, IN_PLACE)
    package = data_package(context, name, changes, hashes)
    package["build_sha256"] = build
    package[TABLE_HASHES] = {mart.name: tables[mart.name] for mart in marts if mart.name in tables}
    package[DOCUMENTS] = stated
    if latest and previous and previous.is_updated:
        package[DATABASE_UPDATES] = descriptor(latest).get(DATABASE_UPDATES, 0) + 1
    package["versions"] = {key: sorted(names) for key, names in versions.items()}
    write_json(folder / DESCRIPTOR, package)
    summary = changes.summary
    make_read_only(folder)
    sync_below(folder)
    # A user who stops the run is told whether the release was published.
    with whole():
        path = _put_in_place(folder, published / name)
        if latest and damage:
            set_aside(latest)
            remark = f"release {latest.name} is replaced because {damage.path} {damage.found}"
            summary = remark if is_same else f"{summary}; {remark}"
        prune(published)
        # After the removal of releases, which changes the times of linked files.
        record_verified(path)
    return Release(name, path, True, rows, content, summary, page, changes.counts)


def _export(
    warehouse: Path, marts: Sequence[Mart], folder: Path, previous: Previous | None
) -> tuple[dict[str, int], Previous | None]:
    """Export the marts; the row counts, and how the files of the previous release were used."""
    try:
        return export_marts(warehouse, marts, folder, previous), previous
    except duckdb.Error as error:
        if previous is None or not previous.is_updated:
            raise
        found = f"the database of {previous.release.name} cannot be updated ({error})"
        emit(ProgressEvent(RELEASE, f"{found} and is written again"))
    shutil.rmtree(folder)
    previous = replace(previous, is_updated=False)
    return export_marts(warehouse, marts, folder, previous), previous


def _begin(steps: Sequence[str], step: str) -> None:
    emit(ProgressEvent(RELEASE, "", steps.index(step), len(steps), step))


def _label(write: DocumentWriter) -> str:
    """The name of a document on the screen, by that of its writer: `write_report`."""
    return getattr(write, "__name__", "document").removeprefix("write_").replace("_", " ")


def _unchanged(latest: Path) -> Release:
    """The latest release, which a run would only repeat."""
    package = descriptor(latest)
    rows = {
        Path(item["path"]).stem: item["row_count"]
        for item in package["resources"]
        if "row_count" in item
    }
    rows.pop(CHANGES.name, None)
    content = package["content_sha256"]
    return Release(latest.name, latest, False, rows, content, "nothing changed", "Nothing changed.")


@contextmanager
def _removed_if_held_back(folder: Path) -> Iterator[None]:
    """Remove the unfinished folder if the release is held back."""
    try:
        yield
    except HeldBackError:
        shutil.rmtree(folder)
        raise


def _put_in_place(folder: Path, path: Path) -> Path:
    """Give the finished folder its name, and point `latest` to it."""
    folder.replace(path)
    switch_latest(path.parent, path.name)
    return path
