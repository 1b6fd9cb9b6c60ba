"""Parser of announcement pages: the batch of a page, and the link to its list."""

from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import BeautifulSoup

from scrapers.errors import AnnouncementError, located, shortened
from scrapers.http.addresses import Source
from scrapers.http.html_text import decoded_html
from scrapers.http.responses import Fetched
from scrapers.registers.discovery.attachments import Attachment, links_in
from scrapers.registers.discovery.notice_titles import BATCH_TITLE, is_batch_title
from scrapers.registers.discovery.wording import (
    LIST_LABEL,
    batch_ordinal,
    is_list_label,
)


@dataclass(frozen=True)
class AnnouncementPage:
    """The content of a batch's page. `list_month` (YYYY-MM) is from the label of its attachment."""

    batch_no: int
    title: str
    list_url: str
    label: str
    list_month: str


def read_announcement_page(
    content: bytes, page_url: str, source: Source, content_type: str = ""
) -> AnnouncementPage:
    """Parse the HTML of an announcement page; `content_type` is the Content-Type header.

    Raises AnnouncementError if the page cannot be decoded, announces no batch, or does not link to
    exactly one list. Two links to the same document count as one.
    """
    with located(url=page_url):
        soup = BeautifulSoup(decoded_html(content, content_type), "lxml")
        title, batch_no = _batch(soup)
        link = _one_list(
            link.attachment(page_url, source) for link in links_in(soup, is_list_label)
        )
    return AnnouncementPage(batch_no, title, link.url, link.label, link.month)


def announces_batch(fetched: Fetched) -> bool:
    """Whether a response is the page of a batch, by its title."""
    try:
        soup = BeautifulSoup(decoded_html(fetched.content, fetched.content_type), "lxml")
    except AnnouncementError:
        return False
    return any(map(is_batch_title, _titles(soup)))


def _batch(soup: BeautifulSoup) -> tuple[str, int]:
    """The title of the page, and the number of the batch that it announces."""
    candidates = _titles(soup)
    titles = [title for title in candidates if is_batch_title(title)]
    if not titles:
        shown = " / ".join(map(shortened, candidates)) or "no title"
        raise AnnouncementError(
            f"the page is titled {shown!r}, and announces no batch ({BATCH_TITLE})"
        )
    numbers = {number for title in titles if (number := batch_ordinal(title)) is not None}
    if len(numbers) > 1:
        raise AnnouncementError(f"the titles of the page name different batches: {titles}")
    # Only the title of the first batch has no ordinal.
    return titles[0], next(iter(numbers), 1)


def _titles(soup: BeautifulSoup) -> list[str]:
    """The titles of a page, the <h1> first, because <title> ends with the name of the office."""
    elements = (element for name in ("h1", "title") for element in soup.find_all(name))
    return [text for element in elements if (text := element.get_text(" ", strip=True))]


def _one_list(links: Iterable[Attachment]) -> Attachment:
    by_document: dict[tuple[str, str], Attachment] = {}
    for link in links:
        known = by_document.setdefault(link.document, link)
        if known.month != link.month:
            raise AnnouncementError(
                f"the page links to the same document as {known.label!r} and as {link.label!r}"
            )
    if len(by_document) != 1:
        found = ", ".join(f"{link.label} ({link.url})" for link in by_document.values())
        raise AnnouncementError(
            f"the page must link to one list, but links to {len(by_document)} "
            f"({found or LIST_LABEL})",
            remedy="Open the page: its layout may have changed",
        )
    return next(iter(by_document.values()))
