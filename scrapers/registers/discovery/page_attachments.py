"""Discovery from one page that the source keeps updating: its attachments, by label and month."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from bs4 import BeautifulSoup

from scrapers.archive.sidecar import Version
from scrapers.errors import AnnouncementError, FilingsError, located
from scrapers.http.addresses import Source
from scrapers.http.html_text import decoded_html
from scrapers.http.responses import Fetched
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Discovery, Document
from scrapers.registers.discovery.attachments import Attachment, links_in
from scrapers.registers.discovery.numbered_batches import MAX_PAGE_BYTES
from scrapers.registers.discovery.wording import title_key


def page_attachments(path: str, label: str) -> Callable[..., Discovery]:
    """A discovery function for the documents that a page links to with a label and a month.

    `path` is the path of the page on www.cac.gov.cn. `label` is a regular expression that must
    match a part of the normalised label. The key of a document is its month (YYYY-MM). Documents in
    the archive are included even if the page no longer links to them.
    """
    return partial(_discover, path=path, label=re.compile(label))


def _discover(
    session: PoliteSession, archived: Mapping[str, Version], *, path: str, label: re.Pattern[str]
) -> Discovery:
    """Raises FetchError, and AnnouncementError if the page links to no such document."""
    url = session.source.cac_url + path
    answer = session.get(url, max_bytes=MAX_PAGE_BYTES)
    with located(url=url):
        attachments, problems = _attachments(answer, session, label)
    found, duplicates = _by_month(attachments)
    known = {
        key: _archived_document(key, version, session.source) for key, version in archived.items()
    }
    listed = {
        month: Document(
            month, url=item.url, page_urls=(answer.final_url,), label=item.label, month=month
        )
        for month, item in found.items()
    }
    return Discovery(dict(sorted({**known, **listed}.items())), (*problems, *duplicates))


def _attachments(
    answer: Fetched, session: PoliteSession, label: re.Pattern[str]
) -> tuple[list[Attachment], list[FilingsError]]:
    """The documents that the page links to, and a problem for each invalid link."""

    def is_wanted(text: str) -> bool:
        return label.search(title_key(text)) is not None

    soup = BeautifulSoup(decoded_html(answer.content, answer.content_type), "lxml")
    found: list[Attachment] = []
    problems: list[FilingsError] = []
    for link in links_in(soup, is_wanted):
        try:
            with located(url=answer.final_url):
                found.append(link.attachment(answer.final_url, session.source))
        except FilingsError as error:
            problems.append(error)
    if not found:
        raise next(iter(problems), _nothing_found(label))
    return found, problems


def _nothing_found(label: re.Pattern[str]) -> AnnouncementError:
    return AnnouncementError(
        f"the page links to no document with the label {label.pattern}",
        remedy="Open the page: its layout or its labels may have changed",
    )


def _by_month(
    attachments: Iterable[Attachment],
) -> tuple[dict[str, Attachment], list[FilingsError]]:
    """The first attachment of each month, and a problem for each further document of a month."""
    found: dict[str, Attachment] = {}
    problems: list[FilingsError] = []
    for item in attachments:
        known = found.setdefault(item.month, item)
        if known.document != item.document:
            problems.append(
                AnnouncementError(
                    f"the page links to two documents of {item.month}: {known.label!r} and "
                    f"{item.label!r}",
                    url=item.url,
                    remedy="The first is used. Review the second",
                )
            )
    return found, problems


def _archived_document(key: str, version: Version, source: Source) -> Document:
    """A document in the archive, with its URLs on the base URLs configured now."""
    facts = version.facts
    return Document(
        key,
        url=source.page_address(version.url),
        page_urls=(source.page_address(facts.page_url),) if facts.page_url else (),
        label=facts.label,
        month=facts.month,
        is_listed=False,
    )
