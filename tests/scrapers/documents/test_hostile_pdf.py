"""A .pdf that exhausts time or memory is refused quickly.

The tests read it in this process, without the limits of the child process.
"""

import zlib
from collections.abc import Callable

import pytest

from scrapers.documents.pdf.streams import MAX_STREAM_BYTES
from tests.scrapers.documents.timing import read_in_time
from tests.support.pdf_builder import make_one_page_pdf, make_pdf_of_objects, stream


def flate(content: bytes, **attributes: str) -> bytes:
    return make_one_page_pdf(zlib.compress(content, 9), "/Filter /FlateDecode", **attributes)


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    piece = b" " * 2**20
    return b"".join(packer.compress(piece) for _ in range(size // 2**20)) + packer.flush()


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


HOSTILE_PDFS: dict[str, tuple[Callable[[], bytes], str]] = {
    "packed": (
        lambda: make_one_page_pdf(bomb(8 * MAX_STREAM_BYTES), "/Filter /FlateDecode"),
        UNPACKS_TO_TOO_MUCH,
    ),
    "packed twice": (
        lambda: make_one_page_pdf(
            zlib.compress(bomb(8 * MAX_STREAM_BYTES)), "/Filter [/FlateDecode /FlateDecode]"
        ),
        UNPACKS_TO_TOO_MUCH,
    ),
    "run lengths": (
        lambda: make_one_page_pdf(b"\x81 " * (MAX_STREAM_BYTES // 100), "/Filter /RunLengthDecode"),
        UNPACKS_TO_TOO_MUCH,
    ),
    "letters z": (
        lambda: make_one_page_pdf(b"z" * (MAX_STREAM_BYTES // 3) + b"~>", "/Filter /ASCII85Decode"),
        UNPACKS_TO_TOO_MUCH,
    ),
    "damaged at its end": (
        lambda: make_one_page_pdf(bomb(24 * 2**20)[:-1] + b"x", "/Filter /FlateDecode"),
        "bytes of content",
    ),
    "predictor": (
        lambda: make_one_page_pdf(
            zlib.compress(b"a"),
            "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1000000000 >>",
        ),
        "a predictor over 1,000,000,000 columns",
    ),
    "forms": (lambda: doubling_forms(23), "draws over 10,000 forms"),
    "signs": (lambda: flate(TEXT + b"(aaaaaaaaaa) Tj " * 20_000), "over 100,000 characters"),
    "rectangles": (lambda: flate(b"5 5 9 9 re f " * 60_000), "over 50,000 lines and areas"),
    "one path": (
        lambda: flate(b"0 0 m " + b"99 0 l 99 99 l 0 99 l 0 0 l " * 20_000 + b"S"),
        "over 50,000 lines and areas",
    ),
    "clipping again": (
        lambda: flate(b"0 0 m " + b"1 1 l " * 50_000 + b"W " * 100), "paths with over",
    ),
    "areas next to text": (
        lambda: flate(
            b"1 0 0 rg " + b"1 0 7 800 re f " * 20_000 + b"0 g BT /F1 4 Tf 100 10 Td "
            + b"(aaaaaaaaaa) Tj 0 .5 Td " * 1_000
        ),
        "more areas around its text",
    ),
    "states": (lambda: flate(b"q " * 100_000), "graphics states"),
    "font size": (
        lambda: flate(b"BT /F1 100000000 Tf 10 10 Td (a) Tj"), "a character larger than",
    ),
    "page size": (
        lambda: make_one_page_pdf(b" ", "", "/CropBox [0 0 1000000000 1000000000]"),
        "14,400 points",
    ),
    "comments": (
        lambda: make_one_page_pdf(b" ", "", f"/Annots [{'<< /Subtype /FreeText >> ' * 20_000}]"),
        "over 10,000 comments",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_pdf_that_needs_too_much_work_is_refused(name):
    make, message = HOSTILE_PDFS[name]
    assert message in read_in_time(make()).found


def test_pdf_with_too_many_pages_is_refused_before_reading_them():
    kids = " ".join(f"{number} 0 R" for number in range(3, 30_003))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    content = make_pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count 30000 >>".encode(),
        *[page] * 30_000,
    )
    assert "over 1,000 pages" in read_in_time(content).found
