"""A .docx made to exhaust time or memory is refused quickly.

It is read in the current process, without the limits of the child process.
"""

import zipfile

import pytest

from scrapers.documents import bounds
from scrapers.documents.bounds import (
    LONGEST_CELL,
    MAX_CELL_LENGTH,
    MAX_CELLS_OF_A_ROW,
    MAX_ROWS,
)
from scrapers.documents.docx.package import MAX_DIRECTORY_BYTES, MAX_MEMBERS
from scrapers.documents.docx.runs import MAX_NESTED_FIELDS
from scrapers.documents.parsing import parse
from scrapers.errors import DocumentError
from tests.scrapers.documents.timing import read_in_time, tables_in_time
from tests.support.docx_builder import (
    HEADINGS,
    MAIN_PART,
    NAMESPACE,
    Xml,
    document_xml,
    make_docx,
    make_filing_cells,
    make_zip,
    merged_down,
    merged_up,
    paragraph,
    row,
    spanning,
    table,
)
from tests.support.tables import LIST_LAYOUTS

TOO_MANY_CELLS = f"a row of over {MAX_CELLS_OF_A_ROW} cells"
LIST_TABLE = table(row(*HEADINGS), row(*make_filing_cells()))


def filing_with(**changes: str) -> str:
    """A row with other cells for the name, purpose or note."""
    cells = list(make_filing_cells())
    for name, value in changes.items():
        cells[{"name": 1, "purpose": 5, "note": 7}[name]] = value
    return row(*cells)


def in_name(content: str) -> bytes:
    """A list in which the name of an algorithm is a paragraph with this content."""
    name = Xml(f"<w:tc><w:p>{content}</w:p></w:tc>")
    return make_docx(table(row(*HEADINGS), filing_with(name=name)))


def field(content: str) -> str:
    begin, separate = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate"))
    return f"<w:r>{begin}{separate}<w:t>{content}</w:t></w:r>"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (make_docx(table(row(*[merged_down("甲")] * 20_000))), TOO_MANY_CELLS),
        (make_docx(table(row(*[spanning(2, "甲")] * 20_000))), TOO_MANY_CELLS),
        (make_docx(table(row(*HEADINGS, *["甲"] * 20_000))), TOO_MANY_CELLS),
        (make_docx(table("<w:tr/>" * (MAX_ROWS + 1))), f"over {MAX_ROWS:,} rows"),
        (make_docx(*[table("<w:tr/>" * 100)] * 300), f"over {MAX_ROWS:,} rows"),
        (
            make_docx(table(row(*HEADINGS), filing_with(note="编" * (MAX_CELL_LENGTH + 1)))),
            f"a cell of {MAX_CELL_LENGTH + 1:,} characters in row 2",
        ),
        (
            make_docx(
                table(
                    row(*HEADINGS),
                    filing_with(purpose=merged_down("编" * 9_000)),
                    filing_with(purpose=merged_up()) * 500,
                )
            ),
            "far more text in its cells",
        ),
        (
            make_docx(table(row(*HEADINGS), filing_with(note="编" * 1_900) * 400)),
            "far more text in its cells",
        ),
        (in_name(field("甲") * 20_000), "over 50 nested fields"),
    ],
    ids=[
        "merged downwards", "merged to the right", "headings", "rows", "tables", "cell",
        "merged text", "text", "fields",
    ],
)  # fmt: skip
def test_docx_over_a_limit_is_refused_in_time(content, message):
    assert message in read_in_time(content).found


def test_row_with_most_cells_and_fields_is_read():
    begin = '<w:fldChar w:fldCharType="begin"/>'
    nested = f"<w:r>{begin * MAX_NESTED_FIELDS}<w:t>甲</w:t></w:r>"
    cells = [Xml(f"<w:tc><w:p>{nested}</w:p></w:tc>"), *["甲"] * (MAX_CELLS_OF_A_ROW - 1)]
    ((found,),) = tables_in_time(make_docx(table(row(*cells))))
    assert len(found.texts) == MAX_CELLS_OF_A_ROW


@pytest.mark.parametrize(
    ("limit", "value", "rows"),
    [("MAX_ROWS", 2, ["甲", "乙"]), ("MAX_CHARACTERS_ACCEPTED", 6, ["甲" * 3, "乙" * 3])],
)
def test_limit_on_tables_is_inclusive(limit, value, rows, monkeypatch):
    monkeypatch.setattr(bounds, limit, value)
    size = bounds.Size()
    for text in rows:
        size.add([text])
    with pytest.raises(DocumentError):
        size.add(["丙"])


