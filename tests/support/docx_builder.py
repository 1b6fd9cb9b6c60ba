"""Builds small .docx documents: cells, rows and tables as XML in a zip.

make_docx(table(row(*HEADINGS), row("1", "算法甲", …)))
"""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

HEADINGS = ("序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "备注")
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_OTHER_NAMESPACES = {
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w16se": "http://schemas.microsoft.com/office/word/2015/wordml/symex",
    "x": "urn:example:unknown",
    "new": "urn:example:unknown-to-word",
}
MAIN_PART = "word/document.xml"


class Xml(str):
    """Text that is XML already."""


def run(text: str) -> str:
    """A run; a line break in the text is a `w:br`."""
    parts = "</w:t><w:br/><w:t>".join(escape(text).split("\n"))
    return f"<w:r><w:t>{parts}</w:t></w:r>"


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(run(text) for text in runs)}</w:p>"


def cell(*paragraphs: str, properties: str = "") -> Xml:
    """A cell; each text is a paragraph, unless it is Xml already."""
    inner = (item if isinstance(item, Xml) else paragraph(item) for item in paragraphs)
    return Xml(f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(inner)}</w:tc>")


def spanning(columns: int | str, *paragraphs: str) -> Xml:
    """A cell that spans several grid columns."""
    return cell(*paragraphs, properties=f'<w:gridSpan w:val="{columns}"/>')


def merged_down(*paragraphs: str) -> Xml:
    """The first cell of those merged downwards."""
    return cell(*paragraphs, properties='<w:vMerge w:val="restart"/>')


def merged_up(text: str = "") -> Xml:
    """A cell merged into the one above it, so that its text is not shown."""
    return cell(text, properties="<w:vMerge/>")


def row(*cells: str) -> str:
    made = (item if isinstance(item, Xml) else cell(item) for item in cells)
    return f"<w:tr>{''.join(made)}</w:tr>"


def table(*rows: str, widths: Sequence[int | str] = ()) -> Xml:
    """A table; `widths` are those of its grid columns, in twips."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    grid = f"<w:tblGrid>{columns}</w:tblGrid>" if widths else ""
    return Xml(f"<w:tbl>{grid}{''.join(rows)}</w:tbl>")


def document_xml(*blocks: str, doctype: str = "", namespace: str = NAMESPACE) -> str:
    """The main part; `doctype` goes before the root."""
    body = "".join(blocks)
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _OTHER_NAMESPACES.items())
    return (
        f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{namespace}" {names}'
        f' mc:Ignorable="w14"><w:body>{body}</w:body></w:document>'
    )


def make_zip(members: Sequence[tuple[str, str | bytes]], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def make_docx(*blocks: str) -> bytes:
    return make_zip([(MAIN_PART, document_xml(*blocks))])


def make_filing_cells(number: int = 1, note: str = "") -> tuple[str, ...]:
    """The cells of one row, in the order of HEADINGS."""
    digits = f"11010864550280123{number:04d}"
    return (
        str(number), f"算法{number}", "服务提供者", f"公司{number}", f"产品{number}（APP）",
        "应用于文本生成场景。", f"网信算备{digits}号", note,
    )  # fmt: skip
