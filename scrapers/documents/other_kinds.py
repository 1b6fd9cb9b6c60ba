"""The kind of a file that is neither .docx nor .pdf, for the error message."""

import codecs
import re

from scrapers.errors import DocumentError, shortened

READABLE_KINDS = "Only .docx and .pdf can be read"
CONVERT = f"{READABLE_KINDS}: ask for one of these, or open the file and save it as .docx"

_SIGNATURES = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"PK\x05\x06", "an empty zip"),
    (b"PK\x07\x08", "a zip over several files"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%!PS", "a PostScript file"),
)
_OLE = b"\xd0\xcf\x11\xe0"
# A compound file (OLE2) contains the names of its streams. The first one found gives the kind.
_STREAMS = (
    ("EncryptedPackage", "an encrypted Office file: a .docx, .xlsx or .pptx with a password"),
    ("WordDocument", "an old binary .doc file, or a .wps file of WPS Office"),
    ("PowerPoint Document", "an old binary PowerPoint file (.ppt)"),
    ("Workbook", "an old binary Excel workbook (.xls)"),
    ("Book", "an old binary Excel workbook (.xls)"),
    ("__properties_version1.0", "an e-mail saved by Outlook (.msg)"),
    ("MatOST", "a document of Microsoft Works (.wps)"),
)
# What WPS Office writes into the properties of its files.
_WPS_MARKS = ("WPS Office", "KSOProductBuildVer", "WpsCustomData", "Kingsoft")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|script|meta|title|div)\b", re.IGNORECASE)
_XML_KINDS = (
    (re.compile(r"<\w*:?wordDocument\b|<pkg:package\b|Word\.Document"), "a Word document as XML"),
    (re.compile(r"<\w*:?Workbook\b|Excel\.Sheet"), "an Excel workbook as XML"),
    (re.compile(r"<uof:|<\w*:?UOF\b"), "a UOF document"),
)
_JSON = re.compile(r'[\[{]\s*(?:["\[{\]}]|-?\d|true|false|null)')
# The number of bytes that are examined as text.
_EXAMINED_BYTES = 4_096


def other_kind(content: bytes) -> DocumentError:
    """The error for a file that cannot be read: what it is, and what to do."""
    if not content:
        return DocumentError("an empty document")
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return DocumentError(name, remedy=CONVERT)
    if content[257:262] == b"ustar":
        return DocumentError("a tar archive", remedy=CONVERT)
    if content.startswith(_OLE):
        return _compound_file(content)
    text = _text_of(content[:_EXAMINED_BYTES])
    if text is None:
        return DocumentError(
            f"a document of unknown kind, beginning {content[:16]!r}", remedy=READABLE_KINDS
        )
    return _text_file(text.strip())


def _compound_file(content: bytes) -> DocumentError:
    kind = next((kind for name, kind in _STREAMS if _utf16(name) in content), None)
    if kind is None:
        kind = "an old binary .doc file, or another file of its format (.wps, .xls, .msg)"
    if kind.startswith("an encrypted"):
        return DocumentError(kind, remedy="Ask for the document without a password")
    is_of_wps = any(mark.encode() in content or _utf16(mark) in content for mark in _WPS_MARKS)
    if is_of_wps and ".doc" in kind:
        kind = "a binary document of WPS Office (.wps, or .doc)"
    elif is_of_wps and ".xls" in kind:
        kind = "a binary workbook of WPS Office (.et, or .xls)"
    return DocumentError(kind, remedy=CONVERT)


def _text_file(text: str) -> DocumentError:
    if text.startswith("<"):
        return _markup(text)
    if text.startswith("{\\rtf"):
        return DocumentError("a rich text file (.rtf)", remedy=CONVERT)
    beginning = repr(shortened(" ".join(text.split())))
    if _JSON.match(text):
        return DocumentError(
            f"JSON instead of a document: {beginning}",
            remedy="Open the address: the source may show an error",
        )
    if text.upper().startswith("MIME-VERSION:"):
        return DocumentError("a web archive (.mht)", remedy=CONVERT)
    return DocumentError(f"plain text instead of a document: {beginning}", remedy=CONVERT)


def _markup(text: str) -> DocumentError:
    if not _HTML.search(text):
        kind = next((kind for pattern, kind in _XML_KINDS if pattern.search(text)), None)
        if kind or text.startswith("<?xml"):
            return DocumentError(kind or "an XML file instead of a document", remedy=CONVERT)
    return DocumentError(
        "an HTML page instead of a document",
        remedy="Open the address: the source may show an error or a challenge page",
    )


def _text_of(head: bytes) -> str | None:
    """The beginning of a text file, or None for a binary file."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-8"),
        (b"", "gb18030"),
    ):
        if head.startswith(mark):
            text = codecs.getincrementaldecoder(encoding)("replace").decode(head.removeprefix(mark))
            if "\ufffd" not in text and not re.search(r"[\x00-\x08\x0e-\x1f]", text):
                return text
    return None


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")