def test_long_cells_count_only_towards_total_text(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_CHARACTERS_ACCEPTED", 10)
    monkeypatch.setattr(bounds, "MAX_CHARACTERS", 3 * LONGEST_CELL)
    size = bounds.Size()
    size.add(["甲" * (LONGEST_CELL + 1)])
    with pytest.raises(DocumentError, match="far more text"):
        size.add(["甲" * 2 * LONGEST_CELL])


def test_list_with_one_very_long_cell_is_read():
    content = make_docx(table(row(*HEADINGS), filing_with(note="编" * MAX_CELL_LENGTH)))
    assert read_in_time(content) is None


def styles(count: int) -> str:
    """A chain of styles, each based on the next one. The last one hides text."""
    chain = "".join(
        f'<w:style w:styleId="s{number}"><w:basedOn w:val="s{number + 1}"/></w:style>'
        for number in range(count)
    )
    last = f'<w:style w:styleId="s{count}"><w:rPr><w:vanish/></w:rPr></w:style>'
    return f'<w:styles xmlns:w="{NAMESPACE}">{chain}{last}</w:styles>'


def test_long_chain_of_styles_hides_text_in_time():
    name = '<w:r><w:rPr><w:rStyle w:val="s0"/></w:rPr><w:t>内部</w:t></w:r><w:r><w:t>甲</w:t></w:r>'
    cells = list(make_filing_cells())
    cells[1] = Xml(f"<w:tc><w:p>{name}</w:p></w:tc>")
    content = make_zip(
        [
            (MAIN_PART, document_xml(table(row(*HEADINGS), row(*cells)))),
            ("word/styles.xml", styles(20_000)),
        ]
    )
    ((_, found),) = tables_in_time(content, seconds=4)
    assert found.texts[1] == "甲"


def declared(count: int) -> str:
    return " ".join(f'xmlns:n{number}="u{number}"' for number in range(count))


@pytest.mark.parametrize(
    "content",
    [
        make_docx(f"<w:p><w:r>{'<w:t>甲</w:t>' * 50_000}</w:r></w:p>", LIST_TABLE),
        make_docx(
            f"<w:p><w:sdt><w:sdtContent>{paragraph('甲') * 25_000}</w:sdtContent></w:sdt></w:p>",
            LIST_TABLE,
        ),
        make_docx(
            "<w:p><mc:AlternateContent>",
            '<mc:Choice Requires="q"/>' * 50_000,
            f"<mc:Fallback>{paragraph('甲') * 10_000}</mc:Fallback></mc:AlternateContent></w:p>",
            LIST_TABLE,
        ),
        in_name(f"{'<w14:x/>' * 50_000}<w:r><w:t>甲</w:t></w:r>"),
    ],
    ids=["texts of a run", "texts of a control", "renderings", "ignorable"],
)
def test_many_sibling_elements_are_read_in_time(content):
    assert read_in_time(content, seconds=4) is None


def test_many_namespaces_around_many_renderings_are_refused():
    choices = '<mc:Choice Requires="q"/>' * 50_000
    content = make_docx(
        f"<w:p {declared(5_000)}><mc:AlternateContent>{choices}</mc:AlternateContent>"
        "<w:r><w:t>甲</w:t></w:r></w:p>",
        LIST_TABLE,
    )
    assert "over 100 namespaces" in read_in_time(content).found


def test_long_namespace_of_many_elements_is_refused():
    name = f'xmlns:n="{"u" * 1_000_000}"'
    content = make_docx(f"<w:p {name}>{'<n:a/>' * 100_000}</w:p>", LIST_TABLE)
    assert "a namespace of over 500 characters" in read_in_time(content).found


def with_directory(members: int, size: int, *, is_large: bool = False) -> bytes:
    """The start and end of a zip that declares this number of members and size of directory."""
    end = b"PK\x05\x06" + bytes(4)
    if not is_large:
        counts = members.to_bytes(2, "little") * 2 + size.to_bytes(4, "little")
        return b"PK\x03\x04" + bytes(30) + end + counts + bytes(6)
    large = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(12)
    large += members.to_bytes(8, "little") * 2 + size.to_bytes(8, "little") + bytes(8)
    locator = b"PK\x06\x07" + bytes(12) + (1).to_bytes(4, "little")
    return b"PK\x03\x04" + bytes(30) + large + locator + end + b"\xff" * 12 + bytes(2)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    ("members", "size", "message"),
    [
        (MAX_MEMBERS + 1, 100, f"a zip of over {MAX_MEMBERS:,} members"),
        (1, MAX_DIRECTORY_BYTES + 1, f"a directory of over {MAX_DIRECTORY_BYTES:,} bytes"),
    ],
)
def test_large_directory_of_a_zip_is_refused_before_it_is_read(
    members, size, message, is_large, monkeypatch
):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert message in read_in_time(with_directory(members, size, is_large=is_large)).found


def test_large_directory_is_refused_before_a_comment(monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)
    comment = b"comment"
    end = len(comment).to_bytes(2, "little") + comment
    content = with_directory(MAX_MEMBERS + 1, 100)[:-2] + end
    assert "a zip of over" in read_in_time(content).found


def test_small_zip_in_zip64_format_is_read():
    content = make_docx(LIST_TABLE)
    place = content.rindex(b"PK\x05\x06")
    counts, directory, start = (
        content[place + 8 : place + 10],
        *(content[place + first : place + first + 4] for first in (12, 16)),
    )
    fields = [counts + bytes(6), counts + bytes(6), directory + bytes(4), start + bytes(4)]
    large = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(12) + b"".join(fields)
    locator = b"PK\x06\x07" + bytes(4) + place.to_bytes(8, "little") + (1).to_bytes(4, "little")
    end = b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)
    assert len(parse(content[:place] + large + locator + end, LIST_LAYOUTS).rows) == 1
