"""Links to documents on a page of the source: their addresses, labels and months."""

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
    """A link to a document: its address and label, and the month (YYYY-MM) in the label."""

    url: str
    label: str
    month: str

    @property
    def document(self) -> tuple[str, str]:
        """What is the same in every address of one document: path and file, or the whole query."""
        parts = urlsplit(self.url)
        files = parse_qs(parts.query).get(DOCUMENT_PARAMETER)
        return parts.path, files[0] if files else parts.query


@dataclass(frozen=True)
class Link:
    """A link with the wanted ones of its labels."""

    href: str
    labels: tuple[str, ...]

    def attachment(self, page_url: str, source: Source) -> Attachment:
        """The document that it leads to from a page.

        Raises RefusedAddressError where it leaves the source, AnnouncementError where its labels
        name no month or several.
        """
        return Attachment(source.resolve(self.href, page_url), self.labels[0], _month(self.labels))


def links_in(soup: BeautifulSoup, is_wanted: Callable[[str], bool]) -> Iterator[Link]:
    """The links of which a label is wanted, in the order of the page."""
    for anchor in soup.find_all("a", href=True):
        if labels := tuple(filter(is_wanted, _labels(anchor))):
            yield Link(str(anchor["href"]), labels)


def _labels(anchor: Tag) -> list[str]:
    """The labels of a link: its address carries one, and mostly its text is the same."""
    # Not urlsplit: a page may link to what is not an address at all, and that does not matter.
    query = str(anchor["href"]).partition("?")[2].partition("#")[0]
    # Pages in GBK encode their addresses in it too.
    decoded = (parse_qs(query, encoding=encoding) for encoding in ("utf-8", "gb18030"))
    in_address = [label for fields in decoded for label in fields.get(LABEL_PARAMETER, [])]
    return [*in_address, anchor.get_text(strip=True)]


def _month(labels: Sequence[str]) -> str:
    """The month that the labels of one link name. Raises AnnouncementError where they differ."""
    months = {month for label in labels if (month := list_month(label)) is not None}
    if not months:
        raise AnnouncementError(f"the label {labels[0]!r} names no month")
    if len(months) > 1:
        raise AnnouncementError(f"the labels of one link name different months: {list(labels)}")
    return months.pop()
