"""Readers of the replica's documents with python-docx and pdfplumber, independent of `scrapers`.

The functions for filings return a list as rows of (position, name, role, entity, products,
purpose, number, note). Except in `read_docx_tables`, line breaks inside a cell are removed.
"""

from io import BytesIO

import docx
import pdfplumber
from docx.table import Table

from scrapers.replica.facts import FilingFact
from scrapers.replica.wording import ROLES, printed_number, purpose


def expected_row(row: FilingFact) -> list[str]:
    """The cells of a filing in a list."""
    return [
        row.position,
        row.algorithm_name,
        ROLES[row.role],
        row.entity_name,
        row.products,
        purpose(row),
        printed_number(row.filing_number),
        row.note,
    ]


def read_docx_tables(body: bytes) -> list[list[list[str]]]:
    """Tables of rows of cell texts as in the document; a merged cell counts once."""
    return [_rows(table) for table in docx.Document(BytesIO(body)).tables]


def read_docx_filings(body: bytes) -> list[list[str]]:
    """All rows except headings, each with eight cells."""
    rows = [[_joined(cell) for cell in row] for table in read_docx_tables(body) for row in table]
    return [row + [""] * (8 - len(row)) for row in rows if row[1] != "算法名称"]


def read_pdf_rows(body: bytes) -> list[list[str]]:
    """Rows as on the pages, including headings and fragments."""
    with pdfplumber.open(BytesIO(body)) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    return [[_joined(cell or "") for cell in row] for table in tables for row in table]


def read_pdf_tables(body: bytes) -> list[list[list[str]]]:
    """Tables of rows, each with its heading row first, with fragments joined to their rows."""
    tables: list[list[list[str]]] = []
    for row in read_pdf_rows(body):
        if row[0] == "序号":
            tables.append([row])
        elif row[0]:
            tables[-1].append(row)
        else:
            tables[-1][-1] = [a + b for a, b in zip(tables[-1][-1], row, strict=True)]
    return tables


def read_pdf_filings(body: bytes) -> list[list[str]]:
    """All rows of a document with one table, except the heading."""
    (table,) = read_pdf_tables(body)
    return table[1:]


def read_pdf_lines(body: bytes) -> list[str]:
    """The lines of text on all pages, in tables and outside."""
    with pdfplumber.open(BytesIO(body)) as document:
        return [line for page in document.pages for line in page.extract_text().splitlines()]


def read_docx_blocks(body: bytes) -> list[str]:
    """The paragraphs with text, and the word "table" for each table, in order."""
    blocks = docx.Document(BytesIO(body)).iter_inner_content()
    texts = ["table" if isinstance(block, Table) else block.text for block in blocks]
    return [text for text in texts if text]


def _rows(table: Table) -> list[list[str]]:
    # row.cells would repeat a merged cell for each grid column.
    return [
        [
            "\n".join("".join(t.text or "\n" for t in _texts(p)) for p in cell.p_lst)
            for cell in row.tc_lst
        ]
        for row in table._tbl.tr_lst
    ]


def _texts(paragraph) -> list:
    return paragraph.xpath(".//w:t | .//w:br")


def _joined(text: str) -> str:
    return text.replace("\n", "")
