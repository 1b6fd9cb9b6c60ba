"""A release: a folder made whole under a hidden name, renamed, then pointed to by `latest`.

A reader sees the release before or the one after, never a half. A run whose marts and documents
would equal those of the latest release makes none, unless a file of that release is not what was
published. The last ten releases are kept. Their files are read-only.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from orchestration.publication.changes import CHANGE_TYPES, CHANGES, compare
from orchestration.publication.changes_page import to_markdown
from orchestration.publication.edition import Document, Edition
from orchestration.publication.latest import (
    DESCRIPTOR,
    LATEST,
    Difference,
    descriptor,
    differences,
    latest_release,
    releases,
    strangers,
)
from orchestration.publication.losses import Versions, refuse_lost_batches, refuse_lost_versions
from orchestration.runtime import texts
from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse import marts as mart_files
from orchestration.warehouse.marts import Mart, export_marts, export_rows
from scrapers.errors import HeldBackError
from scrapers.files import make_folder, sync, sync_below, write_json, write_text

KEPT_RELEASES = 10

_UNFINISHED = ".unfinished-"
_DAMAGED = ".damaged"
_NAME = "%Y%m%dT%H%M%S%fZ"
# What a release is compared by with the one before.
_COMPARED = ("parquet/filings.parquet", "parquet/batches.parquet")
# What tables look like as documents: this package, and the libraries that write for it.
_PRESENTING = (
    "duckdb", "xlsxwriter", "altair", "vl-convert-python", "jinja2", "lxml", "cn2an",
)  # fmt: skip
_MEDIA_TYPES = {
    ".atom": "application/atom+xml",
    ".duckdb": "application/vnd.duckdb",
    ".parquet": "application/vnd.apache.parquet",
    ".html": "text/html",
    ".md": "text/markdown",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
    documents: Sequence[Document] = (),
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
    _remove_leftovers(published)
    name = _next_name(published)
    folder = published / f"{_UNFINISHED}{name}"
    rows = export_marts(warehouse, marts, folder)
    sums = {
        "content_sha256": _content_sha256(folder),
        "presentation_sha256": _presentation_sha256(marts),
    }
    content_sha256 = sums["content_sha256"]
    latest = latest_release(published)
    damage = _damage(latest) if latest else None
    is_same = latest is not None and sums.items() <= descriptor(latest).items()
    if latest and is_same and damage is None:
        shutil.rmtree(folder)
        return Release(
            latest.name, latest, False, rows, content_sha256, "nothing changed", "Nothing changed."
        )
    changes = compare(folder, _last_whole(published))
    if described := next(filter(descriptor, reversed(releases(published))), None):
        try:
            refuse_lost_batches(changes.batches, described, withdrawn)
            refuse_lost_versions(versions, described, withdrawn)
        except HeldBackError:
            shutil.rmtree(folder)
            raise
    # After the hash is taken: what differs from before says nothing of what there is now.
    rows[CHANGES.name] = export_rows(CHANGES, CHANGE_TYPES, changes.rows(), folder)
    page = to_markdown(changes, name)
    write_text(folder / "CHANGES.md", page)
    edition = Edition(folder, [*marts, CHANGES], rows, content_sha256, code_version(), source)
    for write in documents:
        write(edition)
    package = _package(edition, name, changes.batches, sums)
    package["versions"] = {key: sorted(names) for key, names in versions.items()}
    write_json(folder / DESCRIPTOR, package)
    _make_read_only(folder)
    sync_below(folder)
    path = published / name
    os.replace(folder, path)
    _switch_latest(published, name)
    summary = changes.summary
    if latest and damage:
        latest.replace(latest.with_name(f"{latest.name}{_DAMAGED}"))
        remark = f"release {latest.name} is made again, because {damage.path} {damage.found}"
        summary = remark if is_same else f"{summary}; {remark}"
    _prune(published)
    return Release(name, path, True, rows, content_sha256, summary, page, changes.counts)


def _next_name(published: Path) -> str:
    """The name of a new release: its time, but later than every other one by any clock."""
    at = datetime.now(UTC)
    for path in releases(published):
        with suppress(ValueError):
            known = datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
            at = max(at, known + timedelta(microseconds=1))
    return f"{at:{_NAME}}"


def _damage(release: Path) -> Difference | None:
    """The first file of a release that is not what was published.

    Files that do not belong there are left alone, but for a database's log, which is read with it.
    """
    logs = (found for found in strangers(release) if found.path.suffix == ".wal")
    return next(differences(release), None) or next(logs, None)


def _last_whole(published: Path) -> Path | None:
    """The last release of which the files that are compared are what was published."""
    newest_first = reversed(releases(published))
    return next((path for path in newest_first if not any(differences(path, _COMPARED))), None)


def _remove_leftovers(published: Path) -> None:
    """What killed runs left: unfinished folders, and a whole one that never became `latest`."""
    latest = latest_release(published)
    newer = [path for path in releases(published) if latest and path.name > latest.name]
    for leftover in [*published.glob(f"{_UNFINISHED}*"), *newer]:
        leftover.unlink() if leftover.is_symlink() else shutil.rmtree(leftover)


def _make_read_only(folder: Path) -> None:
    """Let no program change the files by accident. Folders stay as they are, to be removed."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(path.stat().st_mode & ~0o222)


