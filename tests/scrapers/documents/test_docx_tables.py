"""Rows and tables of a .docx are read wherever they are, once, and without deleted content."""

import pytest

from scrapers.errors import DocumentError
from tests.scrapers.documents.word_elements import (
    alternate,
    in_paragraph,
    listed,
    names,
    shown,
)
from tests.support.docx_builder import (
    HEADINGS,
    Xml,
    cell,
    make_filing_cells,
    merged_down,
    paragraph,
    row,
    table,
)

TEXT_BOX = (
    "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent>"
    "</v:textbox></w:pict></w:r></w:p>"
)
CONTROL = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
DELETED = "<w:trPr><w:del/></w:trPr>"


def test_deleted_rows_are_skipped():
    first, second, third = listed(1, 2, 3)
    gone = second.replace("<w:tr>", f"<w:tr>{DELETED}")
    assert names(table(row(*HEADINGS), first, gone, third)) == ["算法1", "算法3"]
    assert names(table(row(*HEADINGS), second, first, gone)) == ["算法2", "算法1"]


def test_former_deletion_mark_of_a_row_is_ignored():
    former = f"<w:trPr><w:trPrChange>{DELETED}</w:trPrChange></w:trPr>"
    (first,) = listed(1)
    assert names(table(row(*HEADINGS), first.replace("<w:tr>", f"<w:tr>{former}"))) == ["算法1"]


def test_rows_and_tables_with_alternate_content_are_read_once():
    first, second = listed(1, 2)
    both = alternate(second, second)
    assert names(table(row(*HEADINGS), first, both)) == ["算法1", "算法2"]
    whole = alternate(table(second), table(second))
    assert names(table(row(*HEADINGS), first), whole) == ["算法1", "算法2"]


@pytest.mark.parametrize(
    "place",
    [
        TEXT_BOX,
        "<w:ins>{}</w:ins>",
        "<w:moveTo>{}</w:moveTo>",
        "<w:customXml>{}</w:customXml>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
    ],
    ids=["text box", "inserted", "moved to", "custom XML", "content control"],
)
def test_table_is_read_wherever_it_is(place):
    first, second = listed(1, 2)
    blocks = [table(row(*HEADINGS), first), place.format(table(second))]
    assert names(*blocks) == ["算法1", "算法2"]


@pytest.mark.parametrize(
    "place",
    ["<w:moveFrom>{}</w:moveFrom>", "<w:del>{}</w:del>"],
)
def test_deleted_or_moved_table_is_skipped(place):
    first, second = listed(1, 2)
    assert names(table(row(*HEADINGS), first), place.format(table(second))) == ["算法1"]


def test_table_in_a_text_box_in_a_cell_is_refused():
    inner = (
        f"<w:pict><v:textbox><w:txbxContent>{table(row('内'))}</w:txbxContent></v:textbox></w:pict>"
    )
    with pytest.raises(DocumentError, match="a table inside a table cell"):
        shown(in_paragraph(f"<w:r>{inner}</w:r>"))


@pytest.mark.parametrize(
    "place",
    [
        "{}",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:customXml>{}</w:customXml>",
        "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r></w:p>",
    ],
)
@pytest.mark.parametrize("cut", ["", "</w:t></w:r><w:r><w:t>", "</w:t></w:r></w:p><w:p><w:r><w:t>"])
def test_filing_number_outside_tables_is_refused(place, cut):
    below = paragraph("4 算法4 网信算备11010898765010|1230015号").replace("|", cut)
    with pytest.raises(DocumentError, match="110108987650101230015 is outside every table"):
        names(table(row(*HEADINGS), *listed(1)), place.format(below))


def test_hidden_or_deleted_filing_number_outside_tables_is_ignored():
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>110108987650101230015</w:t></w:r></w:p>"
    deleted = "<w:p><w:del><w:r><w:delText>110108987650101230015</w:delText></w:r></w:del></w:p>"
    prompt = CONTROL.format("<w:showingPlcHdr/>", paragraph("110108987650101230015"))
    assert names(table(row(*HEADINGS), *listed(1)), hidden, deleted, prompt) == ["算法1"]


@pytest.mark.parametrize("note", ["", merged_down("备注")], ids=["plain", "with merges"])
@pytest.mark.parametrize("nested", ["{}", CONTROL.format("", "{}")])
def test_cell_in_a_control_with_a_prompt_is_empty(nested, note):
    position, name, *others = make_filing_cells()[:-1]
    prompt = Xml(CONTROL.format("<w:showingPlcHdr/>", nested.format(cell(name))))
    assert names(table(row(*HEADINGS), row(position, prompt, *others, note))) == [""]


def test_rows_in_custom_xml_are_read():
    first, second = listed(1, 2)
    rows = f"<w:customXml>{first}</w:customXml>", f"<w:ins>{second}</w:ins>"
    assert names(table(row(*HEADINGS), *rows)) == ["算法1", "算法2"]


def test_table_in_a_text_box_is_read_next_to_empty_tables():
    first, second = listed(1, 2)
    blocks = ["<w:tbl/>", "<w:tbl/>", table(row(*HEADINGS), first), TEXT_BOX.format(table(second))]
    assert names(*blocks) == ["算法1", "算法2"]


def test_tables_with_namespace_declarations_in_their_tags_are_read():
    first, second, third = ([*listed(number)] for number in (1, 2, 3))
    odd = table(row(*HEADINGS), *first).replace("<w:tbl>", '<w:tbl xmlns:x="urn:x">')
    odder = table(*second).replace("<w:tbl>", '<w:tbl xmlns:x="urn:x">')
    wrapped = f"<w:sdt><w:sdtContent>{table(*third)}</w:sdtContent></w:sdt>"
    assert names(odd, odder, wrapped) == ["算法1", "算法2", "算法3"]
