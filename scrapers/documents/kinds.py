"""The kind of a document, from its first bytes: the source's file names and types can be wrong."""

import codecs
from typing import Literal

from scrapers.documents.other_kinds import other_kind
from scrapers.errors import DocumentError

DocumentKind = Literal["docx", "pdf"]
MEDIA_TYPES: dict[DocumentKind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
# Known lists take up to 0.3 MB as .docx. A .pdf may embed a whole Chinese font of 10 MB.
MAX_BYTES: dict[DocumentKind, int] = {"docx": 8 * 2**20, "pdf": 24 * 2**20}


def document_kind(content: bytes) -> DocumentKind:
    """`docx` for any zip, or `pdf`.

    Raises DocumentError for any other kind of file, which it names, and for a document over the
    size limit.
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
            f"a .{kind} file of {len(content) / 2**20:,.1f} MB; the limit is "
            f"{MAX_BYTES[kind] // 2**20} MB"
        )
    return kind
