"""Files that are neither .docx nor .pdf are refused with their kind and what can be read."""

import gzip
import io

import pytest
from PIL import Image

from scrapers.documents import document_kind
from scrapers.documents.kinds import MAX_BYTES
from scrapers.errors import DocumentError
from tests.support.docx_builder import MAIN_PART, make_docx, make_zip, row, table
from tests.support.tables import read_list

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def refusal(content: bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_list(content)
    return caught.value


def compound(*names: str, text: bytes = b"") -> bytes:
    """A compound file with streams of these names."""
    return OLE + b"".join(name.encode("utf-16-le") + bytes(64) for name in names) + text


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (2, 2)).save(buffer, kind)
    return buffer.getvalue()


def office(main: str, root: str) -> bytes:
    """An Office package whose main part has this name and root."""
    relationship = f'<Relationship Type="{OFFICE}" Target="{main}"/>'
    return make_zip(
        [
            (
                "_rels/.rels",
                f'<Relationships xmlns="{RELATIONSHIPS}">{relationship}</Relationships>',
            ),
            (main, f"<{root}/>"),
        ]
    )


def encrypted(content: bytes) -> bytes:
    """The same zip, marked as encrypted in both of its headers."""
    marked = bytearray(content)
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[marked.index(header) + offset] |= 1
    return bytes(marked)


def named_in_gb18030(name: str) -> bytes:
    """A zip as made on Chinese systems, with a name in GB 18030 that is not flagged as such."""
    placeholder = "x" * len(name.encode("gb18030"))
    return make_zip([(placeholder, b"")]).replace(placeholder.encode(), name.encode("gb18030"))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "an empty document"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7-Zip archive"),
        (gzip.compress(b"a", mtime=0), "a gzip archive"),
        (b"PK\x05\x06" + bytes(18), "an empty zip"),
        (picture("PNG"), "a picture (PNG)"),
        (picture("JPEG"), "a picture (JPEG)"),
        (picture("GIF"), "a picture (GIF)"),
        (picture("TIFF"), "a picture (TIFF)"),
        (b"{\\rtf1\\ansi}", "a rich text file (.rtf)"),
        (b"<!DOCTYPE html><html></html>", "an HTML page instead of a document"),
        (b"\xef\xbb\xbf\r\n <html></html>", "an HTML page instead of a document"),
        ("\ufeff<html></html>".encode("utf-16-le"), "an HTML page instead of a document"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "a Word document as XML"),
        (b'<?xml version="1.0"?><uof:UOF/>', "a UOF document"),
        (b'<?xml version="1.0"?><a/>', "an XML file"),
        (b'{"code": 500, "msg": "error"}', """JSON instead of a document: '{"code": 500"""),
        (b"[]", "JSON instead of a document"),
        ("附件：清单\n".encode("gb18030"), "plain text instead of a document: '附件：清单'"),
        ("附件：清单".encode(), "plain text instead of a document: '附件：清单'"),
        (b"MIME-Version: 1.0\r\n", "a web archive (.mht)"),
        (b"\x00\x01\x02\x03", "a document of unknown kind, beginning b'\\x00\\x01"),
    ],
)
def test_other_file_is_refused_with_its_kind(content, name):
    assert refusal(content).found.startswith(name)
    with pytest.raises(DocumentError):
        document_kind(content)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (compound("WordDocument", "1Table"), "an old binary .doc file"),
        (compound("EncryptionInfo", "EncryptedPackage"), "an encrypted Office file"),
        (compound("Workbook"), "an old binary Excel workbook (.xls)"),
        (compound("PowerPoint Document"), "an old binary PowerPoint file (.ppt)"),
        (compound("__properties_version1.0"), "an e-mail saved by Outlook (.msg)"),
        (compound("WordDocument", text=b"WPS Office_11.1.0"), "a binary document of WPS Office"),
        (compound("WordDocument", "KSOProductBuildVer"), "a binary document of WPS Office"),
        (compound("Workbook", text=b"WPS Office_11.1.0"), "a binary workbook of WPS Office"),
        (compound("MatOST"), "a document of Microsoft Works"),
        (OLE, "an old binary .doc file, or another file of its format (.wps"),
    ],
)
def test_old_office_file_is_refused_with_kind_of_its_streams(content, name):
    assert refusal(content).found.startswith(name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (make_zip([("xl/workbook.xml", "<a/>")]), "an Excel workbook (.xlsx)"),
        (make_zip([("ppt/presentation.xml", "<a/>")]), "a PowerPoint presentation (.pptx)"),
        (office("xl/workbook.xml", 'workbook xmlns="x/spreadsheetml/main"'), "an Excel workbook"),
        (office("a.xml", 'presentation xmlns="x/presentationml/main"'), "a PowerPoint"),
        (make_zip([("OFD.xml", "<a/>"), ("Doc_0/Document.xml", "<a/>")]), "an OFD document (.ofd)"),
        (
            make_zip([("mimetype", "application/vnd.oasis.opendocument.text")]),
            "an OpenDocument text (.odt)",
        ),
        (
            make_zip([("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]),
            "an OpenDocument spreadsheet (.ods)",
        ),
        (encrypted(make_docx(table(row("甲")))), "an encrypted zip"),
        (
            make_zip([("folder/", "")]),
            f"a zip that is not a .docx file, because it lacks {MAIN_PART}; it is empty",
        ),
        (
            make_zip([("a.txt", "")]),
            f"a zip that is not a .docx file, because it lacks {MAIN_PART}; it contains a.txt",
        ),
    ],
)
def test_zip_is_refused_with_kind_of_its_members(content, name):
    assert refusal(content).found.startswith(name)


@pytest.mark.parametrize("name", ["名单.docx", "附件/清单.pdf", "清单.DOC", "éé.docx"])
def test_zip_of_a_document_is_refused_with_its_name(name):
    message = refusal(make_zip([(name, b"")])).found
    assert message == f"a zip of documents instead of a document: {name}"


def test_member_name_in_gb18030_is_legible():
    assert "深度合成清单.docx" in refusal(named_in_gb18030("深度合成清单.docx")).found


def test_zip_of_many_documents_is_refused_with_first_names_and_count():
    message = refusal(make_zip([(f"{number}.pdf", b"") for number in range(1_000)])).found
    assert message.endswith("0.pdf、1.pdf、2.pdf、3.pdf、4.pdf and 995 more")


@pytest.mark.parametrize(
    "content",
    [b"", OLE, compound("EncryptedPackage"), picture("PNG"), b"{}", make_zip([("OFD.xml", "")])],
)
def test_refusal_has_a_remedy_and_is_short(content):
    error = refusal(content)
    assert len(str(error)) < 300
    assert error.remedy or not content


@pytest.mark.parametrize(("beginning", "kind"), [(b"PK\x03\x04", "docx"), (b"%PDF-1.7", "pdf")])
def test_document_over_size_limit_is_refused(beginning, kind):
    most = beginning + bytes(MAX_BYTES[kind] - len(beginning))
    assert document_kind(most) == kind
    with pytest.raises(DocumentError, match="the limit is"):
        document_kind(most + b" ")


def test_pdf_with_a_password_is_refused():
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(10, 10, "a")
    canvas.save()
    assert refusal(buffer.getvalue()).found == "a .pdf file with a password"
