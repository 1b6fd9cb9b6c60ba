"""Announcements of numbered batches: their pages, and which batches are missing.

A batch may have several pages. Old announcements disappear from the notice list, so they are also
taken from the archive. The first batch has never been on the list.
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
from scrapers.registers.discovery.wording import MAX_ORDINALS_AHEAD, implausible_ordinals

FIRST_BATCH_PATH = "/2023-06/20/c_1688910683316256.htm"
PAGE_PATH = regex(r"/([0-9]{4})-([0-9]{2})/([0-9]{2})/c_[0-9]+\.html?")

Batches = Mapping[int, Document]


def batch_key(batch_no: int) -> str:
    """The key of a batch: its ordinal with three digits."""
    return f"{batch_no:03d}"


def batch_label(batch_no: int) -> str:
    """The name of a batch in messages, such as "batch 011"."""
    return f"batch {batch_key(batch_no)}"


def batch_at(batch_no: int, page_url: str) -> Document:
    """The batch announced on a page, whose URL contains the date of publication.

    Raises NoticeListError for any other URL.
    """
    match = PAGE_PATH.fullmatch(urlsplit(page_url).path)
    label = batch_label(batch_no)
    if not match:
        raise NoticeListError(
            f"{page_url!r} is not the URL of an announcement page (/YYYY-MM/DD/c_<digits>.htm)",
            document=label,
        )
    year, month, day = (int(part) for part in match.groups())
    try:
        published_on = date(year, month, day)
    except ValueError as error:
        raise NoticeListError(
            f"{page_url!r} contains no valid date ({error})", document=label
        ) from error
    return Document(batch_key(batch_no), published_on, page_urls=(page_url,))


def first_batch(source: Source) -> Document:
    """The announcement of batch 1, whose page is known, but on no list."""
    return batch_at(1, source.cac_url + FIRST_BATCH_PATH)


def merge(known: Document | None, found: Document) -> Document:
    """One batch from two notices; the page published first comes first."""
    if known is None or known.page_urls == found.page_urls:
        return found if known is None else known
    batch_no = int(found.key)
    first, *others = sorted(
        {*known.page_urls, *found.page_urls},
        key=lambda url: (batch_at(batch_no, url).published_on, url),
    )
    return replace(batch_at(batch_no, first), page_urls=(first, *others))


def archived_batches(archived: Mapping[str, Version], source: Source) -> list[Document]:
    """The batches in the archive, with their pages on the base URLs configured now.

    They count as listed, because their pages remain after the list drops them. A page that
    disappears is reported.
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
    """The keys of batches that the source announced with a wrong ordinal and corrected later.

    Such a batch has the same page as another batch, whose list was fetched later.
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
    """Every announced batch: those on the list, batch 1, and those in the archive.

    The list is newer than the archive, so it takes precedence. A batch in the archive whose page
    the list now announces with another ordinal had a wrong ordinal, and is left out.
    """
    known = {1: first_batch(source)}
    on_list = {url: item for item in listed.values() for url in item.page_urls}
    for batch in archived:
        now = on_list.get(batch.page_urls[0], batch)
        if now.key == batch.key:
            known[int(batch.key)] = batch
    known.update(listed)
    return dict(sorted(known.items()))


def plausible_batches(
    listed: Batches, archived: Iterable[int]
) -> tuple[Batches, list[NoticeListError]]:
    """The listed batches with a plausible ordinal, and a problem for each of the others.

    An ordinal that is far above all others is implausible. `archived` are the ordinals of the
    batches in the archive.
    """
    archived = list(archived)
    refused = implausible_ordinals(listed, archived)
    kept = {no: item for no, item in listed.items() if no not in refused}
    highest = max([*kept, *archived], default=0)
    problems = [
        NoticeListError(
            f"the ordinal of the announced batch, {no}, is more than {MAX_ORDINALS_AHEAD} above "
            f"the highest known, {highest}",
            document=batch_label(no),
            url=listed[no].address,
            remedy="The batch is skipped until the source corrects its ordinal",
        )
        for no in refused
    ]
    return kept, problems


def gaps_in(batch_nos: Iterable[int]) -> list[str]:
    """The missing ordinals below the highest one, as ranges: 002, 004 to 009.

    A gap suggests that an announcement was not recognised.
    """
    gaps = []
    expected = 1
    for number in sorted(set(batch_nos)):
        if number > expected:
            first, last = batch_key(expected), batch_key(number - 1)
            gaps.append(first if first == last else f"{first} to {last}")
        expected = number + 1
    return gaps
