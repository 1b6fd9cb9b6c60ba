"""Pieces of a .docx as XML, and the text that is read from them."""

from scrapers.documents.docx import docx_tables
from scrapers.documents.legible import OBJECT_MARK
from tests.support.docx_builder import (
    MAIN_PART,
    Xml,
    cell,
    document_xml,
    make_filing_cells,
    make_zip,
    row,
    table,
)
from tests.support.tables import LIST_LAYOUTS, read_list

LISTED = [f"算法{number}" for number in (1, 2, 3)]
MARK = OBJECT_MARK


def shown(content: str, styles: str = "") -> str:
    """The text of a cell with this content."""
    members = [(MAIN_PART, document_xml(table(row(cell(Xml(content))))))]
    if styles:
        members.append(("word/styles.xml", styles))
    ((found,),) = docx_tables(make_zip(members), LIST_LAYOUTS)
    return found.texts[0]


def names(*blocks: str, **options: str) -> list[str]:
    """The algorithm names of a list made of these blocks."""
    content = make_zip([(MAIN_PART, document_xml(*blocks, **options))])
    return [item["algorithm_name"] for item in read_list(content).rows]


def listed(*numbers: int) -> list[str]:
    """Rows 算法1, 算法2, …, as XML."""
    return [row(*make_filing_cells(number)) for number in numbers]


def in_paragraph(content: str) -> str:
    return f"<w:p>{content}</w:p>"


def instruction(code: str) -> str:
    return f"<w:r><w:instrText>{code}</w:instrText></w:r>"


def field(code: str, result: str | None = None) -> str:
    """A field as Word writes it. The code is text or runs; `result` None means no stored result."""
    separate = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
    runs = code if isinstance(code, Xml) else instruction(code)
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}{separate}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def alternate(choice: str, fallback: str) -> str:
    return (
        f'<mc:AlternateContent><mc:Choice Requires="w14">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


def math_run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def with_properties(properties: str, text: str) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"
