"""The types that declare a register.

A register publishes documents (lists, notices) with rows. Its declaration defines where documents
are found, the layout of their tables, and how messages name them. It does not depend on Dagster,
Pandera or dbt.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from urllib.parse import quote, unquote

from scrapers.archive.answers import archived_answer
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


def plural(noun: str) -> str:
    """The plural of a regular English noun: lists, batches."""
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


@dataclass(frozen=True)
class Text:
    """A text in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Terms:
    """The words that messages use for a register's documents and rows.

    `document` is a singular noun (list). `label` precedes the key of a document (batch 011). `rows`
    is a plural noun, formed with -s. With a `topic`, documents are counted as "13 lists of
    generative services", otherwise by their label.
    """

    document: str = "list"
    label: str = "list"
    rows: str = "rows"
    topic: str | None = None

    @property
    def documents(self) -> str:
        """The plural of `document`."""
        return plural(self.document)

    def count_rows(self, count: int) -> str:
        """A number of rows, such as "1 filing"."""
        return f"{count:,} {self.rows.removesuffix('s') if count == 1 else self.rows}"

    def count_labels(self, count: int) -> str:
        """A number of documents by their label or topic, such as "18 batches"."""
        if self.topic:
            noun = self.document if count == 1 else self.documents
            return f"{count:,} {noun} of {self.topic}"
        return f"{count:,} {self.label if count == 1 else plural(self.label)}"


@dataclass(frozen=True)
class Document:
    """A published document.

    `key` identifies it within its register. `url` is the URL of its file, if discovery knows it.
    `page_urls` are the pages that link to it. `month` (YYYY-MM) is the month in its label. If
    `is_listed` is False, only the archive still knows the document: the source no longer lists it,
    and its file is expected to disappear.
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
        """The URL of its first page, or of its file."""
        return self.page_urls[0] if self.page_urls else self.url


@dataclass(frozen=True)
class Snapshot:
    """A response that lists documents, to be archived when its content has changed.

    `content` is the relevant content as text. Only a change of it makes a new version.
    """

    folder: str
    role: str
    answer: Fetched
    content: str
    suffix: str
    media_type: str


@dataclass(frozen=True)
class Discovery:
    """The published documents of a register, and the problems of finding them.

    `documents` are ordered by key. `problems` are announcements that cannot be read. `unrecognised`
    are unrecognised ones that may announce a document. An operator must review both. `gaps` are
    documents that must exist, but are not announced.
    """

    documents: Mapping[str, Document]
    problems: tuple[FilingsError, ...] = ()
    unrecognised: tuple[FilingsError, ...] = ()
    gaps: tuple[str, ...] = ()
    snapshot: Snapshot | None = None

    @property
    def alarms(self) -> tuple[FilingsError, ...]:
        """Everything that an operator must review."""
        return (*self.problems, *self.unrecognised)


@dataclass(frozen=True)
class FetchedDocument:
    """A document's file, the facts from its pages, and remarks for an operator."""

    answer: Fetched
    facts: Facts
    remarks: tuple[str, ...] = ()


Discover = Callable[[PoliteSession, Mapping[str, Version]], Discovery]
"""Find the published documents; the second argument is the latest archived version per key.

Raises FilingsError if the source does not respond, or announces no documents.
"""

Fetch = Callable[[PoliteSession, "Register", Document, Archive, PriorState], FetchedDocument]
"""Fetch a document's file. Raises FilingsError, and NotFoundError if it no longer exists."""


def fetch_file(
    session: PoliteSession,
    register: "Register",
    document: Document,
    archive: Archive,
    prior: PriorState,
) -> FetchedDocument:
    """Fetch a document whose URL is known; the default way. Raises LookupError without a URL."""
    if document.url is None:
        raise LookupError(f"{register.label(document.key)} has no URL")
    referer = document.page_urls[0] if document.page_urls else None
    known = archived_answer(archive, register.folder(document.key), register.role)
    answer = session.get(document.url, referer=referer, is_wanted=may_be_document, known=known)
    return FetchedDocument(answer, facts_of(document))


def facts_of(document: Document) -> Facts:
    """The facts about a document that discovery found."""
    return Facts(
        key=document.key,
        title=document.title,
        label=document.label,
        month=document.month,
        published_on=document.published_on,
        page_url=document.page_urls[0] if document.page_urls else None,
    )


def none_superseded(archived: Mapping[str, Version]) -> frozenset[str]:
    """No keys: the default of `Register.superseded`."""
    return frozenset()


@dataclass(frozen=True)
class Register:
    """A public register.

    `tables` are the layouts of its tables, and `key` is the column that identifies a row.
    `versioned_facts` are fields of `Facts` that count as content: if one of them changes, the same
    file is a new version. `superseded` returns the keys that were announced by mistake.

    `archive_folder` is the parent folder of its documents in the archive; the default is its name.
    Each document has a folder there, named by its key. `key_pattern` matches the keys, so that
    other folders are ignored.

    If its documents are numbered, `key_of_number` returns the key for a number. With
    `is_supplement`, its rows are about those of another register: totals leave them out, and
    `filings status` shows its documents in one line.
    """

    name: str
    title: Text
    tables: tuple[TableLayout, ...]
    key: str
    discover: Discover
    fetch: Fetch = fetch_file
    terms: Terms = field(default_factory=Terms)
    versioned_facts: Sequence[str] = ("title", "published_on", "month")
    superseded: Callable[[Mapping[str, Version]], frozenset[str]] = none_superseded
    archive_folder: str | None = None
    key_pattern: str = ".+"
    role: str = "list"
    key_of_number: Callable[[int], str] | None = None
    is_supplement: bool = False

    def folder(self, key: str) -> str:
        """The archive folder of a document. Keys are escaped, so none leads to another parent."""
        name = self.partition(key)
        return f"{self.parent}/{name}" if self.parent else name

    def partition(self, key: str) -> str:
        """The key, escaped for use as the name of a folder or a partition."""
        return quote(key, safe="").replace(".", "%2E")

    def key_of(self, folder: str) -> str:
        """The key of an archive folder or a partition."""
        return unquote(folder.rpartition("/")[2])

    def key_of_value(self, value: str | int) -> str:
        """The key for a value of a column: a number, or the key itself."""
        if self.key_of_number and str(value).isdecimal():
            return self.key_of_number(int(value))
        return str(value)

    def owns(self, folder: str) -> bool:
        """Whether an archive folder belongs to a document of this register."""
        parent, _, _ = folder.rpartition("/")
        is_key = re.fullmatch(self.key_pattern, self.key_of(folder))
        return parent == self.parent and is_key is not None

    def label(self, key: str) -> str:
        """The name of a document in messages, such as "batch 011"."""
        return f"{self.terms.label} {key}"

    def archived(self, archive: Archive) -> Mapping[str, Version]:
        """The latest archived version of each document, by key."""
        latest = {
            self.key_of(folder): version
            for folder, version in archive.latest_of(self.role, self.parent).items()
            if self.owns(folder)
        }
        return MappingProxyType(dict(sorted(latest.items())))

    def unreadable(self, archive: Archive) -> frozenset[str]:
        """The keys of the documents whose archive folder cannot be read."""
        found = archive.unreadable(self.parent)
        return frozenset(self.key_of(item) for item in found if self.owns(item))

    @property
    def parent(self) -> str:
        """The archive folder that holds those of its documents; empty for the archive itself."""
        return self.name if self.archive_folder is None else self.archive_folder
