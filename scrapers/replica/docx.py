"""A deep-synthesis list as a Word document, with the irregularities of the published lists.

`LAYOUTS` defines which list has which irregularity. Line breaks inside a cell are placed so that
removing them restores the exact text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from scrapers.replica.docx_parts import title
from scrapers.replica.docx_tables import (
    EMPTY_PARAGRAPH,
    NUMBERED_PARAGRAPH,
    cell,
    docx_bytes,
    paragraph,
    row,
    run,
    table,
)
from scrapers.replica.facts import FilingFact
from scrapers.replica.wording import ROLES, list_title, printed_number, purpose

_HEADINGS = ("序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "备注")
_WIDTHS = (700, 2100, 1300, 2200, 2800, 3400, 1900, 1300)  # twentieths of a point
_PRODUCTS, _PURPOSE = _HEADINGS.index("应用产品"), _HEADINGS.index("主要用途")
_NARROW = 21  # twentieths of a point: the narrowest column in the list of 2024-06
_ROWS_WITH_WIDE_PRODUCTS = frozenset({4, 271})  # rows where it is merged with the products


@dataclass(frozen=True)
class Layout:
    """The irregularities of one list; the default is a regular table."""

    has_narrow_column: bool = False  # a column of 0.4 mm between products and purpose
    second_table: str = ""  # "bare" or "headed": the list continues in a second table
    odd_headings: bool = False  # spaces and a line break inside heading cells
    scattered: bool = False  # cell text split into runs, paragraphs and line breaks


LAYOUTS: Mapping[int, Layout] = MappingProxyType(
    {
        3: Layout(scattered=True),
        6: Layout(has_narrow_column=True),
        7: Layout(scattered=True),
        8: Layout(second_table="headed"),
        9: Layout(second_table="bare"),
        10: Layout(odd_headings=True),
        11: Layout(scattered=True),
        13: Layout(scattered=True),
        16: Layout(second_table="headed"),
    }
)


def list_docx(batch_no: int, list_month: str, rows: Sequence[FilingFact]) -> bytes:
    """The list of one batch as .docx bytes; `list_month` is YYYY-MM.

    The column 备注 is present only if a row has a note.
    """
    layout = LAYOUTS.get(batch_no, Layout())
    columns = len(_HEADINGS) if any(filing.note for filing in rows) else len(_HEADINGS) - 1
    heading = _heading_row(layout, columns)
    body = [_row(filing, index, layout, columns) for index, filing in enumerate(rows)]
    tables = [[heading, *body]]
    if layout.second_table and len(body) > 1:
        cut = len(body) * 3 // 5
        repeated = [heading] if layout.second_table == "headed" else []
        tables = [[heading, *body[:cut]], [*repeated, *body[cut:]]]
    blocks = [title(list_title(list_month))]
    for part in tables:
        blocks += [table(part, _grid(layout, columns)), EMPTY_PARAGRAPH]
    return docx_bytes(blocks)


def _grid(layout: Layout, columns: int) -> list[int]:
    widths = list(_WIDTHS[:columns])
    if layout.has_narrow_column:
        widths.insert(_PURPOSE, _NARROW)
    return widths


def _cells(paragraphs: Sequence[str], layout: Layout, wider: int = _PURPOSE) -> str:
    """A table row; `wider` is the column that is merged with the narrow one, if there is one."""
    cells = []
    for column, content in enumerate(paragraphs):
        spanned = '<w:gridSpan w:val="2"/>' if layout.has_narrow_column and column == wider else ""
        cells.append(cell(content, _WIDTHS[column], spanned))
    return row(cells)


def _heading_row(layout: Layout, columns: int) -> str:
    texts = [paragraph(text) for text in _HEADINGS[:columns]]
    if layout.odd_headings:
        texts[0] = paragraph("序 号")
        texts[_PURPOSE + 1] = "<w:p><w:r><w:t>备案</w:t><w:br/><w:t>编号</w:t></w:r></w:p>"
        if columns == len(_HEADINGS):
            texts[-1] = paragraph("备\u3000注")
    return _cells(texts, layout)


def _row(filing: FilingFact, index: int, layout: Layout, columns: int) -> str:
    texts = [
        filing.algorithm_name,
        ROLES[filing.role],
        filing.entity_name,
        filing.products,
        purpose(filing),
        printed_number(filing.filing_number),
        filing.note,
    ][: columns - 1]
    writers: list[Callable[[str], str]] = [paragraph] * len(texts)
    if layout.scattered:
        writers = [
            _in_runs, paragraph, _broken, _in_paragraphs, _in_runs, _in_runs, paragraph,
        ]  # fmt: skip
        if index % 2:
            writers = [
                paragraph, _in_runs, paragraph, _broken, _broken, _in_paragraphs, _in_runs,
            ]  # fmt: skip
    first = paragraph(filing.position) if filing.position else NUMBERED_PARAGRAPH
    rest = [write(text) for write, text in zip(writers, texts, strict=False)]
    wider = _PRODUCTS if index in _ROWS_WITH_WIDE_PRODUCTS else _PURPOSE
    return _cells([first, *rest], layout, wider)


def _in_runs(text: str) -> str:
    third = max(1, len(text) // 3)
    return paragraph(text[:third], text[third : 2 * third], text[2 * third :])


def _broken(text: str) -> str:
    pieces = "<w:r><w:br/></w:r>".join(run(piece) for piece in _pieces(text))
    return f"<w:p>{pieces}</w:p>"


def _in_paragraphs(text: str) -> str:
    return "".join(paragraph(piece) for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    """The text, split after its first separator, or in the middle of two Chinese characters."""
    separator = re.search(r"[、，](?=\S)", text)
    cut = separator.end() if separator else len(text) // 2
    if separator or re.fullmatch(r"[\u4e00-\u9fff]{2}", text[max(cut - 1, 0) : cut + 1]):
        return [text[:cut], text[cut:]]
    return [text]
