"""A release: a folder made whole under a hidden name, renamed, then pointed to by `latest`.

A reader sees the release before or the one after, never a half. A run whose marts and documents
would equal those of the latest release makes none. The last ten releases are kept.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration import texts
from orchestration.publication.changes import CHANGE_TYPES, CHANGES, compare
from orchestration.publication.changes_page import to_markdown
from orchestration.publication.edition import Document, Edition
from orchestration.publication.latest import DESCRIPTOR, LATEST, descriptor, latest_release
from orchestration.publication.marts import Mart, export_marts, export_rows
from orchestration.settings import PROJECT_ROOT
from scrapers.errors import HeldBackError
from scrapers.files import write_json, write_text

KEPT_RELEASES = 10

_UNFINISHED = ".unfinished-"
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
) -> Release:
    """Make a release of the warehouse's marts and switch `latest` to it.

    `documents` write what is made from the marts for people: workbook, report and so on.

    The caller holds the run lock: unfinished folders are those of runs that were killed.
    """
    published.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(published)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"
    folder = published / f"{_UNFINISHED}{name}"
    rows = export_marts(warehouse, marts, folder)
    sums = {
        "content_sha256": _content_sha256(folder),
        "presentation_sha256": _presentation_sha256(marts),
    }
    content_sha256 = sums["content_sha256"]
    latest = latest_release(published)
    if latest and sums.items() <= descriptor(latest).items():
        shutil.rmtree(folder)
        return Release(
            latest.name, latest, False, rows, content_sha256, "nothing changed", "Nothing changed."
        )
    changes = compare(folder, latest)
    if latest:
        _refuse_lost_batches(changes.batches, latest)
    # After the hash is taken: what differs from before says nothing of what there is now.
    rows[CHANGES.name] = export_rows(CHANGES, CHANGE_TYPES, changes.rows(), folder)
    page = to_markdown(changes, name)
    write_text(folder / "CHANGES.md", page)
    edition = Edition(folder, [*marts, CHANGES], rows, content_sha256, code_version(), source)
    for write in documents:
        write(edition)
    write_json(folder / DESCRIPTOR, _package(edition, name, changes.batches, sums))
    path = published / name
    os.replace(folder, path)
    _switch_latest(published, name)
    _prune(published)
    return Release(name, path, True, rows, content_sha256, changes.summary, page, changes.counts)


def _remove_leftovers(published: Path) -> None:
    """What killed runs left: unfinished folders, and a whole one that never became `latest`."""
    latest = latest_release(published)
    newer = [path for path in _releases(published) if latest and path.name > latest.name]
    for leftover in [*published.glob(f"{_UNFINISHED}*"), *newer]:
        leftover.unlink() if leftover.is_symlink() else shutil.rmtree(leftover)


def _refuse_lost_batches(batches: Mapping[int, int], latest: Path) -> None:
    """No batch ever leaves the register, so one that is missing is our fault.

    Raises HeldBackError.
    """
    before = {item["batch_no"] for item in descriptor(latest).get("batches", [])}
    if lost := sorted(before - set(batches)):
        raise HeldBackError(
            f"not published: batch {', '.join(map(str, lost))} is in release {latest.name}, "
            "but no version of its list is accepted now",
            remedy="`filings status` tells what is wrong with it",
        )


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
    for path in [Path(texts.__file__), *sorted(Path(__file__).parent.rglob("*"))]:
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
    link = published / f"{_UNFINISHED}{LATEST}"
    link.symlink_to(name)
    os.replace(link, published / LATEST)


def _prune(published: Path) -> None:
    """Remove releases beyond the last ten; a reader who has one open keeps it till he closes it."""
    kept = latest_release(published)
    for path in _releases(published)[:-KEPT_RELEASES]:
        if path.resolve() != kept:
            shutil.rmtree(path)


def _releases(published: Path) -> list[Path]:
    """All release folders, oldest first."""
    return sorted(path for path in published.glob("2*T*Z") if path.is_dir())
