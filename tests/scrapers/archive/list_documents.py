"""A filing list as a .docx document."""

from collections.abc import Iterable

from tests.support.docx_builder import HEADINGS, make_docx, make_filing_cells, row, table


def make_list_document(numbers: Iterable[int] = (1, 2), note: str = "") -> bytes:
    """A list with one row per number; the first row has the note."""
    first, *others = numbers
    cells = [make_filing_cells(first, note), *map(make_filing_cells, others)]
    return make_docx(table(row(*HEADINGS), *(row(*texts) for texts in cells)))
