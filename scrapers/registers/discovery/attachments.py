"""Links to documents on a page of the source: their URLs, labels and months."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

from scrapers.errors import AnnouncementError
from scrapers.http.addresses import BEIAN_URL, CAC_URL, Source
from scrapers.registers.discovery.wording import list_month

LABEL_PARAMETER = "fText"
DOCUMENT_PARAMETER = "filepath"
_DOWNLOAD = "downloadfile.jsp"
_FILE = re.compile(r"\.(docx?|pdf|xlsx?|wps|et|ofd|zip|rar|csv)$", re.IGNORECASE)
_PAGE = re.compile(r"^javascript:|\.[sj]?html?$|(^|/)[^./]*$", re.IGNORECASE)


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
        return Attachment(self.address(page_url, source), self.labels[0], _month(self.labels))

    def address(self, page_url: str, source: Source) -> str:
        """The URL that the link leads to. Raises RefusedAddressError if it is not of the source."""
        return source.resolve(_on_configured_host(self.href.strip(), source), page_url)

    @property
    def is_file(self) -> bool:
        """Whether the link leads to a file, by its path."""
        return self._path.endswith(_DOWNLOAD) or _FILE.search(self._path) is not None

    @property
    def is_page(self) -> bool:
        """Whether the link leads to a page, a place on a page, or a script."""
        return not self.is_file and _PAGE.search(self._path) is not None

    @property
    def _path(self) -> str:
        return self.href.partition("?")[0].partition("#")[0].strip()


def links_in(soup: BeautifulSoup, is_wanted: Callable[[str], bool]) -> Iterator[Link]:
    """The links with a label for which `is_wanted` returns True, in page order.

    Editors split the text of a link: if no part is wanted, the whole is tried.
    """
    anchors = soup.find_all("a", href=True)
    for href, group in groupby(anchors, key=lambda anchor: str(anchor["href"])):
        parts = list(group)
        found = [labels for part in parts if (labels := tuple(filter(is_wanted, _labels(part))))]
        whole = "".join(part.get_text(strip=True) for part in parts)
        if not found and is_wanted(whole):
            found = [(whole,)]
        for labels in found:
            yield Link(href, labels)


def _on_configured_host(href: str, source: Source) -> str:
    """A link to one of the official hosts, which the page of a mirror may contain."""
    for official, configured in ((CAC_URL, source.cac_url), (BEIAN_URL, source.beian_url)):
        host = re.escape(official.partition("//")[2])
        if found := re.match(f"(?:https?:)?//{host}/", href):
            return f"{configured}/{href[found.end() :]}"
    return href


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
        raise AnnouncementError(
            f"the label {labels[0]!r} names no month",
            remedy="Open it. If it is a list, add the wording to scrapers/registers/discovery",
        )
    if len(months) > 1:
        raise AnnouncementError(f"the labels of a link name different months: {list(labels)}")
    return months.pop()
