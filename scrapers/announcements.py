"""An announcement page: which batch it publishes, and where the list's document is."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from bs4 import BeautifulSoup, Tag

from scrapers.errors import AnnouncementError, located
from scrapers.http import Source
from scrapers.wording import BATCH_TITLE, LIST_LABEL, batch_ordinal, list_month

LABEL_PARAMETER = "fText"


@dataclass(frozen=True)
class AnnouncementPage:
    """What the page of one batch says. `list_month` is `YYYY-MM`, from the attachment's label."""

    batch_no: int
    title: str
    list_url: str
    label: str
    list_month: str


def read_announcement_page(content: bytes, page_url: str, source: Source) -> AnnouncementPage:
    """Read the HTML of an announcement page.

    Raises AnnouncementError when it announces no batch, or does not link to exactly one list.
    """
    try:
        soup = BeautifulSoup(content, "lxml")
    except ValueError as error:  # bytes that name an encoding which cannot be one
        raise AnnouncementError(f"the page cannot be read ({error})", url=page_url) from error
    title = _title(soup, page_url)
    links = {
        source.resolve(anchor["href"], page_url): label
        for anchor in soup.find_all("a", href=True)
        if LIST_LABEL in (label := _label(anchor))
    }
    if len(links) != 1:
        raise AnnouncementError(
            f"the page links to {len(links)} lists ({LIST_LABEL}), not to one",
            url=page_url,
            remedy="Open the page: its layout may have changed",
        )
    (list_url, label), *_ = links.items()
    month = list_month(label)
    if month is None:
        raise AnnouncementError(f"the label {label!r} names no month", url=page_url)
    # Only the first batch's title goes without an ordinal.
    with located(url=page_url):
        batch_no = batch_ordinal(title) or 1
    return AnnouncementPage(batch_no, title, list_url, label, month)


def _title(soup: BeautifulSoup, page_url: str) -> str:
    # The <h1> first: the <title> has the office's name appended.
    candidates = [
        element.get_text(" ", strip=True)
        for name in ("h1", "title")
        for element in soup.find_all(name)
    ]
    titles = [text for text in candidates if BATCH_TITLE in text]
    if not titles:
        shown = " / ".join(text for text in candidates if text) or "no title"
        raise AnnouncementError(
            f"the page is titled {shown!r} and announces no batch ({BATCH_TITLE})", url=page_url
        )
    return titles[0]


def _label(anchor: Tag) -> str:
    """The label of a link: its address carries it, and mostly its text too."""
    # Not urlsplit: a page may link to what is no address at all, and that is not our affair.
    query = parse_qs(str(anchor["href"]).partition("?")[2].partition("#")[0])
    labels = (*query.get(LABEL_PARAMETER, []), anchor.get_text(strip=True))
    return next((label for label in labels if LIST_LABEL in label), labels[0])
