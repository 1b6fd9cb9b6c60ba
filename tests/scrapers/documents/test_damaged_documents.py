"""Damaged and hostile documents are refused with a specific message, quickly and within memory."""

import random
import tracemalloc
import zipfile
from functools import cache

import pytest

from scrapers.documents import document_kind
from scrapers.documents.docx import package
from scrapers.documents.docx.package import MAX_MEMBERS
from scrapers.errors import DocumentError, FilingsError
from tests.support.docx_builder import (
    HEADINGS,
    MAIN_PART,
    document_xml,
    make_docx,
    make_filing_cells,
    make_zip,
    row,
    spanning,
    table,
)
from tests.support.tables import read_list

TABLE = table(row(*HEADINGS), row(*make_filing_cells()))
WHOLE = make_docx(TABLE)
ENTITY = '<!DOCTYPE d [<!ENTITY a "甲"><!ENTITY b "&a;&a;">]>'
LAUGHS = "".join(f'<!ENTITY x{n + 1} "{f"&x{n};" * 10}">' for n in range(9))
FILE_ENTITY = '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
BOMB_BYTES = 16 * 2**20


def refusal(content: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_list(content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WHOLE, "docx"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", "pdf"),
        (b"PK\x03\x04", "docx"),
    ],
)
def test_kind_is_determined_by_first_bytes(content, kind):
    assert document_kind(content) == kind


@pytest.mark.parametrize("length", [4, 30, len(WHOLE) // 2, len(WHOLE) - 1])
def test_truncated_zip_is_refused_as_damaged(length):
    assert "a damaged .docx file" in refusal(WHOLE[:length])


@pytest.mark.parametrize("xml", [document_xml("<w:tbl>"), "", "text"])
def test_broken_xml_is_refused(xml):
    assert "broken XML" in refusal(make_zip([(MAIN_PART, xml)]))


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-7"])
def test_xml_in_another_encoding_is_refused(encoding):
    declared = f'version="1.0" encoding="{encoding}"'
    xml = document_xml(TABLE).replace('version="1.0"', declared).encode("ascii", "ignore")
    assert f"XML in the encoding '{encoding}'" in refusal(make_zip([(MAIN_PART, xml)]))


@pytest.mark.parametrize("name", ["UTF-8", "utf8", "US-ASCII"])
def test_xml_in_any_name_of_utf8_is_read(name):
    xml = document_xml(TABLE).replace('version="1.0"', f'version="1.0" encoding="{name}"')
    assert len(read_list(make_zip([(MAIN_PART, xml)])).rows) == 1


def test_broken_utf16_is_refused():
    xml = document_xml().encode("utf-16")
    assert "broken XML (truncated data)" in refusal(make_zip([(MAIN_PART, xml[:-1])]))


def test_document_without_body_is_refused():
    assert "has no body but the root html" in refusal(make_zip([(MAIN_PART, "<html/>")]))


@pytest.mark.parametrize(
    "doctype",
    ["<!DOCTYPE d>", ENTITY, FILE_ENTITY, f'<!DOCTYPE d [<!ENTITY x0 "lol">{LAUGHS}]>'],
    ids=["bare", "entity", "file", "billion laughs"],
)
def test_document_with_doctype_is_refused(doctype):
    xml = document_xml(table(row(*HEADINGS), row(*make_filing_cells())), doctype=doctype)
    assert "document type declaration" in refusal(make_zip([(MAIN_PART, xml)]))


@cache
def bomb() -> bytes:
    return make_zip([(MAIN_PART, b" " * BOMB_BYTES)])


def lying_bomb() -> bytes:
    """A bomb of which both headers of the zip declare a hundred bytes."""
    content = bytearray(bomb())
    true_size = BOMB_BYTES.to_bytes(4, "little")
    for header, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(header) + offset
        assert content[place : place + 4] == true_size
        content[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("make", "message"),
    [(bomb, "unpacks to over 1,048,576 bytes"), (lying_bomb, "a damaged .docx file")],
)
def test_zip_bomb_is_refused_within_memory(make, message, monkeypatch):
    monkeypatch.setattr(package, "MAX_UNPACKED_BYTES", 2**20)
    content = make()
    assert len(content) < 200_000
    tracemalloc.start()
    assert message in refusal(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20


def test_too_many_tags_are_refused_before_they_are_parsed(monkeypatch):
    monkeypatch.setattr(package, "MAX_TAGS", 1_000)
    monkeypatch.setattr(package, "parse", None)
    content = make_zip([(MAIN_PART, document_xml("<w:p/>" * 1_000))])
    assert "over 1,000 tags" in refusal(content)


def test_too_many_members_are_refused():
    members = [(f"{number}", b"") for number in range(MAX_MEMBERS + 1)]
    assert "over 2,000 members" in refusal(make_zip(members, zipfile.ZIP_STORED))


@pytest.mark.parametrize("columns", ["0", "-1", "x", "", "9" * 5000])
def test_cell_that_spans_an_impossible_number_of_columns_is_refused(columns):
    assert "grid columns" in refusal(make_docx(table(row(spanning(columns, "甲")))))


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damaged_data_of_each_compression_is_refused_as_damaged(kind):
    content = bytearray(make_zip([(MAIN_PART, document_xml("<w:p/>" * 50))], kind))
    start = content.index(MAIN_PART.encode()) + len(MAIN_PART) + 12
    content[start : start + 40] = b"\xff" * 40
    assert "a damaged .docx file" in refusal(bytes(content))


def test_any_changed_bytes_raise_only_errors_of_the_reader():
    dice = random.Random(7)
    refused = 0
    for _ in range(300):
        content = bytearray(WHOLE)
        for _ in range(dice.randint(1, 4)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        try:
            read_list(bytes(content))
        except FilingsError:
            refused += 1
    assert refused > 150


def test_intact_document_is_read():
    assert len(read_list(WHOLE).rows) == 1


@pytest.mark.parametrize("inner", ["<w:vMerge/>", "<w:gridSpan w:val='2'/>", "<w:t>甲</w:t>"])
@pytest.mark.parametrize("outer", ["<w:tbl>{}</w:tbl>", "<w:tbl><w:tr>{}</w:tr></w:tbl>"])
def test_content_of_a_cell_outside_cells_is_refused(outer, inner):
    assert "unknown element in a table" in refusal(make_docx(outer.format(inner)))
