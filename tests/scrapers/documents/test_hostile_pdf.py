"""A .pdf that exhausts time or memory is refused quickly.

The tests read it in this process, without the limits of the child process.
"""

import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from pdfminer.pdfpage import PDFPage

from scrapers.documents.pdf import MAX_PAGES, budget, painting, streams, visibility
from scrapers.documents.pdf.streams import MAX_STREAM_BYTES
from tests.scrapers.documents.timing import read_in_time
from tests.support.pdf_builder import (
    make_one_page_pdf,
    make_pdf_of_objects,
    make_pdf_with_form,
    stream,
)


def flate(content: bytes, **attributes: str) -> bytes:
    return make_one_page_pdf(zlib.compress(content, 9), "/Filter /FlateDecode", **attributes)


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    piece = b" " * min(size, 2**20)
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


def flate_bomb(size: int) -> bytes:
    return make_one_page_pdf(bomb(size), "/Filter /FlateDecode")


def pdf_of_run_lengths(size: int) -> bytes:
    return make_one_page_pdf(b"\x81 " * (size // 128), "/Filter /RunLengthDecode")


def pdf_of_lzw() -> bytes:
    """A stream whose codes each decompress to one byte more: 8 MB from 6 kB."""
    codes = [256, ord("a"), *range(258, 4_090)]
    bits = ""
    for code in codes:
        width = 9 + sum(code >= most for most in (511, 1_023, 2_047)) if code > 257 else 9
        bits += f"{code:0{width}b}"
    bits += "0" * (-len(bits) % 8)
    content = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return make_one_page_pdf(content, "/Filter /LZWDecode")


KIB = 1024
TEXT = b"BT /F1 4 Tf 10 10 Td "
UNPACKS_TO_TOO_MUCH = f"unpacks to over {MAX_STREAM_BYTES:,} bytes"


def doubling_forms(depth: int) -> bytes:
    """Forms that each draw the next one twice."""
    forms = [
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
            f"/Resources << /XObject << /X {number + 7} 0 R >> >>",
            b"/X Do /X Do ",
        )
        for number in range(depth)
    ]
    last = stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b" ")
    return make_one_page_pdf(b"/X Do", "", "", *forms, last)


@dataclass(frozen=True)
class Case:
    """A document, the error it must cause, and smaller limits that make the test fast."""

    make: Callable[[], bytes]
    message: str
    limits: dict[str, int] = field(default_factory=dict)


