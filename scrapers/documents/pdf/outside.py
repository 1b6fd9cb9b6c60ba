"""Nothing outside of the tables may be a row.

A title may be on a page before the first table or above one that has headings, a signature and a
date below the last one; a page has a number, and perhaps lines that other pages have in the same
position. None of these holds the key of a row or begins where the cells of a column do. All else stops
the reading: it may be a part of the list that no lines enclose.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

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
    is_title_page,
    lines_on,
)
from scrapers.errors import DocumentError, on_page, shortened

# A picture over this share of a page may be a scanned part of the list.
_LARGE_PICTURE = 0.2
# So many curved shapes on a page without a word are letters rotated into drawings.
_DRAWN_LETTERS = 50


def refuse_rows_outside(
    pages: Sequence[PageContent], tables: Sequence[Table], headings: Headings
) -> None:
    """Raise DocumentError, with the page, for words that may be of the list and are in no row."""
    lines = {page.number: lines_on(page) for page in pages}
    repeated = Counter(
        position for found in lines.values() for position in {line.position for line in found}
    )
    with_table = [page for page in pages if page.tables]
    known = {grammar: _keys_in(tables, grammar) for grammar in headings.grammars}
    for page in pages:
        with on_page(page.number):
            for grammar, keys in known.items():
                _refuse_keys(page, lines[page.number], grammar, keys)
            _refuse_pictures(page)
            own = [
                line for line in lines[page.number] if not is_header_or_footer(line, page, repeated)
            ]
            _refuse_words(page, own, with_table[0], with_table[-1], headings)


def _refuse_words(
    page: PageContent,
    lines: Sequence[Line],
    first: PageContent,
    last: PageContent,
    headings: Headings,
) -> None:
    """Stop at a line that is neither title nor signature; `first` and `last` have tables."""
    if page.number < first.number and is_title_page(lines, first.tables[0]):
        return
    for line in lines:
        if is_title(line, page, first.number, headings):
            continue
        if not is_signature(line, page, last.number):
            where = "words outside of the table" if page.tables else "words, but no table"
            raise DocumentError(
                f"{where}: {shortened(line.text)!r}",
                remedy="They may be a part of the list that no lines enclose",
            )


def _refuse_keys(
    page: PageContent, lines: Sequence[Line], grammar: KeyGrammar, known: set[str]
) -> None:
    """Stop at a key of the page that is in no row: seen or not, whole or cut off."""
    for where, text in _texts_without_cell(page, lines):
        for part in grammar.keys_or_parts_in(text):
            if next(iter(grammar.keys_in(part)), None) not in known:
                raise DocumentError(
                    f"the {grammar.noun} {part} {where}, but in no row",
                    remedy="A row may be outside of the table's lines, or hidden: look at the page",
                )


def _texts_without_cell(page: PageContent, lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The texts in no cell: as printed, by line and, for a key over several lines, by column."""
    outside = "is outside of the table"
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
    """Stop at what may be a part of the list as a picture or as drawn letters."""
    remedy = "Scanned or drawn pages cannot be read: ask for the document itself"
    rows = [row for table in page.tables for row in table.rows]
    has_words = any(text.strip() for row in rows for text in row.texts)
    if page.tables and not has_words:
        raise DocumentError("a table without a word", remedy=remedy)
    if not has_words and not page.outside and page.curves > _DRAWN_LETTERS:
        raise DocumentError("shapes, but no word", remedy=remedy)
    boxes = [table.ruled.box for table in page.tables]
    for picture in page.pictures:
        is_large = picture.common(page.box).area >= _LARGE_PICTURE * page.box.area
        if is_large and not any(picture.common(box).area > 0 for box in boxes):
            raise DocumentError("a picture where the list may go on", remedy=remedy)
