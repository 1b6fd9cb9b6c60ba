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
from orchestration.publication.targets.store_access import Store, open_store

INDEX, LATEST = "index.json", "latest.json"
_STATED = ("created", "version", "as_of", "source", "content_sha256")
_TOTALS = ("register", "title", "documents", "rows")


def publish_to_store(folder: Path, target: str, *, force: bool = False) -> Delivered:
    """Publish a release folder to a store. Releases that are there stay there.

    A release older than the latest one there is added, but does not become the latest one unless
    `force` is set, which also compares all files that are there. Raises TargetError if the release
    cannot be published; `latest.json` is then as before.
    """
    started = time.monotonic()
    release = read_release(folder)
    with open_store(target) as store:
        _require_elsewhere(store, release)
        latest = store.read_json(LATEST)
        if not force and latest == _latest(release):
            return Delivered(store.label, release.name, is_new=False)
        release.require_undamaged()
        sent = _send_files(store, release)
        store.send_json(INDEX, _index(store, release))
        store.settle(INDEX)
        newest = str(latest.get("name", ""))
        is_older = newest > release.name and not force
        if not is_older:
            store.send_json(LATEST, _latest(release))
            store.settle(LATEST)
    warnings = [f"{LATEST} stays at release {newest}, which is newer"] if is_older else []
    seconds = time.monotonic() - started
    return Delivered(store.label, release.name, True, sent, seconds, warnings)


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


def _index(store: Store, release: ReleaseFiles) -> dict[str, Any]:
    """The index with this release, and all others that are there completely."""
    before = store.read_json(INDEX).get("releases")
    known = {
        item["name"]: item
        for item in (before if isinstance(before, list) else [])
        if isinstance(item, dict) and "name" in item
    }
    known[release.name] = _entry(release.name, release.package)
    entries = []
    for name in store.folders():
        if fnmatchcase(name, RELEASE_NAMES):
            # Without a descriptor, its publication was interrupted.
            package = {} if name in known else store.read_json(f"{name}/{DESCRIPTOR}")
            entry = known.get(name) or (package and _entry(name, package))
            entries += [entry] if entry else []
    return {"releases": entries[::-1]}


def _entry(name: str, package: Mapping[str, Any]) -> dict[str, Any]:
    resources = package.get("resources", [])
    return {
        "name": name,
        "path": f"{name}/{DESCRIPTOR}",
        **{key: package.get(key) for key in _STATED},
        "files": len(resources),
        "bytes": sum(item["bytes"] for item in resources),
        "registers": [
            {key: register.get(key) for key in _TOTALS} for register in package.get("registers", [])
        ],
    }


def _latest(release: ReleaseFiles) -> dict[str, Any]:
    return {
        "name": release.name,
        "path": f"{release.name}/{DESCRIPTOR}",
        "created": release.package.get("created"),
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


def _require_elsewhere(store: Store, release: ReleaseFiles) -> None:
    published = release.folder.parent
    if store.folder and (store.folder == published or published in store.folder.parents):
        raise TargetError(
            f"{store.folder} is where the pipeline itself keeps its releases",
            remedy="Give another folder to FILINGS_PUBLISH_TO or --to",
        )
