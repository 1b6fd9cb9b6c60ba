"""The tables of a .docx document, read with lxml straight out of the zip.

package   the zip: the main part and the styles, bounded and hardened
markup    WordprocessingML's names, in both namespaces, and what may be ignored
tables    tables → rows of texts, with tracked changes accepted
columns   the table's grid: where its columns end
merges    cells merged to the right and downwards
runs      the text of a cell: every element that a run can hold
fields    fields without a stored result (EQ)
symbols   w:sym: signs of symbol fonts

python-docx reads w:t alone and is slower by a factor.
"""

from collections.abc import Sequence

from scrapers.documents.cells import Table
from scrapers.documents.docx.package import read_package
from scrapers.documents.docx.tables import read_tables
from scrapers.documents.headings import Headings
from scrapers.documents.layout import TableLayout


def docx_tables(content: bytes, layouts: Sequence[TableLayout]) -> list[Table]:
    """Every table of the document, in order, as it shows with all tracked changes accepted.

    Raises DocumentError when the zip or its XML is damaged or hostile, or holds an element in a
    table that this reader does not know; TableError for a table inside a table's cell.
    """
    return read_tables(read_package(content), Headings(layouts))


__all__ = ["docx_tables"]
