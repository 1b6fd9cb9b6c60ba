"""The kind of a zip that is not a Word document, for the error message."""

import zipfile

from scrapers.documents.cells import shown_names
from scrapers.documents.other_kinds import CONVERT, READABLE_KINDS
from scrapers.errors import DocumentError

# The beginnings of member names, in lower case, that identify a kind of file.
_MEMBERS = (
    ("xl/", "an Excel workbook (.xlsx)"),
    ("ppt/", "a PowerPoint presentation (.pptx)"),
    ("ofd.xml", "an OFD document (.ofd)"),
    ("index/document.iwa", "a Pages document (.pages)"),
)
# OpenDocument and EPUB files state their kind in the member `mimetype`.
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
    """The error for a zip without the main part of a Word document."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [_name(member) for member in members]
    for beginning, kind in _MEMBERS:
        if any(name.lower().startswith(beginning) for name in names):
            return DocumentError(kind, remedy=CONVERT)
    mimetype = _mimetype(archive)
    for beginning, kind in _MIMETYPES:
        if mimetype.startswith(beginning):
            return DocumentError(kind, remedy=CONVERT)
    documents = [name for name in names if name.lower().endswith(_DOCUMENTS)]
    if documents:
        return DocumentError(
            f"a zip of documents instead of a document: {shown_names(documents)}",
            remedy=f"{READABLE_KINDS}: unpack the zip and check its files",
        )
    contents = f"it contains {shown_names(names)}" if names else "it is empty"
    return DocumentError(
        f"a zip that is not a .docx file, because it lacks {main_name}; {contents}", remedy=CONVERT
    )


def other_root(tag: str) -> DocumentError | None:
    """The error for a main part whose root is that of an Excel or PowerPoint file."""
    kind = next((kind for word, kind in _ROOTS if word in tag), None)
    return DocumentError(kind, remedy=CONVERT) if kind else None


def _mimetype(archive: zipfile.ZipFile) -> str:
    if "mimetype" not in archive.namelist():
        return ""
    with archive.open("mimetype") as part:
        return part.read(_LONGEST_MIMETYPE).decode("ascii", "replace").strip()


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member. Zips made in China often encode it in GB 18030 without a flag."""
    if member.flag_bits & _IS_UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename
