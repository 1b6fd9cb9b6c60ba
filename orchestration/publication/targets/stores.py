"""A folder or an object store as a target: all releases, an index of them, and the latest one.

    <release>/…                  the files of a release, its datapackage.json last
    index.json                   all releases that are there completely, the newest first
    latest.json                  the latest release and the path of its descriptor

The files are written in this order, so a reader who starts at `latest.json` never finds a part of a
release. An interrupted publication is completed by the next one, which sends what is missing.
"""

import time
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from orchestration.publication.latest import DESCRIPTOR, RELEASE_NAMES, unexpected_files
from orchestration.publication.targets.delivered import Delivered, TargetError
from orchestration.publication.targets.release_files import ReleaseFiles, read_release
from orchestration.publication.targets.store_access import open_store, store_folder
from orchestration.publication.targets.store_files import Store
from scrapers.files import json_bytes

INDEX, LATEST = "index.json", "latest.json"
_STATED = ("created", "version", "as_of", "source", "content_sha256")
_TOTALS = ("register", "title", "documents", "rows")


def publish_to_store(folder: Path, target: str, *, force: bool = False) -> Delivered:
    """Publish a release folder to a store. Releases that are there stay there.

    A release older than the latest one there is added, but does not become the latest one unless
    `force` is set, which also compares all files that are there. A release from other sources needs
    `force` as well. Raises TargetError if the release cannot be published; `latest.json` is then as
    before.
    """
    started = time.monotonic()
    release = read_release(folder)
    _require_elsewhere(store_folder(target), release)
    warnings: list[str] = []
    with open_store(target) as store:
        latest = _read_latest(store, warnings)
        if not force:
            if latest == _latest(release):
                return Delivered(store.label, release.name, is_new=False)
            release.require_sources(latest.get("source"), store.label)
        release.require_undamaged()
        sent = _send_files(store, release)
        store.send_json(INDEX, _index(store, release, warnings))
        store.settle(INDEX)
        if newer := None if force else _newer(store, release):
            warnings.append(f"{LATEST} stays at release {newer}, which is newer")
        else:
            store.send_json(LATEST, _latest(release))
            store.settle(LATEST)
    seconds = time.monotonic() - started
    return Delivered(store.label, release.name, True, sent, seconds, warnings)


def _read_latest(store: Store, warnings: list[str]) -> Mapping[str, Any]:
    """What `latest.json` says; empty if there is none, or it names no release."""
    latest = store.read_json(LATEST)
    if latest is None or (latest and not _is_release_name(latest.get("name"))):
        warnings.append(f"{LATEST} did not name a release, and was replaced")
        return {}
    return latest


def _newer(store: Store, release: ReleaseFiles) -> str | None:
    """The latest release there, if it is newer. Raises TargetError if it has other sources.

    It is read again, because another publication may have ended meanwhile.
    """
    latest = _read_latest(store, [])
    release.require_sources(latest.get("source"), store.label)
    name = str(latest.get("name", ""))
    # Its folder may have been deleted.
    is_newer = name > release.name and store.read_json(f"{name}/{DESCRIPTOR}")
    return name if is_newer else None


def _send_files(store: Store, release: ReleaseFiles) -> str:
    """Send the files that are not there yet, the descriptor last; what was sent, in words."""
    types = {item["path"]: _media_type(item) for item in release.package["resources"]}
    own = (release.folder / DESCRIPTOR).stat().st_size, release.descriptor_sha256
    files, size_sent = 0, 0
    for path, (size, sha256) in [*release.files.items(), (DESCRIPTOR, own)]:
        there = f"{release.name}/{path}"
        if not store.has(there, size, sha256):
            if path == DESCRIPTOR:
                store.settle(release.name)
            media_type = types.get(path, "application/json")
            store.send(there, release.folder / path, sha256, media_type)
            files, size_sent = files + 1, size_sent + size
    store.settle(release.name)
    _remove_parts(store, release)
    return f"{files} of {len(release.files) + 1} files, {size_sent / 1e6:,.1f} MB"


def _index(store: Store, release: ReleaseFiles, warnings: list[str]) -> dict[str, Any]:
    """The index of all releases that are there completely, made from their descriptors."""
    entries = []
    for name in filter(_is_release_name, store.folders()):
        is_own = name == release.name
        package = release.package if is_own else store.read_json(f"{name}/{DESCRIPTOR}")
        # Without a descriptor, its publication was interrupted.
        if package == {}:
            continue
        if entry := _entry(name, package or {}):
            entries.append(entry)
        else:
            warnings.append(f"{name}/{DESCRIPTOR} cannot be read: it is not in {INDEX}")
    return {"releases": entries[::-1]}


def _entry(name: str, package: Mapping[str, Any]) -> dict[str, Any] | None:
    """The entry of a release, or None if its descriptor is damaged or was not made by a release."""
    try:
        resources, registers = package["resources"], package.get("registers", [])
        entry = {
            "name": name,
            "path": f"{name}/{DESCRIPTOR}",
            **{key: package.get(key) for key in _STATED},
            "files": len(resources),
            "bytes": sum(int(item["bytes"]) for item in resources),
            "registers": [{key: register.get(key) for key in _TOTALS} for register in registers],
        }
        # A text that cannot be encoded would stop each publication.
        json_bytes(entry)
    except (LookupError, TypeError, ValueError, OverflowError, AttributeError, RecursionError):
        return None
    return entry


def _latest(release: ReleaseFiles) -> dict[str, Any]:
    return {
        "name": release.name,
        "path": f"{release.name}/{DESCRIPTOR}",
        "created": release.package.get("created"),
        "source": release.package.get("source"),
        "content_sha256": release.content_sha256,
        "descriptor_sha256": release.descriptor_sha256,
    }


def _media_type(resource: Mapping[str, Any]) -> str:
    encoding = resource.get("encoding")
    media_type = str(resource.get("mediatype", "application/octet-stream"))
    return f"{media_type}; charset={encoding}" if encoding else media_type


def _remove_parts(store: Store, release: ReleaseFiles) -> None:
    """Remove the parts that killed publications left in a folder. Obstore names them `file#1`."""
    if store.folder:
        for found in unexpected_files(store.folder / release.name):
            if "#" in found.path.name:
                found.path.unlink(missing_ok=True)


def _require_elsewhere(folder: Path | None, release: ReleaseFiles) -> None:
    """Raise TargetError if a folder and the data directory of the release overlap."""
    data = release.folder.resolve().parent.parent
    if folder and (folder == data or data in folder.parents or folder in data.parents):
        raise TargetError(
            f"{folder} is or contains the data directory {data}, or is inside it",
            remedy="Give another folder to FILINGS_PUBLISH_TO or --to",
        )


def _is_release_name(name: object) -> bool:
    return isinstance(name, str) and "/" not in name and fnmatchcase(name, RELEASE_NAMES)
