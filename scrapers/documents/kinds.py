"""What a document is, judged by its first bytes; names and content types of the source lie."""

import codecs
from typing import Literal

from scrapers.documents.other_kinds import other_kind
from scrapers.errors import DocumentError

DocumentKind = Literal["docx", "pdf"]
MEDIA_TYPES: dict[DocumentKind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
# Known lists have up to 0.3 MB as .docx. A .pdf may carry a whole font of Chinese, of 10 MB.
MAX_BYTES: dict[DocumentKind, int] = {"docx": 8 * 2**20, "pdf": 24 * 2**20}


def document_kind(content: bytes) -> DocumentKind:
    """`docx` for any zip, or `pdf`.

    Raises DocumentError for anything else, saying what it is instead, and for a document larger
    than a list can be.
    """
    head = content[:512].removeprefix(codecs.BOM_UTF8).lstrip()
    if content[:4] == b"PK\x03\x04":
        kind: DocumentKind = "docx"
    elif head[:5] == b"%PDF-":
        kind = "pdf"
    else:
        raise other_kind(content)
    if len(content) > MAX_BYTES[kind]:
        raise DocumentError(
            f"a .{kind} file of {len(content) / 2**20:,.1f} MB: lists are read up to "
            f"{MAX_BYTES[kind] // 2**20} MB"
        )
    return kind
