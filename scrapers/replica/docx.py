"""A filing list as a Word document, with the irregularities of the published lists.

The document is plain WordprocessingML in a zip with fixed timestamps, so the same rows always give
the same bytes. Eighteen lists take about a second, faster than with a general-purpose library.
`LAYOUTS` defines which list has which irregularity. Line breaks inside a cell are placed so that
removing them restores the exact text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from scrapers.replica.docx_parts import FIXED_PARTS, document
from scrapers.replica.facts import FilingFact
from scrapers.replica.wording import ROLES, list_title, printed_number, purpose

_HEADINGS = ("序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "备注")
_WIDTHS = (700, 2100, 1300, 2200, 2800, 3400, 1900, 1300)  # twentieths of a point
_PRODUCTS, _PURPOSE = _HEADINGS.index("应用产品"), _HEADINGS.index("主要用途")
_NARROW = 21  # twentieths of a point: the narrowest column in the list of 2024-06
_ROWS_WITH_WIDE_PRODUCTS = frozenset({4, 271})  # rows where it is merged with the products
_NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
_ZIP_TIME = (2020, 1, 1, 0, 0, 0)


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
    columns = len(_HEADINGS) if any(row.note for row in rows) else len(_HEADINGS) - 1
    heading = _heading_row(layout, columns)
    body = [_row(row, index, layout, columns) for index, row in enumerate(rows)]
    tables = [[heading, *body]]
    if layout.second_table and len(body) > 1:
        cut = len(body) * 3 // 5
        repeated = [heading] if layout.second_table == "headed" else []
        tables = [[heading, *body[:cut]], [*repeated, *body[cut:]]]
    xml = document(list_title(list_month), [_table(t, layout, columns) for t in tables])
    return _zipped({**FIXED_PARTS, "word/document.xml": xml})


def _zipped(parts: Mapping[str, str]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            info = ZipInfo(name, date_time=_ZIP_TIME)
            info.compress_type, info.create_system = ZIP_DEFLATED, 0
            archive.writestr(info, text.encode())
    return buffer.getvalue()


def _table(rows: Sequence[str], layout: Layout, columns: int) -> str:
    widths = list(_WIDTHS[:columns])
    if layout.has_narrow_column:
        widths.insert(_PURPOSE, _NARROW)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cells(paragraphs: Sequence[str], layout: Layout, wider: int = _PURPOSE) -> str:
    """A table row; `wider` is the column that is merged with the narrow one, if there is one."""
    cells = []
    for column, content in enumerate(paragraphs):
        spanned = '<w:gridSpan w:val="2"/>' if layout.has_narrow_column and column == wider else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{_WIDTHS[column]}" w:type="dxa"/>{spanned}</w:tcPr>'
            f"{content}</w:tc>"
        )
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _heading_row(layout: Layout, columns: int) -> str:
    texts = [_paragraph(_run(text)) for text in _HEADINGS[:columns]]
    if layout.odd_headings:
        texts[0] = _paragraph(_run("序 号"))
        texts[_PURPOSE + 1] = _paragraph("<w:r><w:t>备案</w:t><w:br/><w:t>编号</w:t></w:r>")
        if columns == len(_HEADINGS):
            texts[-1] = _paragraph(_run("备\u3000注"))
    return _cells(texts, layout)


def _row(row: FilingFact, index: int, layout: Layout, columns: int) -> str:
    texts = [
        row.algorithm_name,
        ROLES[row.role],
        row.entity_name,
        row.products,
        purpose(row),
        printed_number(row.filing_number),
        row.note,
    ][: columns - 1]
    writers: list[Callable[[str], str]] = [_plain] * len(texts)
    if layout.scattered:
        writers = [_in_runs, _plain, _broken, _in_paragraphs, _in_runs, _in_runs, _plain]
        if index % 2:
            writers = [_plain, _in_runs, _plain, _broken, _broken, _in_paragraphs, _in_runs]
    first = _paragraph(_run(row.position)) if row.position else f"<w:p>{_NUMBERED}</w:p>"
    rest = [write(text) for write, text in zip(writers, texts, strict=False)]
    wider = _PRODUCTS if index in _ROWS_WITH_WIDE_PRODUCTS else _PURPOSE
    return _cells([first, *rest], layout, wider)


def _run(text: str) -> str:
    # Word drops spaces at the ends of a run unless they are preserved.
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:r><w:t{keep}>{escape(text)}</w:t></w:r>" if text else ""


def _paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def _plain(text: str) -> str:
    return _paragraph(_run(text))


def _in_runs(text: str) -> str:
    third = max(1, len(text) // 3)
    return _paragraph(_run(text[:third]) + _run(text[third : 2 * third]) + _run(text[2 * third :]))


def _broken(text: str) -> str:
    return _paragraph("<w:r><w:br/></w:r>".join(_run(piece) for piece in _pieces(text)))


def _in_paragraphs(text: str) -> str:
    return "".join(_paragraph(_run(piece)) for piece in _pieces(text))


def _pieces(text: str) -> list[str]:
    """The text, split after its first separator, or in the middle of two Chinese characters."""
    separator = re.search(r"[、，](?=\S)", text)
    cut = separator.end() if separator else len(text) // 2
    if separator or re.fullmatch(r"[\u4e00-\u9fff]{2}", text[max(cut - 1, 0) : cut + 1]):
        return [text[:cut], text[cut:]]
    return [text]
