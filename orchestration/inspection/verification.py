"""Verifies the integrity of the archive, the validated store and the releases.

Every file is read and compared with the hash in its sidecar, its validation result or its data
package. No store is changed. Each finding says what to do about it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.publication.latest import (
    DESCRIPTOR,
    LATEST,
    differences,
    latest_release,
    releases,
    unexpected_files,
)
from orchestration.publication.verified import forget_verified
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.file_hashes import forget_hashes
from orchestration.validation.files import ResultFiles, read_table
from orchestration.validation.tables import is_altered
from scrapers.archive.sidecar import COPY, SIDECAR, extends, parse_sidecar
from scrapers.archive.store import Archive
from scrapers.errors import ArchiveError

REBUILT = "The next refresh rebuilds it"
RESTORED = "The next refresh restores it from the other copy, if that one is whole"


@dataclass(frozen=True)
class Finding:
    """A problem with a file, and the remedy."""

    path: Path
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path} {self.found}. {self.remedy}"


@dataclass(frozen=True)
class Checked:
    """The result for one store: the number of items read, by plural name, and the findings."""

    store: str
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]


def verify(data: DataDir) -> list[Checked]:
    """Verify all stores. The caller must hold the run lock, so that no run writes meanwhile."""
    return [
        _archive(data.archive),
        _validated(ResultFiles(data.validated, trusts_record=False)),
        _releases(data.published),
    ]


def _archive(archive: Archive) -> Checked:
    folders, unreadable = archive.folders(), archive.unreadable()
    documents = [
        version
        for folder in folders
        if folder not in unreadable
        for version in archive.documents(folder)
    ]
    findings = [finding for folder in folders for finding in _sidecars(archive, folder)]
    for version in documents:
        try:
            archive.read(version)
        except ArchiveError as error:
            remedy = (
                "Restore it from a backup; a refresh restores it if the source is still the same"
            )
            found = error.found.removeprefix(f"{version.path} ")
            findings.append(Finding(version.path, found, remedy))
    named = {version.path for version in documents}
    findings += [
        Finding(
            path,
            "is not listed in any sidecar",
            "Either a run was killed while writing the file, or the sidecar is too old: restore a "
            f"newer {SIDECAR}, or delete the file",
        )
        for path in _files(archive.root)
        if path not in named
        and path.name not in (SIDECAR, COPY)
        and path.parent.relative_to(archive.root).as_posix() not in unreadable
    ]
    counts = {"folders": len(folders), "documents": len(documents)}
    return Checked("archive", counts, tuple(findings))


def _sidecars(archive: Archive, folder: str) -> Iterator[Finding]:
    """Check a folder's sidecar and its copy. The copy may be missing: older versions wrote none."""
    sidecar, copy = archive.root / folder / SIDECAR, archive.root / folder / COPY
    readable = {}
    for path in (sidecar, copy):
        try:
            readable[path] = path.read_bytes()
            parse_sidecar(archive.root, folder, readable[path])
        except FileNotFoundError:
            if path == sidecar:
                yield Finding(path, "is missing", RESTORED)
        except (OSError, ArchiveError) as error:
            readable.pop(path, None)
            yield Finding(path, f"cannot be read ({error})", RESTORED)
    if len(readable) == 2 and readable[sidecar] != readable[copy]:
        remedy = (
            "The next refresh brings it up to date"
            if extends(readable[sidecar], readable[copy])
            else "Compare the two, and replace the wrong one with the right one"
        )
        yield Finding(copy, f"differs from {SIDECAR}", remedy)


def _validated(files: ResultFiles) -> Checked:
    damaged, results = [], 0
    for folder in files.folders():
        damaged += files.damaged(folder)
        results += len(list((files.root / folder).glob("*.json")))
    tables = sorted(files.root.glob("*.parquet"))
    damaged += [
        path for path in tables if read_table(path) is None or is_altered(path, files.hashes)
    ]
    if damaged:
        # The next refresh must not take their hashes from the record.
        forget_hashes(files.root)
    findings = tuple(
        Finding(path, "is damaged or altered" if path.exists() else "is missing", REBUILT)
        for path in damaged
    )
    return Checked("validated", {"results": results, "tables": len(tables)}, findings)


def _releases(published: Path) -> Checked:
    found, latest = releases(published), latest_release(published)
    findings = []
    if found and latest is None:
        remedy = "The next refresh points it to a release"
        findings.append(Finding(published / LATEST, "does not point to a release", remedy))
    for release in found:
        is_latest = latest is not None and release.resolve() == latest
        remedy = f"{REBUILT} under a new name" if is_latest else f"Delete the folder {release}"
        damaged = list(differences(release))
        if is_latest and damaged:
            # The next refresh must not take the files as they were last seen.
            forget_verified(published)
        findings += [Finding(item.path, item.found, remedy) for item in damaged]
        findings += [
            Finding(item.path, item.found, "Move it elsewhere")
            for item in unexpected_files(release)
        ]
    files = sum(1 for release in found for path in _files(release) if path.name != DESCRIPTOR)
    return Checked("releases", {"releases": len(found), "files": files}, tuple(findings))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())