def _content_sha256(folder: Path) -> str:
    """One hash over all marts: equal exactly when every Parquet file is."""
    digest = hashlib.sha256()
    for path in sorted((folder / "parquet").glob("*.parquet")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _presentation_sha256(marts: Sequence[Mart]) -> str:
    """One hash over what makes documents of the marts: a new program makes a new release."""
    digest = hashlib.sha256(repr([(name, version(name)) for name in _PRESENTING]).encode())
    digest.update(
        repr([(mart.name, mart.description, dict(mart.columns)) for mart in marts]).encode()
    )
    others = [Path(module.__file__) for module in (mart_files, texts)]
    for path in [*others, *sorted(Path(__file__).parent.rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _package(
    edition: Edition, name: str, batches: Mapping[int, int], sums: Mapping[str, str]
) -> dict[str, Any]:
    """A Frictionless Data Package over the release's files."""
    folder = edition.folder
    described = {f"parquet/{mart.name}.parquet": mart for mart in edition.marts}
    resources = []
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        relative = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        resource: dict[str, Any] = {
            "name": relative.replace("/", "-").replace(".", "-").lower().replace("_", "-"),
            "path": relative,
            "mediatype": _MEDIA_TYPES[path.suffix],
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
        if mart := described.get(relative):
            resource |= {"rows": edition.rows[mart.name], "description": mart.description}
        resources.append(resource)
    return {
        "profile": "data-package",
        "name": f"filings-{name.lower()}",
        "title": "China's register of deep-synthesis algorithms",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "code_version": edition.code_version,
        "source": edition.source,
        **sums,
        "batches": [{"batch_no": number, "filings": count} for number, count in batches.items()],
        "sources": [
            {"title": "Cyberspace Administration of China", "path": "https://www.cac.gov.cn"}
        ],
        "resources": resources,
    }


def code_version() -> str:
    """The package's version, with the commit where the code lies in a checkout."""
    number = version("filings-register")
    try:
        commit = subprocess.run(
            ["git", "-C", str(PROJECT_ROOT), "rev-parse", "--short", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:  # a machine without git
        return number
    return f"{number}+{commit.stdout.strip()}" if commit.returncode == 0 else number


def _switch_latest(published: Path, name: str) -> None:
    # The release is there for good before anything points to it.
    sync(published)
    link = published / f"{_UNFINISHED}{LATEST}"
    link.symlink_to(name)
    os.replace(link, published / LATEST)
    sync(published)


def _prune(published: Path) -> None:
    """Remove releases beyond the last ten, and damaged ones but for the last; a reader who has one
    open keeps it till he closes it."""
    kept = latest_release(published)
    damaged = sorted(published.glob(f"*{_DAMAGED}"))
    for path in [*releases(published)[:-KEPT_RELEASES], *damaged[:-1]]:
        if path.resolve() != kept:
            shutil.rmtree(path)
