"""What a register is: the declaration that everything else works from.

A register publishes documents (lists, notices) of rows. A declaration says where they are found,
what their tables look like, and how they are called. It knows nothing of Dagster, Pandera or dbt.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from urllib.parse import quote, unquote

from scrapers.archive.facts import Facts
from scrapers.archive.prior_state import PriorState
from scrapers.archive.sidecar import Version
from scrapers.archive.store import Archive
from scrapers.documents.layout import Column, TableLayout
from scrapers.errors import FilingsError
from scrapers.http.responses import Fetched, may_be_document
from scrapers.http.session import PoliteSession

__all__ = [
    "Column",
    "Discovery",
    "Document",
    "FetchedDocument",
    "Register",
    "Snapshot",
    "TableLayout",
    "Terms",
    "Text",
]


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Terms:
    """How messages call a register's documents and rows.

    `document` is what a document is (list), `label` what stands before its key (batch 011), `rows`
    the rows in the plural.
    """

    document: str = "list"
    label: str = "list"
    rows: str = "rows"

    @property
    def documents(self) -> str:
        return f"{self.document}s"


@dataclass(frozen=True)
class Document:
    """A published document.

    `key` names it within its register. `url` is the address of its file where discovery knows it;
    `page_urls` are the pages that link to it. A document that is not `is_listed` is known from the
    archive only: the source's overview no longer shows it, and that its file goes is expected.
    """

    key: str
    published_on: date | None = None
    title: str | None = None
    url: str | None = None
    page_urls: tuple[str, ...] = ()
    label: str | None = None
    month: str | None = None
    is_listed: bool = True

    @property
    def address(self) -> str | None:
        """Where to look for it: its page, or its file."""
        return self.page_urls[0] if self.page_urls else self.url


@dataclass(frozen=True)
class Snapshot:
    """An answer of the source to be archived next to the documents when what it says has changed.

    `content` is what it says, as text; only changes of it make a new version.
    """

    folder: str
    role: str
    answer: Fetched
    content: str
    suffix: str
    media_type: str


@dataclass(frozen=True)
class Discovery:
    """What a register has published.

    `documents` are by key, in the order of their keys. `problems` are announcements that cannot be
    read, `overlooked` those that look like one and were not taken: an operator must look at both.
    `gaps` names documents that must exist and are announced nowhere.
    """

    documents: Mapping[str, Document]
    problems: tuple[FilingsError, ...] = ()
    overlooked: tuple[FilingsError, ...] = ()
    gaps: tuple[str, ...] = ()
    snapshot: Snapshot | None = None

    @property
    def alarms(self) -> tuple[FilingsError, ...]:
        return (*self.problems, *self.overlooked)


@dataclass(frozen=True)
class FetchedDocument:
    """The file of a document, what was learned on the way to it, and remarks for an operator."""

    answer: Fetched
    facts: Facts
    remarks: tuple[str, ...] = ()


Discover = Callable[[PoliteSession, Mapping[str, Version]], Discovery]
"""Ask the source what is published; the second argument is the latest archived version per key.

Raises FilingsError where the source does not answer, or announces nothing at all.
"""

Fetch = Callable[[PoliteSession, "Register", Document, Archive, PriorState], FetchedDocument]
"""Fetch a document's file. Raises FilingsError; NotFoundError where the source no longer has it."""


def fetch_file(
    session: PoliteSession,
    register: "Register",
    document: Document,
    archive: Archive,
    prior: PriorState,
) -> FetchedDocument:
    """Fetch a document whose file's address is known: the usual way."""
    if document.url is None:
        raise LookupError(f"{register.label(document.key)} has no address")
    referer = document.page_urls[0] if document.page_urls else None
    answer = session.get(document.url, referer=referer, is_wanted=may_be_document)
    return FetchedDocument(answer, facts_of(document))


def facts_of(document: Document) -> Facts:
    """What discovery has learned about a document."""
    return Facts(
        key=document.key,
        title=document.title,
        label=document.label,
        month=document.month,
        published_on=document.published_on,
        page_url=document.page_urls[0] if document.page_urls else None,
    )


def none_superseded(archived: Mapping[str, Version]) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True)
class Register:
    """A public register.

    `tables` are the layouts of its tables, `key` the column that identifies a row. `restating` are
    the facts (fields of `Facts`) that belong to what a document says: where one of them changes,
    the same file is a new version. `superseded` gives the keys that were announced by mistake.

    `archive_folder` is the folder of its documents in the archive, by default its name; a document
    is in a folder of its own there, named by its key. `key_pattern` tells its folders from others.
    """

    name: str
    title: Text
    tables: tuple[TableLayout, ...]
    key: str
    discover: Discover
    fetch: Fetch = fetch_file
    terms: Terms = field(default_factory=Terms)
    restating: Sequence[str] = ("title", "published_on", "month")
    superseded: Callable[[Mapping[str, Version]], frozenset[str]] = none_superseded
    archive_folder: str | None = None
    key_pattern: str = ".+"
    role: str = "list"

    def folder(self, key: str) -> str:
        """The folder of a document in the archive; no key can lead out of it."""
        name = self.partition(key)
        return f"{self._parent}/{name}" if self._parent else name

    def partition(self, key: str) -> str:
        """The key in a form that is safe as the name of a folder and of a partition."""
        return quote(key, safe="").replace(".", "%2E")

    def key_of(self, folder: str) -> str:
        """The key of the document in a folder, or of a partition."""
        return unquote(folder.rpartition("/")[2])

    def owns(self, folder: str) -> bool:
        """Whether a folder of the archive is for a document of this register."""
        parent, _, _ = folder.rpartition("/")
        is_key = re.fullmatch(self.key_pattern, self.key_of(folder))
        return parent == self._parent and is_key is not None

    def label(self, key: str) -> str:
        """How messages name a document: batch 011."""
        return f"{self.terms.label} {key}"

    def archived(self, archive: Archive) -> Mapping[str, Version]:
        """The latest version of each document that the archive holds, by key."""
        latest = {
            self.key_of(folder): version
            for folder, version in archive.latest_of(self.role).items()
            if self.owns(folder)
        }
        return MappingProxyType(dict(sorted(latest.items())))

    def unreadable(self, archive: Archive) -> frozenset[str]:
        """The keys whose folder in the archive cannot be read."""
        return frozenset(self.key_of(item) for item in archive.unreadable() if self.owns(item))

    @property
    def _parent(self) -> str:
        return self.name if self.archive_folder is None else self.archive_folder
