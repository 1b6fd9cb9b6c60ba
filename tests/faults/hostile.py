"""Documents made to exhaust the memory or time of a reader, built quickly at any size.

Every function returns the bytes of a document that looks like a list.
"""

import struct
import zlib
from collections.abc import Callable

from tests.support.docx_builder import (
    HEADINGS,
    MAIN_PART,
    cell,
    document_xml,
    make_docx,
    make_filing_cells,
    make_zip,
    merged_down,
    merged_up,
    row,
    spanning,
    table,
)
from tests.support.pdf_builder import make_pdf_with_form

MEGABYTE = 1024 * 1024


def list_with(**cells: str) -> bytes:
    """A list of one row with some cells replaced, by heading."""
    usual = dict(zip(HEADINGS, make_filing_cells(), strict=True))
    return make_docx(table(row(*HEADINGS), row(*(usual | cells).values())))


def list_with_heading(heading: str) -> bytes:
    """A list with a ninth column of this heading."""
    return make_docx(table(row(*HEADINGS, heading), row(*make_filing_cells(), "")))


def merged_cells(count: int) -> bytes:
    """Two rows of `count` cells, with those of the second merged into those above."""
    first = row(*[merged_down("甲")] * count)
    return make_docx(table(first, row(*[merged_up()] * count)))


def headings(count: int) -> bytes:
    """A heading row with `count` more cells."""
    return make_docx(table(row(*HEADINGS, *[cell("甲")] * count), row(*make_filing_cells())))


def spans(count: int, columns: int) -> bytes:
    """`count` rows, each with one cell that spans `columns` columns."""
    return make_docx(table(row(*HEADINGS), *[row(spanning(columns, "甲"))] * count))


def nested_tables(depth: int) -> bytes:
    inner = "甲"
    for _ in range(depth):
        inner = table(row(cell(inner)))
    return make_docx(inner)


def rows(count: int) -> bytes:
    """A list of `count` equal rows."""
    return make_docx(table(row(*HEADINGS), *[row(*make_filing_cells())] * count))


def with_document_type(declaration: str) -> bytes:
    """A list whose XML has a document type declaration."""
    listed = table(row(*HEADINGS), row(*make_filing_cells()))
    return make_zip([(MAIN_PART, document_xml(listed, doctype=f"<!DOCTYPE d [{declaration}]>"))])


def external_entity(url: str) -> str:
    """A declaration that loads a URL."""
    return f'<!ENTITY % outer SYSTEM "{url}"> %outer;'


def laughs(levels: int) -> str:
    """Entities that expand to 10^levels characters."""
    return '<!ENTITY x0 "甲">' + "".join(
        f'<!ENTITY x{n + 1} "{f"&x{n};" * 10}">' for n in range(levels)
    )


def zip_directory(entries: int) -> bytes:
    """A .docx file whose directory lists this number of members."""
    whole = make_docx(table(row(*HEADINGS), row(*make_filing_cells())))
    end = whole.rindex(b"PK\x05\x06")
    size, start = struct.unpack("<II", whole[end + 12 : end + 20])
    one = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *[20, 20, 0, 0, 0, 0], *[0] * 3, 1, *[0] * 6)
    directory = whole[start : start + size] + (one + b"x") * entries
    shown = min(entries + 1, 0xFFFF)
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, shown, shown, len(directory), start, 0)
    return whole[:start] + directory + tail


def zip_bomb(megabytes: int) -> bytes:
    """A .docx file whose main part unpacks to this number of megabytes."""
    return make_zip([(MAIN_PART, b"<a>" + b" " * (megabytes * MEGABYTE))])


def pdf_bomb(megabytes: int) -> bytes:
    """A PDF whose page unpacks to this number of megabytes of blanks."""
    return pdf_page(_packed_blanks(megabytes), "/Filter /FlateDecode")


def pdf_rectangles(count: int) -> bytes:
    """A page with `count` small rectangles."""
    drawn = "".join(f"{n % 500} {n // 500 % 400} 1 1 re S\n" for n in range(count))
    return pdf_page(zlib.compress(drawn.encode()), "/Filter /FlateDecode")


def pdf_characters(count: int) -> bytes:
    """A page with `count` characters, each in a different position."""
    shown = "".join(f"1 0 0 1 {n % 500} {n // 500 % 400} Tm (a) Tj\n" for n in range(count))
    content = f"BT /F1 1 Tf\n{shown}ET".encode()
    return pdf_page(zlib.compress(content), "/Filter /FlateDecode")


def pdf_pages(count: int) -> bytes:
    """A PDF that lists one page `count` times."""
    whole = make_pdf_with_form(b"BT /F1 9 Tf 20 20 Td (a) Tj ET", "")
    kids = b"3 0 R " * count
    return whole.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [%b] /Count %d" % (kids, count))


def pdf_page(content: bytes, attributes: str) -> bytes:
    """A PDF of one page with this content stream."""
    marker = b"% content"
    whole = make_pdf_with_form(marker, "")
    plain = b"<<  /Length %d >>\nstream\n%b\nendstream" % (len(marker), marker)
    assert whole.count(plain) == 1
    stream = b"<< %b /Length %d >>\nstream\n%b\nendstream" % (
        attributes.encode(), len(content), content,
    )  # fmt: skip
    return whole.replace(plain, stream)


def _packed_blanks(megabytes: int) -> bytes:
    """Megabytes of blanks compressed by zlib, without compressing all of them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    one = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    # An empty last block; the sum of Adler-32 is computed in closed form.
    size, blank, prime = megabytes * MEGABYTE, ord(" "), 65_521
    low = (1 + blank * size) % prime
    high = (size + blank * size * (size + 1) // 2) % prime
    return b"\x78\xda" + one * megabytes + b"\x03\x00" + struct.pack(">HH", high, low)


# Tried by `make faults`, at the sizes at which each once did harm.
FULL_SIZE: dict[str, Callable[[], bytes]] = {
    "rows of 20,000 merged cells": lambda: merged_cells(20_000),
    "rows of 400,000 merged cells": lambda: merged_cells(400_000),
    "a heading row of 300,000 cells": lambda: headings(300_000),
    "10,000 cells over 1,000 columns": lambda: spans(10_000, 1_000),
    "tables 200 deep": lambda: nested_tables(200),
    "a list of 60,000 rows": lambda: rows(60_000),
    "a note of 300,000 blanks": lambda: list_with(备注=f"甲{' ' * 300_000}乙"),
    "a note of 300,000 open quotes": lambda: list_with(备注="“" * 300_000),
    "a company's name of 1,000,000 characters": lambda: list_with(主体名称="甲" * 1_000_000),
    "entities that unpack to 10^9 characters": lambda: with_document_type(laughs(9)),
    "an entity that reads /dev/zero": lambda: with_document_type(
        external_entity("file:///dev/zero")
    ),
    "a zip that unpacks to 256 MB": lambda: zip_bomb(256),
    "a zip directory of 1,300,000 members": lambda: zip_directory(1_300_000),
    "a PDF that unpacks to 3 GB": lambda: pdf_bomb(3 * 1024),
    "a PDF of 300,000 rectangles": lambda: pdf_rectangles(300_000),
    "a PDF of 200,000 characters": lambda: pdf_characters(200_000),
    "a PDF of 20,000 pages": lambda: pdf_pages(20_000),
}
