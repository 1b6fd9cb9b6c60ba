"""Announcements of numbered batches: where each is published, and which are missing.

A batch may have several addresses. The notice list forgets old announcements, so the archive
remembers them; the first batch has never been on the list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from re import compile as regex
from urllib.parse import urlsplit

from scrapers.archive.sidecar import Version
from scrapers.errors import NoticeListError
from scrapers.http.addresses import Source
from scrapers.registers.base import Document
from scrapers.registers.discovery.wording import MAX_ORDINALS_AHEAD, out_of_reach

FIRST_BATCH_PATH = "/2023-06/20/c_1688910683316256.htm"
PAGE_PATH = regex(r"/([0-9]{4})-([0-9]{2})/([0-9]{2})/c_[0-9]+\.html?")

Batches = Mapping[int, Document]


def batch_key(batch_no: int) -> str:
    """The key of a batch: its ordinal in three digits."""
    return f"{batch_no:03d}"


def batch_label(batch_no: int) -> str:
    return f"batch {batch_key(batch_no)}"


def batch_at(batch_no: int, page_url: str) -> Document:
    """The batch announced at an address, whose path has the date of publication.

    Raises NoticeListError for any other address.
    """
    match = PAGE_PATH.fullmatch(urlsplit(page_url).path)
    label = batch_label(batch_no)
    if not match:
        raise NoticeListError(
            f"{page_url!r} is not an announcement page (/YYYY-MM/DD/c_<digits>.htm)",
            document=label,
        )
    year, month, day = (int(part) for part in match.groups())
    try:
        published_on = date(year, month, day)
    except ValueError as error:
        raise NoticeListError(f"{page_url!r} holds no date ({error})", document=label) from error
    return Document(batch_key(batch_no), published_on, page_urls=(page_url,))


def first_batch(source: Source) -> Document:
    """The announcement of batch 1, whose page is known though no list names it."""
    return batch_at(1, source.cac_url + FIRST_BATCH_PATH)


def merge(known: Document | None, found: Document) -> Document:
    """One batch from two notices: the earlier page leads, in any order of the list."""
    if known is None or known.page_urls == found.page_urls:
        return found if known is None else known
    batch_no = int(found.key)
    first, *others = sorted(
        {*known.page_urls, *found.page_urls},
        key=lambda url: (batch_at(batch_no, url).published_on, url),
    )
    return replace(batch_at(batch_no, first), page_urls=(first, *others))


def archived_batches(archived: Mapping[str, Version], source: Source) -> list[Document]:
    """The batches in the archive, whose pages are looked for on the addresses configured now.

    They count as listed: the list forgets announcements, but their pages stay. One that goes is
    remarked on.
    """
    superseded = superseded_batches(archived)
    return [
        Document(
            key,
            version.facts.published_on,
            page_urls=(source.page_address(version.facts.page_url or ""),),
        )
        for key, version in archived.items()
        if key not in superseded
    ]


def superseded_batches(archived: Mapping[str, Version]) -> frozenset[str]:
    """Batches that the source took back: announced under a wrong ordinal, and corrected later.

    Such a batch has the page of another one, whose list was fetched after its own.
    """
    by_page: dict[str, str] = {}
    superseded = set()
    for key in sorted(archived, key=lambda key: archived[key].seen_at):
        path = urlsplit(archived[key].facts.page_url or "").path
        if path in by_page:
            superseded.add(by_page[path])
        by_page[path] = key
    return frozenset(superseded)


def known_batches(
    listed: Batches, archived: Iterable[Document], source: Source
) -> dict[int, Document]:
    """Every batch known to be announced: on the list, batch 1, or already in the archive.

    The list wins over the archive, since it is newer; the archive remembers what it forgot. A batch
    in the archive whose page the list now announces under another ordinal was misnumbered: it is
    not announced any more.
    """
    known = {1: first_batch(source)}
    on_list = {url: item for item in listed.values() for url in item.page_urls}
    for batch in archived:
        now = on_list.get(batch.page_urls[0], batch)
        if now.key == batch.key:
            known[int(batch.key)] = batch
    known.update(listed)
    return dict(sorted(known.items()))


def within_reach(listed: Batches, held: Iterable[int]) -> tuple[Batches, list[NoticeListError]]:
    """The batches without those whose ordinal is far above all others, and a problem for each.

    `held` are the batches in the archive.
    """
    held = list(held)
    refused = out_of_reach(listed, held)
    kept = {no: item for no, item in listed.items() if no not in refused}
    highest = max([*kept, *held], default=0)
    problems = [
        NoticeListError(
            f"a batch is announced whose ordinal, {no}, is more than {MAX_ORDINALS_AHEAD} above "
            f"the highest known, {highest}",
            document=batch_label(no),
            url=listed[no].address,
            remedy="It is not taken until its ordinal is right",
        )
        for no in refused
    ]
    return kept, problems


def gaps_in(batch_nos: Iterable[int]) -> list[str]:
    """The ordinals skipped below the highest one, as ranges: 002, 004 to 009.

    A gap is a sign that an announcement was overlooked.
    """
    gaps = []
    expected = 1
    for number in sorted(set(batch_nos)):
        if number > expected:
            first, last = batch_key(expected), batch_key(number - 1)
            gaps.append(first if first == last else f"{first} to {last}")
        expected = number + 1
    return gaps
