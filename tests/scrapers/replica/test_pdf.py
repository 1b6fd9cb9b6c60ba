"""PDF tables, read back with an independent library, including rows split between pages."""

from itertools import groupby

import pytest

from scrapers.replica.facts import load_register
from scrapers.replica.pdf import cancellation_pdf, list_pdf
from scrapers.replica.wording import printed_number, purpose
from tests.scrapers.replica.documents import expected_row, read_pdf_filings, read_pdf_rows

REGISTER = load_register()
FILINGS = {row.filing_number: row for rows in REGISTER.filings.values() for row in rows}
NOTICES = {
    notice_id: list(rows)
    for notice_id, rows in groupby(REGISTER.cancellations, key=lambda c: c.notice_id)
}


@pytest.mark.parametrize("notice_id", NOTICES)
def test_notice_contains_its_rows(notice_id):
    rows = NOTICES[notice_id]
    known = [FILINGS.get(row.filing_number) for row in rows]
    assert read_pdf_filings(cancellation_pdf(rows, FILINGS)) == [
        [
            str(position),
            row.algorithm_name,
            row.role,
            row.entity_name,
            row.products,
            purpose(filing) if filing else "见原备案。",
            printed_number(row.filing_number),
            row.cancelled_month,
        ]
        for position, (row, filing) in enumerate(zip(rows, known, strict=True), 1)
    ]


def test_long_notice_has_rows_split_between_pages():
    rows = read_pdf_rows(cancellation_pdf(max(NOTICES.values(), key=len), FILINGS))
    fragments = [row for row in rows if not row[0]]
    assert fragments and all(any(row) for row in fragments)


def test_notice_bytes_are_stable():
    rows = next(iter(NOTICES.values()))
    assert cancellation_pdf(rows, FILINGS) == cancellation_pdf(rows, FILINGS)


def test_list_contains_its_facts_with_printed_positions():
    rows = REGISTER.filings[11][:30]
    printed = [[str(i), *expected_row(row)[1:]] for i, row in enumerate(rows, 1)]
    assert read_pdf_filings(list_pdf("2025-05", rows)) == printed


def test_characters_missing_in_chinese_font_are_printed():
    odd = [row for row in FILINGS.values() if set("®·œ•") & set("".join(expected_row(row)))]
    assert len(odd) > 5
    assert [row[1:] for row in read_pdf_filings(list_pdf("2025-05", odd))] == [
        expected_row(row)[1:] for row in odd
    ]


def test_row_longer_than_a_page_continues_on_next_pages():
    long_row = max(FILINGS.values(), key=lambda row: len(row.products))
    rows = [long_row.__class__(**{**vars(long_row), "products": long_row.products * 8})]
    body = list_pdf("2025-05", rows)
    assert sum(not row[0] for row in read_pdf_rows(body)) >= 2
    assert read_pdf_filings(body)[0][4] == rows[0].products
