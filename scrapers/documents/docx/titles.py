"""The paragraphs above each table of a .docx document that name the layout of the table."""

from collections.abc import Iterator, Sequence

from lxml import etree

from scrapers.documents.docx import markup
from scrapers.documents.docx.markup import KINDS
from scrapers.documents.docx.package import Package
from scrapers.documents.headings import Headings
from scrapers.documents.titles import is_title


def titles_above(
    package: Package, tables: Sequence[etree._Element], headings: Headings
) -> list[list[str]]:
    """The titles between each table and the one before it, in order.

    A document whose tables all have one layout has none.
    """
    if not headings.are_several:
        return [[] for _ in tables]
    found: dict[etree._Element, list[str]] = {table: [] for table in tables}
    # The texts of the runs of each paragraph since the table above.
    paragraphs: list[list[str]] = []
    for element in _shown_outside(package.body, found):
        if element in found:
            texts = map("".join, paragraphs)
            found[element] = [text for text in texts if is_title(text, headings)]
            paragraphs = []
        elif KINDS.get(element.tag) == "p":
            paragraphs.append([])
        elif element.tag in markup.TEXT_TAGS and paragraphs:
            paragraphs[-1].append(element.text or "")
    return list(found.values())


def _shown_outside(
    element: etree._Element, tables: dict[etree._Element, list[str]]
) -> Iterator[etree._Element]:
    """The elements that the document shows, without those inside the tables."""
    waiting = [element]
    while waiting:
        element = waiting.pop()
        yield element
        if element not in tables:
            waiting.extend(reversed(markup.shown_children(element)))
