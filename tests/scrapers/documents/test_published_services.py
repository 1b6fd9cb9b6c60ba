"""The published lists of generative services are read in every cell, as .docx and as .pdf.

Other programs write the documents from the published rows, which are in a folder next to the
checkout. The tests are skipped without that folder.
"""

from collections import Counter

import pytest

from tests.support.service_lists import (
    EDGE_HEADINGS,
    FILED_HEADINGS,
    LATER_HEADINGS,
    Cells,
    Part,
    published_lists,
    read_services,
    services_docx,
    services_pdf,
    tabled,
    without_positions,
)

LISTS = published_lists()

# Writing and reading all lists takes a quarter of a minute.
pytestmark = [
    pytest.mark.many_builds,
    pytest.mark.skipif(not LISTS, reason="no published rows next to the checkout"),
]


def parts_of(month: str, repeated: int = 0) -> list[Part]:
    """The tables of a list. From 2025-03 on, and in every .pdf, all are under the same headings."""
    headings = LATER_HEADINGS if month >= "2025-03" else FILED_HEADINGS
    return [
        Part(EDGE_HEADINGS if name == "edge" else headings, rows, repeated=repeated)
        for name, rows in LISTS[month].items()
    ]


def expected_of(month: str) -> list[Cells]:
    return tabled(**LISTS[month])


def test_published_rows_are_complete():
    counted = Counter(name for tables in LISTS.values() for name in tables for _ in tables[name])
    assert counted == {"filed": 1_105, "registered": 730, "edge": 7}


@pytest.mark.parametrize("month", LISTS)
def test_docx_list_has_every_cell(month):
    assert read_services(services_docx(*parts_of(month))) == expected_of(month)


@pytest.mark.parametrize("month", LISTS)
def test_docx_list_without_positions_has_every_cell(month):
    names = {"filed": "已备案信息", "registered": "已登记信息", "edge": "端侧服务信息"}
    bare = {name: without_positions(rows) for name, rows in LISTS[month].items()}
    headings = {"edge": EDGE_HEADINGS}
    parts = [
        Part(headings.get(name, LATER_HEADINGS), rows, title=names[name])
        for name, rows in bare.items()
    ]
    assert read_services(services_docx(*parts)) == tabled(**bare)


@pytest.mark.parametrize("month", LISTS)
def test_pdf_list_has_every_cell(month):
    # Every other list is printed in another way.
    is_odd = [*LISTS].index(month) % 2 == 1
    content = services_pdf(
        *parts_of(month, repeated=int(is_odd)),
        is_landscape=is_odd,
        split_rows=not is_odd,
        latin="Times-Roman" if is_odd else "",
        new_pages=is_odd and "edge" not in LISTS[month],
    )
    assert read_services(content) == expected_of(month)
