"""The XML of a .docx is parsed without opening any file that it names."""

import os

import pytest

from scrapers.documents.docx import xml
from scrapers.documents.reading import DocumentReader, Limits
from scrapers.errors import DocumentError
from tests.support.docx_builder import (
    HEADINGS,
    MAIN_PART,
    NAMESPACE,
    document_xml,
    make_filing_cells,
    make_zip,
    row,
    table,
)
from tests.support.tables import LIST_LAYOUTS

# If a pipe were opened, reading from it would not end before this limit.
READER = DocumentReader(Limits(seconds=20))
LIST_TABLE = table(row(*HEADINGS), row(*make_filing_cells()))


@pytest.fixture
def pipe(tmp_path):
    """A named pipe, which blocks any process that opens it to read."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    yield path.as_uri()
    with pytest.raises(OSError, match="No such device or address"):
        os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # no process has it open


@pytest.mark.parametrize(
    ("encoding", "declared_as"),
    [
        ("utf-8", ""),
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16", ""),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-be", "UCS-4"),
        ("utf-7", "UTF-7"),
        ("cp037", "IBM037"),
        ("cp500", "EBCDIC-CP-BE"),
        ("iso-2022-jp", "ISO-2022-JP"),
        ("gb18030", "GB18030"),
        ("utf-8", "UTF-7"),
        ("utf-8", "UTF-16"),
    ],
)
@pytest.mark.parametrize("name", [MAIN_PART, "word/styles.xml", "_rels/.rels"])
def test_docx_opens_no_file_named_in_its_xml(pipe, encoding, declared_as, name):
    declaration = f' encoding="{declared_as}"' if declared_as else ""
    part = (
        f'<?xml version="1.0"{declaration}?><!DOCTYPE vanish [<!ENTITY % p SYSTEM "{pipe}"> %p;]>'
        f'<w:document xmlns:w="{NAMESPACE}"><w:body/></w:document>'
    )
    others = [(MAIN_PART, document_xml(LIST_TABLE))] if name != MAIN_PART else []
    with pytest.raises(DocumentError, match=r"document type declaration|encoding|broken XML"):
        READER.read(make_zip([(name, part.encode(encoding)), *others]), LIST_LAYOUTS)


def test_parser_that_runs_out_of_memory_raises_memory_error(monkeypatch):
    def fail(*_):
        raise xml.etree.XMLSyntaxError("out of memory", xml.etree.ErrorTypes.ERR_NO_MEMORY, 1, 1)

    monkeypatch.setattr(xml.etree, "fromstring", fail)
    with pytest.raises(MemoryError):
        xml.parse(b"<a/>")


def test_parser_opens_no_file_even_if_a_declaration_reaches_it(tmp_path):
    named = tmp_path / "named.dtd"
    named.write_text('<!ENTITY x "secret">')
    text = f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{named.as_uri()}"> %p;]><d>&x;</d>'
    with pytest.raises(DocumentError, match="names another file"):
        xml.etree.fromstring(text.encode(), xml._parser())
