"""An announcement page: which batch it publishes, and where the list's document is."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

from scrapers.errors import AnnouncementError, located, shortened
from scrapers.http.addresses import Source
from scrapers.http.answers import Fetched
from scrapers.registers.discovery.html_text import decoded_html
from scrapers.registers.discovery.notice_titles import BATCH_TITLE, is_batch_title
from scrapers.registers.discovery.wording import (
    LIST_LABEL,
    batch_ordinal,
    is_list_label,
    list_month,
)

LABEL_PARAMETER = "fText"
DOCUMENT_PARAMETER = "filepath"


@dataclass(frozen=True)
class AnnouncementPage:
    """What the page of one batch says. `list_month` is `YYYY-MM`, from the attachment's label."""

    batch_no: int
    title: str
    list_url: str
    label: str
    list_month: str


@dataclass(frozen=True)
class ListLink:
    """A link to a list: its address and label, and the month that the label names."""

    url: str
    label: str
    month: str

    @property
    def document(self) -> tuple[str, str]:
        """What is the same in every address of one document: path and file, or the whole query."""
        parts = urlsplit(self.url)
        files = parse_qs(parts.query).get(DOCUMENT_PARAMETER)
        return parts.path, files[0] if files else parts.query


def read_announcement_page(
    content: bytes, page_url: str, source: Source, content_type: str = ""
) -> AnnouncementPage:
    """Read the HTML of an announcement page; `content_type` is the header of that name.

    Raises AnnouncementError when it cannot be decoded, announces no batch, or does not link to
    exactly one list. The same document linked twice is one list.
    """
    with located(url=page_url):
        soup = BeautifulSoup(decoded_html(content, content_type), "lxml")
        title, batch_no = _batch(soup)
        link = _one_list(_list_links(soup, page_url, source))
    return AnnouncementPage(batch_no, title, link.url, link.label, link.month)


def announces_batch(fetched: Fetched) -> bool:
    """True for an answer that is the page of some batch, by its title."""
    try:
        soup = BeautifulSoup(decoded_html(fetched.content, fetched.content_type), "lxml")
    except AnnouncementError:
        return False
    return any(map(is_batch_title, _titles(soup)))


def _batch(soup: BeautifulSoup) -> tuple[str, int]:
    """The title of the page, and the batch that it announces."""
    candidates = _titles(soup)
    titles = [title for title in candidates if is_batch_title(title)]
    if not titles:
        shown = " / ".join(map(shortened, candidates)) or "no title"
        raise AnnouncementError(
            f"the page is titled {shown!r} and announces no batch ({BATCH_TITLE})"
        )
    numbers = {number for title in titles if (number := batch_ordinal(title)) is not None}
    if len(numbers) > 1:
        raise AnnouncementError(f"the titles of the page name several batches: {titles}")
    # Only the first batch's title goes without an ordinal.
    return titles[0], next(iter(numbers), 1)


def _titles(soup: BeautifulSoup) -> list[str]:
    """The titles of a page, the <h1> first: the <title> has the office's name appended."""
    elements = (element for name in ("h1", "title") for element in soup.find_all(name))
    return [text for element in elements if (text := element.get_text(" ", strip=True))]


def _list_links(soup: BeautifulSoup, page_url: str, source: Source) -> Iterable[ListLink]:
    for anchor in soup.find_all("a", href=True):
        labels = list(filter(is_list_label, _labels(anchor)))
        if labels:
            yield ListLink(source.resolve(anchor["href"], page_url), labels[0], _month(labels))


def _labels(anchor: Tag) -> list[str]:
    """The labels of a link: its address carries one, and mostly its text is the same."""
    # Not urlsplit: a page may link to what is not an address at all, and that does not matter.
    query = str(anchor["href"]).partition("?")[2].partition("#")[0]
    # Pages in GBK encode their addresses in it too.
    readings = (parse_qs(query, encoding=encoding) for encoding in ("utf-8", "gb18030"))
    in_address = [label for reading in readings for label in reading.get(LABEL_PARAMETER, [])]
    return [*in_address, anchor.get_text(strip=True)]


def _month(labels: list[str]) -> str:
    """The month that the labels of one link name. Raises AnnouncementError where they differ."""
    months = {month for label in labels if (month := list_month(label)) is not None}
    if not months:
        raise AnnouncementError(f"the label {labels[0]!r} names no month")
    if len(months) > 1:
        raise AnnouncementError(f"the labels of one link name different months: {labels}")
    return months.pop()


def _one_list(links: Iterable[ListLink]) -> ListLink:
    by_document: dict[tuple[str, str], ListLink] = {}
    for link in links:
        known = by_document.setdefault(link.document, link)
        if known.month != link.month:
            raise AnnouncementError(
                f"the page links to one document as {known.label!r} and as {link.label!r}"
            )
    if len(by_document) != 1:
        found = ", ".join(f"{link.label} ({link.url})" for link in by_document.values())
        raise AnnouncementError(
            f"the page links to {len(by_document)} lists ({found or LIST_LABEL}), not to one",
            remedy="Open the page: its layout may have changed",
        )
    return next(iter(by_document.values()))
