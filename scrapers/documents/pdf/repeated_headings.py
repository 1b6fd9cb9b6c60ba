"""Headings that are repeated on each page of a table."""

from itertools import islice

from scrapers.documents.cells import are_same_edges
from scrapers.documents.pdf.page import PageRow
from scrapers.fields.text_keys import matching_key


def are_same_heading(head: PageRow, row: PageRow) -> bool:
    """Whether a row has the columns and the texts of a heading row."""
    return are_same_edges(head.ends, row.ends) and all(
        matching_key(a) == matching_key(b) for a, b in zip(head.texts, row.texts, strict=True)
    )


def without_heading(row: PageRow, heading: PageRow) -> PageRow:
    """Remove the repeated headings from the cells of a page's first row.

    Some writers draw no line between the repeated headings and the row below them.
    """
    if row is heading or not are_same_edges(row.ends, heading.ends):
        return row
    texts = [
        _without_start(text, start) for text, start in zip(row.texts, heading.texts, strict=True)
    ]
    if None in texts or not any(texts):
        return row
    return row._replace(texts=tuple(text or "" for text in texts))


def _without_start(text: str, start: str) -> str | None:
    """Return the text after `start`, or None if the text does not begin with it."""
    key = matching_key(start)
    if not matching_key(text).startswith(key):
        return None
    # Apart from blanks and combining marks, `start` has no more characters than its key.
    characters = (place for place, character in enumerate(text, 1) if not character.isspace())
    places = (0, *islice(characters, 2 * len(key) + 8))
    cut = next((place for place in places if matching_key(text[:place]) == key), None)
    return None if cut is None else text[cut:].lstrip()
