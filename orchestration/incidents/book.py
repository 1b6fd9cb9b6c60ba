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
from pathlib import Path
from typing import Any

from orchestration.incidents.incident import Incident
from scrapers.files import write_json

FILE = "incidents.json"


@dataclass(frozen=True)
class Entry:
    """An open incident, and whether an alert was sent about it.

    `good_run` is the last good run of the incident's job when the incident began.
    """

    incident: Incident
    is_sent: bool = False
    good_run: str | None = None


@dataclass(frozen=True)
class Book:
    """What is open, and what was sent.

    `healed` are incidents that an alert was sent about, but no message yet that all is well again.
    `heartbeat_run` is the run of the last heartbeat, `announced` the last release that was
    announced, and `failed_message` why the last message could not be sent.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    healed: tuple[Incident, ...] = ()
    heartbeat_run: str | None = None
    announced: str | None = None
    failed_message: str | None = None

    @property
    def open(self) -> list[Incident]:
        """The open incidents."""
        return [entry.incident for entry in self.entries.values()]

    @property
    def unsent(self) -> list[Incident]:
        """The open incidents that no alert was sent about."""
        return [entry.incident for entry in self.entries.values() if not entry.is_sent]

    def with_sent(self) -> "Book":
        """The book after an alert about all open incidents."""
        sent = {key: replace(entry, is_sent=True) for key, entry in self.entries.items()}
        return replace(self, entries=sent)


def settle(book: Book, found: Collection[Incident], good_runs: Mapping[str, str]) -> Book:
    """The book after incidents were looked for: new ones are open, those no longer found healed.

    A failed run is not found again, so it heals with the next good run of its job: `good_runs` has
    the last one of each job. Times are not compared, since the clock may have been wrong. An
    incident that heals before an alert was sent about it is forgotten.
    """
    entries = {item.key: _entry(book, item, good_runs) for item in found}
    healed = list(book.healed)
    for key, entry in book.entries.items():
        if key in entries:
            continue
        if _lasts(entry, good_runs):
            entries[key] = entry
        elif entry.is_sent:
            healed.append(entry.incident)
    # One that opened again before its end was sent has never healed.
    again = {item.key for item in healed} & set(entries)
    for key in again:
        entries[key] = replace(entries[key], is_sent=True)
    return replace(
        book, entries=entries, healed=tuple(item for item in healed if item.key not in again)
    )


def _entry(book: Book, found: Incident, good_runs: Mapping[str, str]) -> Entry:
    known = book.entries.get(found.key)
    if known is None:
        return Entry(found, good_run=good_runs.get(found.job) if found.job else None)
    return replace(known, incident=replace(found, since=known.incident.since))


def _lasts(entry: Entry, good_runs: Mapping[str, str]) -> bool:
    """Whether an incident that is no longer found is that of a job without a good run since."""
    job = entry.incident.job
    return job is not None and good_runs.get(job, entry.good_run) == entry.good_run


def read_book(root: Path) -> Book:
    """The book of a data directory; an empty one if there is none, or if it cannot be read."""
    spare = _spare_path(root)
    paths = [root / FILE, *([spare] if _is_own(spare) else [])]
    for path in sorted(paths, key=_changed_at, reverse=True):
        # A damaged book is as good as none: what is open is found again, and sent again.
        with suppress(OSError, ValueError, TypeError, LookupError, AttributeError):
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
    entries = [Entry(Incident(**item.pop("incident")), **item) for item in content.pop("entries")]
    healed = tuple(Incident(**item) for item in content.pop("healed"))
    return Book({entry.incident.key: entry for entry in entries}, healed, **content)


def _spare_path(root: Path) -> Path:
    """The spare book, which the services of systemd share: each has its own temporary folder."""
    digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    folder = os.environ.get("RUNTIME_DIRECTORY") or tempfile.gettempdir()
    return Path(folder) / f"filings-incidents-{digest}.json"


def _is_own(path: Path) -> bool:
    """Whether a file in a shared folder was written by this user."""
    try:
        return path.lstat().st_uid == os.geteuid() and not path.is_symlink()
    except OSError:
        return False


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
