"""The notices of the source, classified: announced batches, cancellations, and others.

A notice is classified by its title (see `notice_titles`). Guides and notices of other registers are
only counted. A notice that concerns this register, but is of no known kind, is reported. The first
batch has never been on the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from scrapers.errors import FilingsError, NoticeListError, located, shortened
from scrapers.fields.text_keys import without_width
from scrapers.http.addresses import Source
from scrapers.http.responses import Fetched
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Document
from scrapers.registers.discovery.announcements import (
    FIRST_BATCH_PATH,
    PAGE_PATH,
    batch_at,
    merge,
)
from scrapers.registers.discovery.cancellations import cancellation_of
from scrapers.registers.discovery.notice_api import (
    NOTICE_LIST_PATH,
    Notice,
    fetch_notice_list,
    parse_notices,
)
from scrapers.registers.discovery.notice_titles import TitleKind, kind_of
from scrapers.registers.discovery.wording import batch_ordinal, title_key

TITLES_MODULE = "scrapers/registers/discovery/notice_titles.py"


@dataclass(frozen=True)
class NoticeList:
    """The classified notices: batches by ordinal, cancellations, and the number of others.

    `batch_problems` and `cancellation_problems` are notices that cannot be read. `unrecognised` are
    notices that concern this register, but are of no known kind.
    """

    batches: Mapping[int, Document]
    cancellations: tuple[Document, ...]
    other_notices: int
    batch_problems: tuple[FilingsError, ...] = ()
    cancellation_problems: tuple[FilingsError, ...] = ()
    unrecognised: tuple[FilingsError, ...] = ()
    fetched: Fetched | None = None

    @property
    def problems(self) -> tuple[FilingsError, ...]:
        return (*self.batch_problems, *self.cancellation_problems)


@dataclass
class _Classified:
    """The notices classified so far."""

    batches: dict[int, Document] = field(default_factory=dict)
    cancellations: list[Document] = field(default_factory=list)
    problems: dict[TitleKind, list[FilingsError]] = field(
        default_factory=lambda: {"batch": [], "cancellation": []}
    )
    unrecognised: list[FilingsError] = field(default_factory=list)
    others: int = 0


def fetch_notices(session: PoliteSession) -> NoticeList:
    """Fetch and classify the notice list.

    Raises FetchError if the source does not respond, and NoticeListError if the response is not a
    notice list or announces no batch: an unreadable list never counts as "nothing new".
    """
    fetched = fetch_notice_list(session)
    with located(url=session.source.beian_url + NOTICE_LIST_PATH):
        return replace(read_notices(fetched.content, session.source), fetched=fetched)


def read_notices(content: bytes, source: Source) -> NoticeList:
    """Classify the notices of a response. Raises NoticeListError as `fetch_notices` does."""
    found = _Classified()
    for notice in parse_notices(content):
        kind = _kind(notice)
        try:
            _add(notice, kind, source, found)
        except FilingsError as error:
            error.found = f"{notice}: {error.found}"
            found.problems[kind].append(error)
    batch_problems, cancellation_problems = found.problems["batch"], found.problems["cancellation"]
    if not found.batches:
        problems = [*batch_problems, *cancellation_problems]
        raise problems[0] if problems else _no_batch(found)
    return NoticeList(
        dict(sorted(found.batches.items())),
        tuple(found.cancellations),
        found.others,
        tuple(batch_problems),
        tuple(cancellation_problems),
        tuple(found.unrecognised),
    )


def _add(notice: Notice, kind: TitleKind, source: Source, found: _Classified) -> None:
    """Add a notice to those of its kind. Raises FilingsError if it cannot be read."""
    if notice.broken and kind in found.problems:
        raise NoticeListError(
            f"its {', '.join(notice.broken)} contains a lone surrogate",
            remedy="The notice is skipped until the source corrects it",
        )
    if kind == "batch":
        batch = _batch_of(notice, source)
        found.batches[int(batch.key)] = merge(found.batches.get(int(batch.key)), batch)
    elif kind == "cancellation":
        found.cancellations.append(cancellation_of(notice, source))
    elif kind == "unknown":
        found.unrecognised.append(_unrecognised(notice))
    else:
        found.others += 1


def _kind(notice: Notice) -> TitleKind:
    """The kind of a notice, by its title, or by its URL if it has no title."""
    path = notice.content.partition("://")[2].partition("/")[2].strip()
    if not title_key(notice.title) and PAGE_PATH.fullmatch(f"/{path}"):
        return "unknown"
    return kind_of(notice.title)


def _batch_of(notice: Notice, source: Source) -> Document:
    page_url = source.resolve(without_width(notice.content), source.cac_url)
    batch_no = batch_ordinal(notice.title)
    if batch_no is None and urlsplit(page_url).path == FIRST_BATCH_PATH:
        batch_no = 1
    if batch_no is None:
        raise NoticeListError("the title names no batch ordinal", url=page_url)
    return batch_at(batch_no, page_url)


def _unrecognised(notice: Notice) -> NoticeListError:
    address = shortened(notice.content or "no URL")
    has_title = bool(title_key(notice.title))
    why = "concerns this register" if has_title else "links to an announcement page"
    return NoticeListError(
        f"{notice} {why}, but is not a known kind of batch, cancellation or guide ({address})",
        remedy=f"Read the notice, and add its kind of title to {TITLES_MODULE}",
    )


def _no_batch(found: _Classified) -> NoticeListError:
    count = found.others + len(found.cancellations) + len(found.unrecognised)
    names = [f"; the first unrecognised one: {item.found}" for item in found.unrecognised]
    return NoticeListError(
        f"no batch is announced among {count} notices{''.join(names[:1])}",
        remedy=f"The titles may have changed: compare them with {TITLES_MODULE}",
    )
