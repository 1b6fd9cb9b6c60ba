"""The book of open incidents, in `incidents.json` of the data directory.

If the data directory cannot be written, which may be the incident itself, the book is kept in the
temporary folder of the system until it can.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.incidents.incident import Incident
from orchestration.inspection.register_status import moment
from scrapers.files import write_json

FILE = "incidents.json"


@dataclass(frozen=True)
class Entry:
    """An open incident, and whether somebody was told of it."""

    incident: Incident
    is_told: bool = False


@dataclass(frozen=True)
class Book:
    """What is open, and what was sent.

    `healed` are incidents of which somebody was told, but not yet that they are well again.
    `heartbeat_run` is the run of the last heartbeat, `announced` the last release that was
    announced, and `undelivered` why the last alert could not be sent.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    healed: tuple[Incident, ...] = ()
    heartbeat_run: str | None = None
    announced: str | None = None
    undelivered: str | None = None

    @property
    def open(self) -> list[Incident]:
        """The open incidents."""
        return [entry.incident for entry in self.entries.values()]

    @property
    def untold(self) -> list[Incident]:
        """The open incidents of which nobody was told."""
        return [entry.incident for entry in self.entries.values() if not entry.is_told]

    def with_told(self) -> "Book":
        """The book after an alert about all that is open."""
        told = {key: replace(entry, is_told=True) for key, entry in self.entries.items()}
        return replace(self, entries=told)


def settle(book: Book, found: Collection[Incident], finished: Mapping[str, datetime]) -> Book:
    """The book after incidents were looked for: new ones are open, those no longer found healed.

    A failed run is not found again, so it heals when a later run of its job is in `finished`: the
    time at which each job last ended well. An incident that heals before anybody was told of it is
    forgotten.
    """
    entries = {item.key: _entry(book, item) for item in found}
    healed = list(book.healed)
    for key, entry in book.entries.items():
        if key in entries:
            continue
        if _lasts(entry.incident, finished):
            entries[key] = entry
        elif entry.is_told:
            healed.append(entry.incident)
    # One that opened again before anybody was told that it was well has never healed.
    again = {item.key for item in healed} & set(entries)
    for key in again:
        entries[key] = replace(entries[key], is_told=True)
    return replace(
        book, entries=entries, healed=tuple(item for item in healed if item.key not in again)
    )


def _entry(book: Book, found: Incident) -> Entry:
    known = book.entries.get(found.key)
    if known is None:
        return Entry(found)
    return replace(known, incident=replace(found, since=known.incident.since))


def _lasts(incident: Incident, finished: Mapping[str, datetime]) -> bool:
    if incident.job is None:
        return False
    ended = finished.get(incident.job)
    return ended is None or ended <= moment(incident.since)


def read_book(root: Path) -> Book:
    """The book of a data directory; an empty one if there is none, or if it cannot be read."""
    spare = _spare_path(root)
    paths = [root / FILE, *([spare] if _is_own(spare) else [])]
    paths = sorted((path for path in paths if path.exists()), key=_changed_at, reverse=True)
    for path in paths:
        # A damaged book is as good as none: what is open is found again, and told again.
        with suppress(OSError, ValueError, TypeError, LookupError):
            return _parsed(json.loads(path.read_bytes()))
    return Book()


def write_book(root: Path, book: Book) -> None:
    """Write the book. Raises OSError if it can be written nowhere."""
    content = asdict(book) | {"entries": [asdict(entry) for entry in book.entries.values()]}
    spare = _spare_path(root)
    try:
        if not root.is_dir():
            raise FileNotFoundError(root)
        write_json(root / FILE, content)
    except OSError:
        write_json(spare, content)
    else:
        with suppress(OSError):
            spare.unlink()


def _parsed(content: Any) -> Book:
    entries = [
        Entry(Incident(**item["incident"]), item["is_told"]) for item in content.pop("entries")
    ]
    healed = tuple(Incident(**item) for item in content.pop("healed"))
    return Book({entry.incident.key: entry for entry in entries}, healed, **content)


def _spare_path(root: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"filings-incidents-{digest}.json"


def _is_own(path: Path) -> bool:
    """Whether a file in a shared folder was written by this user."""
    try:
        return path.lstat().st_uid == os.geteuid() and not path.is_symlink()
    except OSError:
        return False


def _changed_at(path: Path) -> int:
    return path.stat().st_mtime_ns
