"""The lines of text above each table of a .pdf document that name the layout of the table."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from scrapers.documents.headings import Headings
from scrapers.documents.pdf.page import PageContent
from scrapers.documents.pdf.text_lines import Line, lines_on
from scrapers.documents.titles import is_title

TablePlace = tuple[int, int]
"""A page number, and the index of a table on the page."""


def titles_above(
    pages: Sequence[PageContent], headings: Headings
) -> Mapping[TablePlace, list[str]]:
    """The titles above each table: on its page, or below the last table of the page before.

    A running header or footer, which every page repeats, is not a title. A document whose tables
    all have one layout has no titles.
    """
    found: dict[TablePlace, list[str]] = defaultdict(list)
    if not headings.are_several:
        return found
    titles = {
        page.number: [line for line in lines_on(page) if is_title(line.text, headings)]
        for page in pages
    }
    times = Counter(
        position for lines in titles.values() for position in {line.position for line in lines}
    )
    with_table = sum(bool(page.tables) for page in pages)
    # Titles whose table is on the next page.
    waiting: list[str] = []
    for page in pages:
        if page.tables:
            found[page.number, 0], waiting = waiting, []
        for line in titles[page.number]:
            if 1 < with_table <= times[line.position]:
                continue
            below = _table_below(line, page)
            titles_there = waiting if below is None else found[page.number, below]
            titles_there.append(line.text)
    return found


def _table_below(line: Line, page: PageContent) -> int | None:
    tables = enumerate(page.tables)
    return next((number for number, item in tables if item.ruled.box.top >= line.base), None)
