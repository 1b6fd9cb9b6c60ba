"""Links to documents on a page of the source: their URLs, labels and months."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

from scrapers.errors import AnnouncementError
from scrapers.http.addresses import Source
from scrapers.registers.discovery.wording import list_month

LABEL_PARAMETER = "fText"
DOCUMENT_PARAMETER = "filepath"


@dataclass(frozen=True)
class Attachment:
    """A linked document: its URL, its label, and the month (YYYY-MM) in the label."""

    url: str
    label: str
    month: str

    @property
    def document(self) -> tuple[str, str]:
        """An identifier that is the same in all URLs of a document: path and file, or the query."""
        parts = urlsplit(self.url)
        files = parse_qs(parts.query).get(DOCUMENT_PARAMETER)
        return parts.path, files[0] if files else parts.query


@dataclass(frozen=True)
class Link:
    """A link, and those of its labels that were asked for."""

    href: str
    labels: tuple[str, ...]

    def attachment(self, page_url: str, source: Source) -> Attachment:
        """The document that the link on a page leads to.

        Raises RefusedAddressError if it is not part of the source, and AnnouncementError if its
        labels name no month, or different months.
        """
        return Attachment(source.resolve(self.href, page_url), self.labels[0], _month(self.labels))


def links_in(soup: BeautifulSoup, is_wanted: Callable[[str], bool]) -> Iterator[Link]:
    """The links with a label for which `is_wanted` returns True, in page order."""
    for anchor in soup.find_all("a", href=True):
        if labels := tuple(filter(is_wanted, _labels(anchor))):
            yield Link(str(anchor["href"]), labels)


def _labels(anchor: Tag) -> list[str]:
    """The labels of a link: one in its URL, and its text, which is usually the same."""
    # Not urlsplit, which raises ValueError for the invalid URLs that a page may contain.
    query = str(anchor["href"]).partition("?")[2].partition("#")[0]
    # Pages in GBK also encode their URLs in GBK.
    decoded = (parse_qs(query, encoding=encoding) for encoding in ("utf-8", "gb18030"))
    in_address = [label for fields in decoded for label in fields.get(LABEL_PARAMETER, [])]
    return [*in_address, anchor.get_text(strip=True)]


def _month(labels: Sequence[str]) -> str:
    """The month in the labels of a link. Raises AnnouncementError if there is none or several."""
    months = {month for label in labels if (month := list_month(label)) is not None}
    if not months:
        raise AnnouncementError(f"the label {labels[0]!r} names no month")
    if len(months) > 1:
        raise AnnouncementError(f"the labels of a link name different months: {list(labels)}")
    return months.pop()
