"""The sidecar of an archive folder: the metadata of each document in it, oldest first.

A sidecar is a Frictionless Data Package, `datapackage.json`. It is stored twice, so that a damaged
one can be restored from its copy. Its order is the order of the versions. The time of retrieval
does not determine the order, because the clock may be wrong; `seen_at` does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from scrapers.archive.facts import NO_FACTS, Facts
from scrapers.errors import ArchiveError
from scrapers.files import json_bytes, write_bytes
from scrapers.stamps import Stamp, stamp_of

# What a document in a folder is: a list or notice (as named by the register), a page, or rejected.
Role = str
REJECTED: Role = "rejected"
SIDECAR = "datapackage.json"
COPY = "datapackage.copy.json"
PROFILE = "data-package"

_NAME_TIME = "%Y%m%dt%H%M%S%fz"
_TIME_WIDTH = len("20250519t020000000000z")
_NEXT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Version:
    """One archived document.

    `version` identifies it within its folder. `retrieved_at` is the time of the clock. `seen_at` is
    always later than that of the previous version. `content_sha256` is the hash of the content (a
    list's table, a page's facts), which distinguishes amendments from versions that differ only in
    their bytes. `facts` come from the pages that announce the document. `fetched_from` is the
    source, `live` or `replica`; None in sidecars of an earlier version of this program.
    """

    folder: str
    role: Role
    version: str
    path: Path
    media_type: str
    url: str
    final_url: str
    retrieved_at: datetime
    seen_at: datetime
    size: int
    sha256: str
    content_sha256: str
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Facts = NO_FACTS
    fetched_from: str | None = None


def next_seen_at(retrieved_at: datetime, known: Sequence[Version]) -> datetime:
    """The `seen_at` of a version that follows the known ones."""
    return max(retrieved_at, known[-1].seen_at + _NEXT) if known else retrieved_at


def version_name(seen_at: datetime, sha256: str) -> str:
    """The name of a version. Names sort in the order of archiving."""
    return f"{seen_at:{_NAME_TIME}}-{sha256[:12]}"


def name_time(version: str) -> datetime | None:
    """The time in the name of a version, or None if the name has another format."""
    try:
        return datetime.strptime(version[:_TIME_WIDTH], _NAME_TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def read_sidecar(root: Path, folder: str) -> list[Version]:
    """The versions in a folder of the archive at `root`, oldest first; empty for a new folder.

    Raises ArchiveError if neither the sidecar nor its copy can be read.
    """
    problems: list[object] = []
    for name in (SIDECAR, COPY):
        try:
            return _read(root, folder, f"{root}/{folder}/{name}")
        except FileNotFoundError:
            continue
        except (OSError, ArchiveError) as error:
            problems.append(error)
    # A run that is killed while it stores the first document of a folder leaves no sidecar.
    if not problems and len(documents_in(root / folder)) < 2:
        return []
    problems = problems or ["both files are missing"]
    raise ArchiveError(
        f"{root / folder / SIDECAR} and its copy cannot be read ({problems[0]})",
        remedy=f"Restore {root / folder} from a backup. Without one, move the folder away: the "
        "next run fetches the document again, but its earlier versions are lost",
    )


def _read(root: Path, folder: str, path: str) -> list[Version]:
    """The versions in a sidecar, parsed again only if the file has changed."""
    stamp = stamp_of(path)
    if not stamp.is_at_rest:
        return parse_sidecar(root, folder, Path(path).read_bytes())
    return list(_unchanged(root, folder, path, stamp))


# A run looks up each sidecar many times.
@lru_cache(maxsize=16_384)
def _unchanged(root: Path, folder: str, path: str, stamp: Stamp) -> tuple[Version, ...]:
    """The versions in a sidecar; the stamp distinguishes what the file held at other times."""
    return _parsed(root, folder, Path(path).read_bytes())


def documents_in(folder: Path) -> list[Path]:
    """The files in a folder that are named like documents, whether in its sidecar or not."""
    return sorted(path for path in folder.glob("[0-9]*z-*.*") if name_time(path.stem))


def parse_sidecar(root: Path, folder: str, content: bytes) -> list[Version]:
    """The versions in a sidecar with this content. Raises ArchiveError if it is invalid."""
    return list(_parsed(root, folder, content))


# A run that adds a document reads its sidecar several times within seconds.
@lru_cache(maxsize=256)
def _parsed(root: Path, folder: str, content: bytes) -> tuple[Version, ...]:
    try:
        resources = json.loads(content)["resources"]
        return tuple(_in_order(_from_resource(root, folder, item) for item in resources))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"not a valid sidecar: {type(error).__name__}: {error}") from error


def sidecar_bytes(folder: str, versions: Iterable[Version]) -> bytes:
    """The content of a sidecar. Raises ArchiveError if a fact contains a lone surrogate."""
    package = {
        "profile": PROFILE,
        "name": f"raw-{folder}".lower().replace("/", "-").replace("%", "_"),
        "title": f"Documents as fetched: {folder}",
        "resources": [_to_resource(version) for version in versions],
    }
    try:
        return json_bytes(package)
    except UnicodeEncodeError as error:
        half = error.object[error.start : error.end]
        raise ArchiveError(
            f"the title or URL of a document in {folder} contains the lone surrogate {half!r}",
            remedy="The document was not archived. The source must correct it",
        ) from error


def write_sidecar(folder: Path, content: bytes) -> None:
    """Write a sidecar and its copy."""
    for name in (SIDECAR, COPY):
        write_bytes(folder / name, content)


def repair_sidecar(root: Path, folder: str) -> str | None:
    """Restore a damaged sidecar from its copy, or the reverse; returns a message if one was.

    If both can be read and the sidecar does not extend its copy, neither is changed.
    """
    sidecar, copy = root / folder / SIDECAR, root / folder / COPY
    content, copied = _readable(root, folder, sidecar), _readable(root, folder, copy)
    if content and content != copied:
        is_damaged = copy.exists() and not copied
        if copied is None or extends(content, copied):
            write_bytes(copy, content)
        return f"{copy} could not be read and was restored from {sidecar}" if is_damaged else None
    if copied and content is None:
        write_bytes(sidecar, copied)
        return f"{sidecar} could not be read and was restored from its copy"
    return None


def extends(content: bytes, earlier: bytes) -> bool:
    """Whether a sidecar starts with all entries of an earlier one, and has more."""
    now, before = (json.loads(text)["resources"] for text in (content, earlier))
    return len(before) < len(now) and now[: len(before)] == before


def _readable(root: Path, folder: str, path: Path) -> bytes | None:
    """The content of a sidecar, or None if it cannot be read."""
    try:
        content = path.read_bytes()
        parse_sidecar(root, folder, content)
    except (OSError, ArchiveError):
        return None
    return content


def _in_order(versions: Iterable[Version]) -> Iterator[Version]:
    """The versions with increasing `seen_at`, even where a wrong clock named them."""
    known: list[Version] = []
    for version in versions:
        known.append(replace(version, seen_at=next_seen_at(version.seen_at, known)))
        yield known[-1]


def _to_resource(version: Version) -> dict[str, Any]:
    fetched_from = {"fetched_from": version.fetched_from} if version.fetched_from else {}
    return {
        "name": f"{version.role}-{version.version}",
        "role": version.role,
        "version": version.version,
        "path": version.path.name,
        "mediatype": version.media_type,
        "bytes": version.size,
        "hash": f"sha256:{version.sha256}",
        "content_sha256": version.content_sha256,
        "sources": [{"title": "Cyberspace Administration of China", "path": version.url}],
        "final_url": version.final_url,
        # Entries without it stay as they are, since a sidecar must extend its copy.
        **fetched_from,
        "retrieved_at": version.retrieved_at.isoformat(),
        "headers": dict(version.headers),
        "facts": version.facts.to_sidecar(),
    }


def _from_resource(root: Path, folder: str, resource: Mapping[str, Any]) -> Version:
    retrieved_at = datetime.fromisoformat(resource["retrieved_at"])
    return Version(
        folder=folder,
        role=resource["role"],
        version=resource["version"],
        path=root / folder / resource["path"],
        media_type=resource["mediatype"],
        url=resource["sources"][0]["path"],
        final_url=resource["final_url"],
        retrieved_at=retrieved_at,
        seen_at=name_time(resource["version"]) or retrieved_at,
        size=resource["bytes"],
        sha256=resource["hash"].removeprefix("sha256:"),
        content_sha256=resource["content_sha256"],
        headers=dict(resource["headers"]),
        facts=Facts.from_sidecar(resource["facts"]),
        fetched_from=resource.get("fetched_from"),
    )
