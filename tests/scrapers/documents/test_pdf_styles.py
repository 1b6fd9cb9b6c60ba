"""Tables typeset by reportlab, over several pages and in several styles."""

import io

import pytest
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from tests.support.pdf_builder import FONT, HEADINGS, row
from tests.support.tables import cells_of, read_cancellations

WIDTHS = (28, 84, 52, 90, 110, 190, 110, 56)
LONG = "应用于文本生成场景，服务于内容创作类的企业端客户，根据用户输入的文本，生成文本内容。"
STYLES = {
    "grid": [("GRID", (0, 0), (-1, -1), 0.5, "black")],
    "box and inner grid": [
        ("BOX", (0, 0), (-1, -1), 1.5, "black"),
        ("INNERGRID", (0, 0), (-1, -1), 0.25, "grey"),
    ],
    "double lines": [("GRID", (0, 0), (-1, -1), 0.5, "black", None, None, None, 2, 1)],
    "dashes": [("GRID", (0, 0), (-1, -1), 0.5, "black", None, (3, 2))],
    "no sides": [
        ("LINEABOVE", (0, 0), (-1, -1), 0.5, "black"),
        ("LINEBELOW", (0, -1), (-1, -1), 0.5, "black"),
        ("LINEAFTER", (0, 0), (-2, -1), 0.5, "black"),
    ],
    "shaded": [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("BACKGROUND", (0, 0), (-1, 0), "#1f3864"),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), ["#ffffff", "#d9e2f3"]),
    ],
    "centred": [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
    "narrow": [
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        *(((side), (0, 0), (-1, -1), 1.5) for side in ("LEFTPADDING", "RIGHTPADDING")),
    ],
}


def records(count: int) -> list[tuple[str, ...]]:
    return [
        row(n, purpose=LONG * (1 + n % 5), products=f"产品{n}（APP）、小程序甲乙丙（小程序）")
        for n in range(1, count + 1)
    ]


def typeset(
    rows: list[tuple[str, ...]], style: list, *, size: float = 8.0, alignment: int = 0, **options
) -> bytes:
    """A title and a table. Cells are paragraphs, so page breaks can split rows."""
    words = ParagraphStyle(
        "words", fontName=FONT, fontSize=size, leading=1.3 * size, wordWrap="CJK"
    )
    words.alignment = alignment
    is_dark = any(command[0] == "BACKGROUND" for command in style)
    head = ParagraphStyle("head", words, textColor="white" if is_dark else "black")
    cells = [[Paragraph(text, head) for text in HEADINGS]]
    cells += [[Paragraph(text, words) for text in record] for record in rows]
    buffer = io.BytesIO()
    document = SimpleDocTemplate(buffer, pagesize=(800, 420), invariant=1, margin=30)
    table = Table(cells, colWidths=WIDTHS, style=style, **options)
    document.build([Paragraph("注销备案编号的算法清单", head), Spacer(1, 10), table])
    return buffer.getvalue()


def rows_of(content: bytes) -> list[tuple[str, ...]]:
    return cells_of(read_cancellations(content))


@pytest.mark.parametrize(
    "options", [{"repeatRows": 1}, {}], ids=["headings again", "headings once"]
)
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_table_over_many_pages_has_its_rows(style, options):
    content = typeset(records(14), style, splitInRow=1, **options)
    assert content.count(b"/Type /Page\n") > 2
    assert rows_of(content) == records(14)


@pytest.mark.parametrize("size", [5.0, 10.5, 14.0])
@pytest.mark.parametrize("alignment", [TA_CENTER, TA_JUSTIFY])
def test_text_of_each_size_and_alignment_is_unchanged(size, alignment):
    content = typeset(records(6), STYLES["grid"], size=size, alignment=alignment, splitInRow=1)
    assert rows_of(content) == records(6)


def test_spanned_cells_fill_their_rows():
    rows = [row(n, month="2025年5月" if n in (1, 4) else "") for n in range(1, 6)]
    spans = [("SPAN", (7, 1), (7, 3)), ("SPAN", (7, 4), (7, 5))]
    content = typeset(rows, [*STYLES["grid"], *spans])
    assert rows_of(content) == [row(n) for n in range(1, 6)]
