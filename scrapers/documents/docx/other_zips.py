"""What a zip is that holds no Word document, so that a refusal names it."""

import zipfile

from scrapers.documents.cells import shown_names
from scrapers.documents.other_kinds import ASK, ONLY
from scrapers.errors import DocumentError

# A part that tells the kind by itself, in lower case.
_TELLING = (
    ("xl/", "an Excel workbook (.xlsx)"),
    ("ppt/", "a PowerPoint presentation (.pptx)"),
    ("ofd.xml", "an OFD document (.ofd)"),
    ("index/document.iwa", "a Pages document (.pages)"),
)
# OpenDocument and EPUB name their kind in a member of its own.
_MIMETYPES = (
    ("application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)"),
    ("application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    ("application/vnd.oasis.opendocument", "an OpenDocument file"),
    ("application/epub", "an EPUB book"),
)
# The namespaces of the main parts of Excel and PowerPoint files.
_ROOTS = (
    ("spreadsheetml", "an Excel workbook (.xlsx)"),
    ("presentationml", "a PowerPoint presentation (.pptx)"),
)
_DOCUMENTS = (".docx", ".pdf", ".doc", ".wps", ".xlsx", ".xls", ".ofd", ".odt", ".rtf", ".zip")
_LONGEST_MIMETYPE = 200
_IS_UTF8, _IS_ENCRYPTED = 0x800, 0x1


def refuse_encrypted(archive: zipfile.ZipFile) -> None:
    """Raise DocumentError for a zip with a password."""
    if any(member.flag_bits & _IS_ENCRYPTED for member in archive.infolist()):
        raise DocumentError("an encrypted zip", remedy="Ask for the document without a password")


def other_zip(archive: zipfile.ZipFile, main_name: str) -> DocumentError:
    """The error for a zip in which there is no main part of a Word document."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [_name(member) for member in members]
    for beginning, kind in _TELLING:
        if any(name.lower().startswith(beginning) for name in names):
            return DocumentError(kind, remedy=ASK)
    mimetype = _mimetype(archive)
    for beginning, kind in _MIMETYPES:
        if mimetype.startswith(beginning):
            return DocumentError(kind, remedy=ASK)
    documents = [name for name in names if name.lower().endswith(_DOCUMENTS)]
    if documents:
        return DocumentError(
            f"a zip with documents in it, not a .docx file itself: {shown_names(documents)}",
            remedy=f"{ONLY}: unpack the zip, and look at what it holds",
        )
    holds = f"it holds {shown_names(names)}" if names else "it is empty"
    return DocumentError(f"a zip without {main_name}: not a .docx file; {holds}", remedy=ASK)


def other_root(tag: str) -> DocumentError | None:
    """The error for a main part whose root is that of an Excel or PowerPoint file."""
    kind = next((kind for word, kind in _ROOTS if word in tag), None)
    return DocumentError(kind, remedy=ASK) if kind else None


def _mimetype(archive: zipfile.ZipFile) -> str:
    if "mimetype" not in archive.namelist():
        return ""
    with archive.open("mimetype") as part:
        return part.read(_LONGEST_MIMETYPE).decode("ascii", "replace").strip()


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member; zips made in China often have them in GB 18030 and do not say so."""
    if member.flag_bits & _IS_UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename
