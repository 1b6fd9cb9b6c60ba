"""Checks that no row lies outside the tables.

Titles are allowed before the first table and above a table that has headings, on its page or at the
end of the page before; a signature and a date are allowed below the last table. Pages may have page
numbers and running headers or footers. None of these contains the key of a row or is aligned with
the columns. Any other text raises an error, because it may be part of the list that no lines
enclose.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from scrapers.documents.cells import Table
from scrapers.documents.headings import Headings
from scrapers.documents.layout import KeyGrammar
from scrapers.documents.pdf.marks import Glyph
from scrapers.documents.pdf.page import PageContent
from scrapers.documents.pdf.text_lines import (
    Line,
    is_header_or_footer,
    is_signature,
    is_title,
    is_title_before_page,
    is_title_page,
    lines_on,
)
from scrapers.errors import DocumentError, on_page, shortened

# A picture larger than this share of the page may be a scanned part of the list.
_LARGE_PICTURE = 0.2
# More curved shapes than this on a page without text are letters drawn as shapes.
_DRAWN_LETTERS = 50


def refuse_rows_outside(
    pages: Sequence[PageContent], tables: Sequence[Table], headings: Headings
) -> None:
    """Raise DocumentError, with the page, for text that may belong to the list but is in no row."""
    lines = {page.number: lines_on(page) for page in pages}
    repeated = Counter(
        position for found in lines.values() for position in {line.position for line in found}
    )
    with_table = [page for page in pages if page.tables]
    known = {grammar: _keys_in(tables, grammar) for grammar in headings.grammars}
    for page, next_page in zip_longest(pages, pages[1:]):
        with on_page(page.number):
            for grammar, keys in known.items():
                _refuse_keys(page, lines[page.number], grammar, keys)
            _refuse_pictures(page)
            own = [
                line
                for line in lines[page.number]
                if not is_header_or_footer(line, page, repeated)
                and not is_title_before_page(line, page, next_page, headings)
            ]
            _refuse_text(page, own, with_table[0], with_table[-1], headings)


def _refuse_text(
    page: PageContent,
    lines: Sequence[Line],
    first: PageContent,
    last: PageContent,
    headings: Headings,
) -> None:
    """Raise DocumentError for a line that is neither a title nor a signature.

    `first` and `last` are the first and the last page with a table.
    """
    if page.number < first.number and is_title_page(lines, first.tables[0]):
        return
    for line in lines:
        if is_title(line, page, first.number, headings):
            continue
        if not is_signature(line, page, last.number):
            where = "text outside the table" if page.tables else "text on a page without a table"
            raise DocumentError(
                f"{where}: {shortened(line.text)!r}",
                remedy="It may be part of the list that no lines enclose",
            )


def _refuse_keys(
    page: PageContent, lines: Sequence[Line], grammar: KeyGrammar, known: set[str]
) -> None:
    """Raise DocumentError for a key, visible or hidden, whole or cut off, that is in no row."""
    for where, text in _texts_without_cell(page, lines):
        for part in grammar.keys_or_parts_in(text):
            if next(iter(grammar.keys_in(part)), None) not in known:
                raise DocumentError(
                    f"the {grammar.noun} {part} {where}, but in no row",
                    remedy="Check the page: a row may be hidden or outside the lines of the table",
                )


def _texts_without_cell(page: PageContent, lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Yield the text in no cell: in painting order, by line, and by column for wrapped keys."""
    outside = "is outside the table"
    yield outside, _as_printed(page.outside)
    yield outside, "".join(line.text for line in lines)
    for table in page.tables:
        columns: dict[int, list[Glyph]] = defaultdict(list)
        for line in lines:
            for glyph in line.glyphs:
                columns[bisect_right(table.ruled.xs, glyph.centre[0])].append(glyph)
        for glyphs in columns.values():
            yield outside, _as_printed(glyphs)
    yield "is in rotated text", _as_printed(page.rotated_outside)
    yield "is in text that is hidden, slanted or a watermark", _as_printed(page.excluded)
    for annotation in page.annotations:
        yield "is in a comment or form field", annotation


def _as_printed(glyphs: Iterable[Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs)


def _keys_in(tables: Sequence[Table], grammar: KeyGrammar) -> set[str]:
    texts = (text for table in tables for row in table for text in row.texts)
    return {key for text in texts for key in grammar.keys_in(text)}


def _refuse_pictures(page: PageContent) -> None:
    """Raise DocumentError for pictures and shapes that may be part of the list."""
    remedy = "Scanned or drawn pages cannot be read. Ask for the original document"
    rows = [row for table in page.tables for row in table.rows]
    has_text = any(text.strip() for row in rows for text in row.texts)
    if page.tables and not has_text:
        raise DocumentError("a table has no text", remedy=remedy)
    if not has_text and not page.outside and page.curves > _DRAWN_LETTERS:
        raise DocumentError("the page has shapes but no text", remedy=remedy)
    boxes = [table.ruled.box for table in page.tables]
    for picture in page.pictures:
        is_large = picture.common(page.box).area >= _LARGE_PICTURE * page.box.area
        if is_large and not any(picture.common(box).area > 0 for box in boxes):
            raise DocumentError("a picture may be part of the list", remedy=remedy)
