"""Read the tables of a .docx document with lxml, directly from the zip.

package    the zip: the main part and the styles, within limits
directory, other_zips, xml
           checks of the zip's directory, the kind of any other zip, and safe parsing of XML
markup     the element names of WordprocessingML, and what the reader does with each
tables     tables → rows of texts, with tracked changes accepted
titles     the paragraphs above a table that name its layout
columns    the grid of a table: the edges of its columns
merges     cells merged horizontally or vertically
runs       the text of a cell: every element that a run can contain
fields     fields without a stored result (EQ)
symbols    w:sym: characters of symbol fonts

python-docx reads only w:t, and is several times slower.
"""

from collections.abc import Sequence

from scrapers.documents.cells import Table
from scrapers.documents.docx.package import read_package
from scrapers.documents.docx.tables import read_tables
from scrapers.documents.headings import Headings
from scrapers.documents.layout import TableLayout


def docx_tables(content: bytes, layouts: Sequence[TableLayout]) -> list[Table]:
    """Every table of the document, in order, as it looks with all tracked changes accepted.

    Raises DocumentError if the zip or its XML is damaged or hostile, or if a table contains an
    unknown element; TableError for a table inside a table cell.
    """
    return read_tables(read_package(content), Headings(layouts))


__all__ = ["docx_tables"]
