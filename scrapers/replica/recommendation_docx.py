"""A list of recommendation algorithms as a Word document, with the irregularities of the source.

The table has the same eight columns in every list, also if no row has a note. The heading row is
repeated on each page.
"""

import re

from scrapers.replica.docx_parts import title
from scrapers.replica.docx_tables import (
    EMPTY_PARAGRAPH,
    NUMBERED_PARAGRAPH,
    REPEATED_ROW,
    docx_bytes,
    paragraph,
    plain_row,
    table,
)
from scrapers.replica.recommendation import RecommendationFact, RecommendationList
from scrapers.replica.wording import printed_number, scenario_purpose

_HEADINGS = ("序号", "算法名称", "算法类别", "主体名称", "应用产品", "主要用途", "备案编号", "备注")
_WIDTHS = (818, 1436, 1663, 1736, 1721, 3045, 2424, 1373)  # twentieths of a point

# Lists whose first line does not number the attachment.
_UNNUMBERED = frozenset({"2022-08", "2026-01"})
# Headings with a numbering that is switched off: number 0 refers to none.
_NUMBERED_HEADINGS = frozenset({"2023-12"})
_NO_NUMBER = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr></w:pPr>'
# Lists in which a filing number, or a product with Latin letters, is split into runs.
_NUMBERS_IN_RUNS = frozenset({"2025-07", "2025-09", "2026-01"})
_PRODUCTS_IN_RUNS = frozenset({"2022-10", "2023-04", "2023-12"})


def recommendation_docx(listed: RecommendationList) -> bytes:
    """One list as .docx bytes."""
    number = "" if listed.month in _UNNUMBERED else str(listed.attachment_no)
    rows = [_heading_row(listed.month), *(_row(filing, listed.month) for filing in listed.filings)]
    return docx_bytes(
        [
            paragraph(f"附件{number}"),
            title(listed.label),
            table(rows, _WIDTHS),
            EMPTY_PARAGRAPH,
        ]
    )


def _heading_row(month: str) -> str:
    properties = _NO_NUMBER if month in _NUMBERED_HEADINGS else ""
    texts = [paragraph(text, properties=properties) for text in _HEADINGS]
    return plain_row(texts, _WIDTHS, REPEATED_ROW)


def _row(filing: RecommendationFact, month: str) -> str:
    products, number = [filing.products], [printed_number(filing.filing_number)]
    if month in _PRODUCTS_IN_RUNS:
        products = re.findall(r"[A-Za-z0-9]+|[^A-Za-z0-9]+", filing.products)
    if month in _NUMBERS_IN_RUNS:
        number = re.findall(r"[0-9]+|[^0-9]+", number[0])
    paragraphs = [
        paragraph(filing.position) if filing.position else NUMBERED_PARAGRAPH,
        paragraph(filing.algorithm_name),
        paragraph(filing.category),
        paragraph(filing.entity_name),
        paragraph(*products),
        paragraph(scenario_purpose(filing.scenario)),
        paragraph(*number),
        paragraph(filing.note),
    ]
    return plain_row(paragraphs, _WIDTHS)
