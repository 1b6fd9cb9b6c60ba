"""`changes.atom`: an Atom feed (RFC 4287) of batches, lists and cancellation notices.

Entries are built in `batches`, `lists` and `notices`. Atom recommends a link to the feed itself;
there is none, because a release does not know the address at which it is served.
"""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from lxml.builder import ElementMaker

from orchestration.publication.context import ReleaseContext
from orchestration.publication.feed.batches import batch_entries
from orchestration.publication.feed.entry import Entry
from orchestration.publication.feed.lists import list_entries
from orchestration.publication.feed.notices import notice_entries
from orchestration.publication.registers import RELEASE_TITLE
from scrapers.files import write_bytes

FEED = "changes.atom"
# Programs that read feeds fetch the whole file each time.
MOST_ENTRIES = 200

# The identifier of the feed, and the namespace for those of its entries.
_FEED_ID = uuid5(NAMESPACE_URL, "filings-register/changes.atom")
_ATOM = "http://www.w3.org/2005/Atom"
_SOURCE_URL = "https://www.cac.gov.cn"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_A = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})


def write_feed(context: ReleaseContext) -> None:
    """Write `changes.atom` into the folder of the release: the latest updates, newest first."""
    with context.connect() as connection:
        entries = [
            *batch_entries(connection),
            *list_entries(connection, context.marts),
            *notice_entries(connection),
        ]
    entries.sort(key=lambda entry: (entry.updated, entry.published, entry.key), reverse=True)
    del entries[MOST_ENTRIES:]
    updated = max((entry.updated for entry in entries), default=_BEGINNING)
    feed = _A.feed(
        _A.id(_FEED_ID.urn),
        _A.title(f"{RELEASE_TITLE.zh} · {RELEASE_TITLE.en}"),
        _A.subtitle(
            "Batches and lists of filings and services, and cancellation notices, generated from "
            "what the Cyberspace Administration of China (国家互联网信息办公室) publishes "
            f"(source: {context.source}), the latest {MOST_ENTRIES}"
        ),
        _A.updated(_time(updated)),
        _A.author(_A.name("filings-register")),
        _A.link(rel="alternate", href=_SOURCE_URL, hreflang="zh"),
        *map(_entry, entries),
    )
    content = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    write_bytes(context.folder / FEED, content)


def _entry(entry: Entry) -> etree._Element:
    return _A.entry(
        # Derived only from an address, a notice number or a list's name, so it never changes.
        _A.id(uuid5(_FEED_ID, entry.key).urn),
        _A.title(entry.title),
        _A.published(_time(entry.published)),
        _A.updated(_time(entry.updated)),
        _A.category(term=entry.category),
        _A.link(rel="alternate", href=entry.url, hreflang="zh"),
        *(_A.link(rel="related", href=url, hreflang="zh", title="list") for url in entry.lists),
        _A.summary(entry.summary),
        # Atom wants HTML content as escaped text.
        _A.content(entry.html, type="html"),
    )


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
