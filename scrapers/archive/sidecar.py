"""The sidecar of a folder in the archive: what is known of each document, oldest first.

It is a Frictionless Data Package, `datapackage.json`, and lies there twice: one that cannot be
read is restored from its copy. Its order is the order of the versions. A clock may be wrong, so
the time of retrieval is a fact about a version and does not place it; `seen_at` does.
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

# What a document is in its folder: a register's role for it, a page, or rejected bytes.
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

    `version` names it within its folder. `retrieved_at` is what the clock showed; `seen_at` is
    later than that of the version before, whatever the clock showed. `content_sha256` is the hash
    of what the document says (a list's table, a page's facts), so that versions which differ in
    bytes only can be told from amendments. `facts` holds what was read off on the way to it.
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


def next_seen_at(retrieved_at: datetime, known: Sequence[Version]) -> datetime:
    """The `seen_at` of a version that comes after the known ones."""
    return max(retrieved_at, known[-1].seen_at + _NEXT) if known else retrieved_at


def version_name(seen_at: datetime, sha256: str) -> str:
    """The name of a version: names sort in the order of archiving."""
    return f"{seen_at:{_NAME_TIME}}-{sha256[:12]}"


def name_time(version: str) -> datetime | None:
    """The time in the name of a version, None in one that this program did not make."""
    try:
        return datetime.strptime(version[:_TIME_WIDTH], _NAME_TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def read_sidecar(root: Path, folder: str) -> list[Version]:
    """The versions in a folder of the archive at `root`, oldest first; none where there is none.

    Raises ArchiveError where neither the sidecar nor its copy can be read.
    """
    problems: list[object] = []
    for name in (SIDECAR, COPY):
        try:
            return parse_sidecar(root, folder, (root / folder / name).read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ArchiveError) as error:
            problems.append(error)
    # A run that is killed while it stores the first document of a folder leaves one without.
    if not problems and len(documents_in(root / folder)) < 2:
        return []
    problems = problems or ["they are gone"]
    raise ArchiveError(
        f"{root / folder / SIDECAR} cannot be read, and no copy of it ({problems[0]})",
        remedy=f"Restore {root / folder} from a copy. Without one, move it away: the next run "
        "fetches the document again, and its earlier versions are lost",
    )


def documents_in(folder: Path) -> list[Path]:
    """The files in a folder that are documents by their names, whether its sidecar names them."""
    return sorted(path for path in folder.glob("[0-9]*z-*.*") if name_time(path.stem))


def parse_sidecar(root: Path, folder: str, content: bytes) -> list[Version]:
    """The versions that a sidecar of this content names. Raises ArchiveError."""
    return list(_parsed(root, folder, content))


# A run looks into the same few sidecars thousands of times.
@lru_cache(maxsize=256)
def _parsed(root: Path, folder: str, content: bytes) -> tuple[Version, ...]:
    try:
        resources = json.loads(content)["resources"]
        return tuple(_in_order(_from_resource(root, folder, item) for item in resources))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"not a sidecar: {type(error).__name__}: {error}") from error


def sidecar_bytes(folder: str, versions: Iterable[Version]) -> bytes:
    """The content of a sidecar. Raises ArchiveError for facts that are not text."""
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
            f"what the source says of a document in {folder} is not text: it holds {half!r}",
            remedy="Nothing was archived; the source has to mend its title or address",
        ) from error


def write_sidecar(folder: Path, content: bytes) -> None:
    for name in (SIDECAR, COPY):
        write_bytes(folder / name, content)


def mend_sidecar(root: Path, folder: str) -> str | None:
    """Make the two copies of a folder's sidecar one again; what was damaged, in words.

    Where both can be read and one does not continue the other, both are left as they are.
    """
    sidecar, copy = root / folder / SIDECAR, root / folder / COPY
    content, kept = _whole(root, folder, sidecar), _whole(root, folder, copy)
    if content and content != kept:
        was_there = copy.exists()
        if kept is None or continues(content, kept):
            write_bytes(copy, content)
        return f"{copy} could not be read: it is written again" if was_there and not kept else None
    if kept and content is None:
        write_bytes(sidecar, kept)
        return f"{sidecar} could not be read: it is restored from its copy"
    return None


def continues(content: bytes, earlier: bytes) -> bool:
    """Whether one sidecar names all that an earlier one does, and more."""
    now, before = (json.loads(text)["resources"] for text in (content, earlier))
    return len(before) < len(now) and now[: len(before)] == before


def _whole(root: Path, folder: str, path: Path) -> bytes | None:
    """The content of a sidecar that can be read."""
    try:
        content = path.read_bytes()
        parse_sidecar(root, folder, content)
    except (OSError, ArchiveError):
        return None
    return content


def _in_order(versions: Iterable[Version]) -> Iterator[Version]:
    """The versions, each seen after the one before; names made by a wrong clock may not be."""
    known: list[Version] = []
    for version in versions:
        known.append(replace(version, seen_at=next_seen_at(version.seen_at, known)))
        yield known[-1]


def _to_resource(version: Version) -> dict[str, Any]:
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
    )
