"""Error messages about documents are short, whatever the documents contain."""

import pytest

from scrapers.documents.parsing import parse
from scrapers.errors import DocumentError
from tests.support.docx_builder import (
    HEADINGS,
    MAIN_PART,
    Xml,
    cell,
    make_docx,
    make_zip,
    row,
    table,
)
from tests.support.pdf_builder import make_one_page_pdf
from tests.support.tables import LIST_LAYOUTS


def test_message_quotes_first_headings_and_count_of_others():
    unknown = [f"标题{number}" for number in range(50)]
    with pytest.raises(DocumentError) as caught:
        parse(make_docx(table(row(*HEADINGS, *unknown))), LIST_LAYOUTS)
    assert "标题0、标题1、标题2、标题3、标题4 and 45 more" in caught.value.found
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "content",
    [
        make_docx(table(row(*HEADINGS, cell("未知" * 5_000)))),
        make_zip([("_rels/.rels", "<a>" + "b" * 5_000)]),
        make_zip([(MAIN_PART, f"<{'a' * 5_000}/>")]),
        make_zip([(MAIN_PART, f'<?xml version="1.0" encoding="{"x" * 5_000}"?><a/>')]),
        make_zip([("a" * 5_000, "")]),
        make_docx(table(row(Xml(f"<w:tc><w:{'a' * 5_000}/></w:tc>")))),
        b"plain " * 5_000,
        make_one_page_pdf(b" ", f"/A [{'(x) ' * 5_000}"),
    ],
)
def test_message_is_short_however_long_names_are(content):
    with pytest.raises(DocumentError) as caught:
        parse(content, LIST_LAYOUTS)
    assert len(str(caught.value)) < 600
