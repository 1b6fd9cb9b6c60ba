"""Titles above tables, which name the layouts of the tables, such as 已登记.

Only documents with several layouts have titles that matter. A title is a short line: a row with one
cell in the table, or a line of text outside the tables. Sentences and notes are not titles.
"""

import re
from collections.abc import Sequence

from scrapers.documents.cells import CellRow
from scrapers.documents.headings import Headings
from scrapers.documents.layout import TableLayout
from scrapers.fields.text_keys import matching_key

# The longest known title has some 40 characters.
MAX_TITLE = 80
_NOTE = re.compile("(?:备?注|说明|以上|上述|上表)|.*。")


def layouts_named_in(text: str, headings: Headings) -> tuple[TableLayout, ...]:
    """The layouts that a title names; none if the text is not a title."""
    if not headings.are_several or len(text) > MAX_TITLE:
        return ()
    key = matching_key(text)
    if _NOTE.match(key):
        return ()
    return tuple(
        layout for layout in headings.layouts if layout.title and re.search(layout.title, key)
    )


def is_title(text: str, headings: Headings) -> bool:
    """Whether a line of text names the layout of the table below it."""
    return bool(layouts_named_in(text, headings))


def title_row(text: str) -> CellRow:
    """A line of text above a table as a row with one cell."""
    return CellRow((text,), (0,))


def titles_among(rows: Sequence[CellRow], headings: Headings) -> dict[int, str]:
    """The rows of a table that are titles, by index.

    A title is one cell that names a layout, or any one cell above headings. Above headings, the row
    of a title that names a layout may have other cells, if they are empty.
    """
    found: dict[int, str] = {}
    if not headings.are_several:
        return found
    is_above_headings = False
    for number in range(len(rows) - 1, -1, -1):
        texts = [text for text in rows[number].texts if text]
        if not texts:
            continue
        if headings.is_heading_row(rows[number]):
            is_above_headings = True
        elif len(texts) == 1 and _is_title_row(rows[number], texts[0], is_above_headings, headings):
            found[number] = texts[0]
        else:
            is_above_headings = False
    return found


def _is_title_row(row: CellRow, text: str, is_above_headings: bool, headings: Headings) -> bool:
    if len(row.texts) == 1 and is_above_headings:
        return True
    return (len(row.texts) == 1 or is_above_headings) and is_title(text, headings)
