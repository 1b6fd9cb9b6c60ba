"""Lists of generative services, written by python-docx (.docx) and by reportlab (.pdf).

services_docx(Part(FILED_HEADINGS, rows), Part(REGISTERED_HEADINGS, others, title="已登记信息"))
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

from scrapers.documents.parsing import parse
from scrapers.registers.generative_services import GENERATIVE_SERVICES
from tests.support.paths import SHARED

FACTS = SHARED / "data" / "generative_services.tsv"
FILED_HEADINGS = ("序号", "属地", "模型名称", "备案单位", "备案号", "备案时间")
LATER_HEADINGS = ("序号", "属地", "大模型名称", "备案单位", "备案编号", "备案时间")
REGISTERED_HEADINGS = ("序号", "属地", "应用/功能名称", "登记单位", "上线编号", "登记时间")
EDGE_HEADINGS = (*LATER_HEADINGS, "适用场景")
_FIELDS = (
    "position", "region", "service_name", "entity_name", "service_number", "passed_on", "devices",
)  # fmt: skip
_FONT = "STSong-Light"
# Characters that the font lacks, and fonts that have them.
_LATIN_SIGNS, _OTHER_FONTS = "·’–éèüöä®—&×", {"•": "HelveticaMacRoman", "・": "HeiseiMin-W3"}

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A table: its headings (none if it continues another), its rows, and how it is printed.

    `banner` is a title in a row across the table, above the headings. A .pdf repeats the first
    `repeated` rows on each page.
    """

    headings: Cells
    rows: Sequence[Cells]
    title: str = ""
    banner: str = ""
    repeated: int = 0

    @property
    def columns(self) -> int:
        return len(self.headings or self.rows[0])


def service(number: int, *, is_registered: bool = False, position: str | None = None) -> Cells:
    """A row with a name and a number that are long enough to wrap."""
    mark = "S" if is_registered else ""
    return (
        str(number) if position is None else position,
        "广东省",
        f"AI助手{number}号BOOKSGPT大模型",
        f"测试科技（深圳）有限公司{number}",
        f"Guangdong-ShangTangAIDaiMaShengChengMoXing{number}-20250305{mark}{number:04d}",
        "2025/4/10（补登）" if number % 3 else "2025/4/10",
    )


def services(first: int, last: int, **options: bool) -> list[Cells]:
    return [service(number, **options) for number in range(first, last + 1)]


def without_positions(rows: Sequence[Cells]) -> list[Cells]:
    return [("", *cells[1:]) for cells in rows]


@cache
def published_lists() -> dict[str, dict[str, list[Cells]]]:
    """The published rows by month and table, in order. Empty without the folder of facts."""
    found: dict[str, dict[str, list[Cells]]] = {}
    if not FACTS.exists():
        return found
    with FACTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            fields = _FIELDS if row["table"] == "edge" else _FIELDS[:-1]
            tables = found.setdefault(row["list_month"], {})
            tables.setdefault(row["table"], []).append(tuple(row[name] for name in fields))
    return found


def tabled(**tables: Sequence[Cells]) -> list[Cells]:
    """The rows of tables by name, in order, with the name as first cell."""
    return [(name, *cells) for name, rows in tables.items() for cells in rows]


def read_services(content: bytes) -> list[Cells]:
    """The rows of a list as `tabled` makes them."""
    rows = parse(content, GENERATIVE_SERVICES.tables).rows
    return [(row.table, *row.cells.values()) for row in rows]


def services_docx(*parts: Part, font: str = "仿宋") -> bytes:
    from docx import Document

    document = Document()
    document.styles["Normal"].font.name = font
    for part in parts:
        if part.title:
            document.add_paragraph(part.title)
        table = document.add_table(rows=0, cols=part.columns)
        table.style = "Table Grid"
        if part.banner:
            cells = table.add_row().cells
            cells[0].merge(cells[-1]).text = part.banner
        for texts in [part.headings, *part.rows] if part.headings else part.rows:
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.text = text
        document.add_paragraph()
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def services_pdf(
    *parts: Part,
    is_landscape: bool = False,
    size: float = 9.0,
    latin: str = "",
    split_rows: bool = False,
    gap: float = 14.0,
    new_pages: bool = False,
) -> bytes:
    """The parts below each other, in ruled tables with cells that wrap at any character.

    `latin` is another font for Latin letters. `split_rows` lets page ends split rows. `gap` is the
    room between two parts in points. `new_pages` begins each part on a new page.
    """
    from reportlab.lib.fonts import addMapping
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

    for name in (_FONT, "HeiseiMin-W3"):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    mac_roman = pdfmetrics.Font("HelveticaMacRoman", "Helvetica", "MacRomanEncoding")
    pdfmetrics.registerFont(mac_roman)
    for name in (*_OTHER_FONTS.values(), "Vera"):
        addMapping(name, 0, 0, name)
    style = ParagraphStyle(
        "cell", fontName=_FONT, fontSize=size, leading=1.3 * size, wordWrap="CJK"
    )
    width, height = landscape(A4) if is_landscape else A4
    room = width - 72

    def cell(text: str) -> Paragraph:
        return Paragraph(_marked(text, latin), style)

    story = []
    for number, part in enumerate(parts):
        if number:
            story.append(PageBreak() if new_pages else Spacer(1, gap))
        if part.title:
            story.append(Paragraph(_marked(part.title, latin), style))
            story.append(Spacer(1, 6))
        rows = [[cell(text) for text in cells] for cells in part.rows]
        rules = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        if part.headings:
            rows.insert(0, [cell(text) for text in part.headings])
        if part.banner:
            rows.insert(0, [cell(part.banner), *[""] * (part.columns - 1)])
            rules.append(("SPAN", (0, 0), (-1, 0)))
        shares = (0.07, 0.1, 0.2, 0.22, 0.26, 0.15, 0.1)[: part.columns]
        widths = [room * share / sum(shares) for share in shares]
        story.append(
            LongTable(
                rows, colWidths=widths, style=rules, repeatRows=part.repeated,
                splitInRow=int(split_rows),
            )
        )  # fmt: skip
    buffer = BytesIO()
    template = SimpleDocTemplate(
        buffer, pagesize=(width, height), leftMargin=36, rightMargin=36, topMargin=48,
        bottomMargin=48, invariant=1,
    )  # fmt: skip
    template.build(story)
    return buffer.getvalue()


def _marked(text: str, latin: str) -> str:
    """The markup of a paragraph, with another font for the signs that the CID font lacks."""
    parts = []
    for sign in text:
        other = _OTHER_FONTS.get(sign, "")
        if sign in _LATIN_SIGNS or (latin and sign.isascii() and sign.isalnum()):
            other = latin or "Helvetica"
        parts.append(f'<font name="{other}">{escape(sign)}</font>' if other else escape(sign))
    return "".join(parts)
