"""What a document is, judged by its first bytes; names and content types of the source lie."""

import codecs
from typing import Literal

from scrapers.errors import DocumentError

DocumentKind = Literal["docx", "pdf"]
MEDIA_TYPES: dict[DocumentKind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def document_kind(content: bytes) -> DocumentKind:
    """`docx` or `pdf`. Raises DocumentError, saying what it is instead, for anything else."""
    head = content[:512].removeprefix(codecs.BOM_UTF8).lstrip()
    if content[:4] == b"PK\x03\x04":
        return "docx"
    if head[:5] == b"%PDF-":
        return "pdf"
    if not content:
        raise DocumentError("an empty document")
    if head[:1] == b"<":
        raise DocumentError(
            "an HTML page instead of a document",
            remedy="Open the address: the source may show an error or a challenge page",
        )
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise DocumentError("an old binary .doc file", remedy="Only .docx and .pdf can be read")
    raise DocumentError(f"a document of unknown kind, beginning {content[:16]!r}")