HOSTILE_PDFS: dict[str, Case] = {
    "packed": Case(lambda: flate_bomb(2 * MAX_STREAM_BYTES), UNPACKS_TO_TOO_MUCH),
    "packed twice": Case(
        lambda: make_one_page_pdf(
            zlib.compress(bomb(2 * MAX_STREAM_BYTES)), "/Filter [/FlateDecode /FlateDecode]"
        ),
        UNPACKS_TO_TOO_MUCH,
    ),
    "many streams": Case(
        lambda: flate_bomb(30 * KIB),
        f"the .pdf file unpacks to over {20 * KIB:,} bytes",
        {"streams.MAX_UNPACKED_BYTES": 20 * KIB},
    ),
    "run lengths": Case(
        lambda: make_one_page_pdf(b"\x81 " * (MAX_STREAM_BYTES // 100), "/Filter /RunLengthDecode"),
        UNPACKS_TO_TOO_MUCH,
    ),
    "letters z": Case(
        lambda: make_one_page_pdf(b"z" * (MAX_STREAM_BYTES // 3) + b"~>", "/Filter /ASCII85Decode"),
        UNPACKS_TO_TOO_MUCH,
    ),
    "damaged at its end": Case(
        lambda: make_one_page_pdf(bomb(24 * 2**20)[:-1] + b"x", "/Filter /FlateDecode"),
        "over 16,777,216 bytes of page content",
    ),
    "predictor": Case(
        lambda: make_one_page_pdf(
            zlib.compress(b"a"),
            "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1000000000 >>",
        ),
        "a predictor over 1,000,000,000 columns",
    ),
    "resources": Case(
        lambda: flate(b" "), "over 100 bytes of page content", {"budget.MAX_CONTENT_BYTES": 100}
    ),
    "forms": Case(lambda: doubling_forms(23), "draws over 10,000 forms"),
    "characters": Case(
        lambda: flate(TEXT + b"(aaaaaaaaaa) Tj " * 20),
        "the page has over 100 characters",
        {"painting.MAX_GLYPHS": 100},
    ),
    "characters of all pages": Case(
        lambda: flate(TEXT + b"(aaaaaaaaaa) Tj " * 20),
        "the .pdf file has over 100 characters",
        {"budget.MAX_GLYPHS": 100},
    ),
    "rectangles": Case(
        lambda: flate(b"5 5 9 9 re f " * 60),
        "over 50 lines and areas",
        {"painting.MAX_PATHS": 50},
    ),
    "sides of one path": Case(
        lambda: flate(b"0 0 m " + b"99 0 l 99 99 l 0 99 l 0 0 l " * 20 + b"S"),
        "over 50 lines and areas",
        {"painting.MAX_PATHS": 50},
    ),
    "repeated clipping": Case(
        lambda: flate(b"0 0 m " + b"1 1 l " * 50 + b"W " * 100),
        "paths with over 2,000 points",
        {"budget.MAX_POINTS": 2_000},
    ),
    "points of painted paths": Case(
        lambda: flate((b"0 0 m " + b"1 1 l " * 50 + b"S ") * 50),
        "paths with over 2,000 points",
        {"budget.MAX_POINTS": 2_000},
    ),
    "areas next to text": Case(
        lambda: flate(
            b"1 0 0 rg " + b"1 0 7 800 re f " * 200 + b"0 g BT /F1 4 Tf 100 10 Td "
            + b"(aaaaaaaaaa) Tj 0 .5 Td " * 10
        ),
        "more areas around its text",
        {"visibility.MAX_MISSED": 10_000},
    ),
    "nested states": Case(lambda: flate(b"q " * 501), "nests over 500 graphics states"),
    "font size": Case(
        lambda: flate(b"BT /F1 100000000 Tf 10 10 Td (a) Tj"), "a character larger than"
    ),
    "page size": Case(
        lambda: make_one_page_pdf(b" ", "", "/CropBox [0 0 1000000000 1000000000]"),
        "14,400 points",
    ),
    "comments": Case(
        lambda: make_one_page_pdf(b" ", "", f"/Annots [{'<< /Subtype /FreeText >> ' * 10_001}]"),
        "over 10,000 comments",
    ),
    "layers of a group": Case(
        lambda: make_pdf_with_form(
            b"/OC /G BDC EMC",
            f"/Properties << /G << /OCGs [{'9 0 R ' * 201}] >> >>",
            "/OCProperties << /D << /OFF [8 0 R] >> >>",
        ),
        "a group of over 200 layers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_pdf_that_needs_too_much_work_is_refused(name, monkeypatch):
    case = HOSTILE_PDFS[name]
    for limit, value in case.limits.items():
        monkeypatch.setattr(f"scrapers.documents.pdf.{limit}", value)
    refusal = read_in_time(case.make())
    assert refusal is not None
    assert case.message in refusal.found


def test_limits_bound_the_work_and_allow_for_the_largest_lists():
    assert (painting.MAX_GLYPHS, painting.MAX_PATHS) == (100_000, 50_000)
    assert (budget.MAX_GLYPHS, budget.MAX_POINTS) == (1_000_000, 2_000_000)
    assert (streams.MAX_STREAM_BYTES, streams.MAX_UNPACKED_BYTES) == (32 * 2**20, 96 * 2**20)
    assert (MAX_PAGES, visibility.MAX_MISSED) == (1_000, 10_000_000)


@pytest.mark.parametrize(
    "content",
    [flate_bomb(8 * 2**20), pdf_of_run_lengths(8 * 2**20), pdf_of_lzw()],
    ids=["flate", "run lengths", "LZW"],
)
def test_decompression_stops_at_the_limit(content, monkeypatch):
    monkeypatch.setattr("scrapers.documents.pdf.streams.MAX_STREAM_BYTES", 2**20)
    tracemalloc.start()
    try:
        assert read_in_time(content) is not None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * 2**20


@pytest.mark.parametrize(("colours", "is_read"), [(100, True), (101, False)])
def test_length_of_a_predictor_row_is_limited_to_its_bytes(colours, is_read):
    parameters = f"/Predictor 12 /Columns 1000 /Colors {colours}"
    content = make_one_page_pdf(
        zlib.compress(b"\x00"), f"/Filter /FlateDecode /DecodeParms << {parameters} >>"
    )
    refusal = read_in_time(content)
    assert refusal is not None
    assert ("a predictor over" in refusal.found) is not is_read


def test_pages_after_the_limit_are_not_loaded(monkeypatch):
    monkeypatch.setattr("scrapers.documents.pdf.MAX_PAGES", 3)
    kids = " ".join(f"{number} 0 R" for number in range(3, 13))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    content = make_pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count 10 >>".encode(),
        *[page] * 10,
    )
    loaded = []
    create_pages = PDFPage.create_pages

    def count(document):
        for each in create_pages(document):
            loaded.append(each)
            yield each

    monkeypatch.setattr(PDFPage, "create_pages", count)
    refusal = read_in_time(content)
    assert refusal is not None
    assert "over 3 pages" in refusal.found
    assert len(loaded) == 4
