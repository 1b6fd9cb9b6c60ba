"""Lists of several tables over several pages of a .pdf: fonts, page breaks, repeated headings."""

from io import BytesIO

import pdfplumber
import pytest

from scrapers.documents import read_document
from scrapers.errors import DocumentError
from scrapers.registers.generative_services import GENERATIVE_SERVICES
from tests.support.pdf_builder import make_pdf, ruled_table, word
from tests.support.service_lists import (
    LATER_HEADINGS,
    Part,
    read_services,
    services,
    services_pdf,
    tabled,
    without_positions,
)

FILED, REGISTERED = services(347, 360), services(160, 172, is_registered=True)
WITH_GAP = [*services(254, 262, is_registered=True), *services(264, 266, is_registered=True)]
BARE_FILED, BARE_REGISTERED = without_positions(FILED), without_positions(REGISTERED)
BOTH = tabled(filed=FILED, registered=REGISTERED)
BARE = tabled(filed=BARE_FILED, registered=BARE_REGISTERED)
WIDTHS = (32.0, 45.0, 130.0, 115.0, 290.0, 88.0)


def pages_of(content: bytes) -> int:
    return len(pdfplumber.open(BytesIO(content)).pages)


@pytest.mark.parametrize("new_pages", [False, True], ids=["same page", "new page"])
@pytest.mark.parametrize("repeated", [0, 1], ids=["headed once", "headed on each page"])
@pytest.mark.parametrize("split_rows", [False, True], ids=["whole rows", "split rows"])
@pytest.mark.parametrize("size", [13.0, 13.5])
def test_tables_go_on_over_pages(size, split_rows, repeated, new_pages):
    content = services_pdf(
        Part(LATER_HEADINGS, FILED, repeated=repeated),
        Part(LATER_HEADINGS, WITH_GAP, repeated=repeated),
        size=size, split_rows=split_rows, new_pages=new_pages,
    )  # fmt: skip
    assert pages_of(content) >= 3
    assert read_services(content) == tabled(filed=FILED, registered=WITH_GAP)


@pytest.mark.parametrize("repeated", [0, 1, 2], ids=["once", "headings", "titles and headings"])
@pytest.mark.parametrize("split_rows", [False, True], ids=["whole rows", "split rows"])
@pytest.mark.parametrize("size", [9.5, 12.0])
def test_titled_tables_without_positions_go_on_over_pages(size, split_rows, repeated):
    place = "banner" if repeated == 2 else "title"
    content = services_pdf(
        Part(LATER_HEADINGS, BARE_FILED, repeated=repeated, **{place: "已备案"}),
        Part(LATER_HEADINGS, BARE_REGISTERED, repeated=repeated, **{place: "已登记"}),
        size=size, split_rows=split_rows,
    )  # fmt: skip
    assert read_services(content) == BARE


@pytest.mark.parametrize("gap", [0.0, 2.0, 40.0], ids=["touching", "close", "apart"])
@pytest.mark.parametrize("latin", ["", "Times-Roman", "Courier", "Vera"])
def test_tables_are_read_in_any_font(latin, gap):
    filed = [
        ("9", "北京市", "BOOKSGPT大模型", "北京公司", "Beijing-BR-LLM-202503180078", "2025/4/10")
    ]
    registered = [
        ("1", "北京市", "AI Agent平台", "北京公司", "Beijing-A-20250318S0078", "2025/4/10")
    ]
    content = services_pdf(
        Part(LATER_HEADINGS, filed), Part(LATER_HEADINGS, registered),
        latin=latin, gap=gap, is_landscape=True,
    )  # fmt: skip
    assert read_services(content) == tabled(filed=filed, registered=registered)


def part_of_page(*rows, top: float = 440.0):
    return ruled_table(*rows, widths=WIDTHS, top=top)


def test_title_at_the_end_of_a_page_names_the_table_on_the_next():
    content = make_pdf(
        [part_of_page(LATER_HEADINGS, *BARE_FILED[:3]), word(300, 60, "二、已登记信息", size=12)],
        [part_of_page(LATER_HEADINGS, *BARE_REGISTERED[:3])],
    )
    expected = tabled(filed=BARE_FILED[:3], registered=BARE_REGISTERED[:3])
    assert read_services(content) == expected


@pytest.mark.parametrize("text", ["二、其他信息", "注：已备案。"])
def test_other_text_at_the_end_of_a_page_is_refused(text):
    content = make_pdf(
        [part_of_page(LATER_HEADINGS, *FILED[:3]), word(300, 60, text, size=12)],
        [part_of_page(LATER_HEADINGS, *REGISTERED[:3])],
    )
    with pytest.raises(DocumentError, match=f"page 1: text outside the table: '{text}'"):
        read_services(content)


def test_running_header_names_no_table():
    header = word(300, 470, "生成式人工智能服务已备案信息")
    content = make_pdf(
        [header, part_of_page(LATER_HEADINGS, *FILED[:3])],
        [header, part_of_page(LATER_HEADINGS, *REGISTERED[:3])],
        [header, part_of_page(*REGISTERED[3:6])],
    )
    assert read_services(content) == tabled(filed=FILED[:3], registered=REGISTERED[:6])


def test_title_on_each_page_of_a_table_names_the_table():
    filed, registered = (word(300, 470, f"已{name}信息") for name in ("备案", "登记"))
    content = make_pdf(
        [filed, part_of_page(LATER_HEADINGS, *BARE_FILED[:3])],
        [filed, part_of_page(LATER_HEADINGS, *BARE_FILED[3:6])],
        [registered, part_of_page(LATER_HEADINGS, *BARE_REGISTERED[:3])],
        [registered, part_of_page(LATER_HEADINGS, *BARE_REGISTERED[3:6])],
    )
    assert read_services(content) == tabled(filed=BARE_FILED[:6], registered=BARE_REGISTERED[:6])


def test_repeated_headings_without_positions_go_on():
    content = make_pdf(
        [part_of_page(LATER_HEADINGS, *BARE_FILED[:3])],
        [part_of_page(LATER_HEADINGS, *BARE_FILED[3:6])],
    )
    assert read_services(content) == tabled(filed=BARE_FILED[:6])


def test_next_table_may_begin_below_headings_without_a_line():
    merged = tuple("\n".join(pair) for pair in zip(LATER_HEADINGS, REGISTERED[0], strict=True))
    content = make_pdf(
        [part_of_page(LATER_HEADINGS, *FILED[:3])], [part_of_page(merged, *REGISTERED[1:3])]
    )
    assert read_services(content) == tabled(filed=FILED[:3], registered=REGISTERED[:3])


@pytest.mark.parametrize("cut", [6, 20, 43, 50])
@pytest.mark.parametrize("again", [(), (LATER_HEADINGS,)], ids=["", "headings"])
@pytest.mark.parametrize("has_position", [True, False])
def test_number_split_at_a_page_end_is_joined(cut, again, has_position):
    rows = FILED[:3] if has_position else BARE_FILED[:3]
    whole = rows[1]
    above = (*whole[:4], whole[4][:cut], whole[5])
    below = ("", "", "", "", whole[4][cut:], "")
    content = make_pdf(
        [part_of_page(LATER_HEADINGS, rows[0], above)], [part_of_page(*again, below, rows[2])]
    )
    assert read_services(content) == tabled(filed=rows)


def test_row_of_numbers_without_lines_is_refused():
    (first, second) = FILED[:2]
    both = tuple(f"{a}\n{b}" for a, b in zip(first, second, strict=True))
    content = make_pdf([part_of_page(LATER_HEADINGS, both)])
    with pytest.raises(DocumentError, match="a cell has several service numbers"):
        read_services(content)


@pytest.mark.parametrize("text", [FILED[5][4], FILED[5][4][:30]], ids=["whole", "cut off"])
def test_number_outside_the_table_is_refused(text):
    content = make_pdf([part_of_page(LATER_HEADINGS, *FILED[:3]), word(300, 470, text)])
    with pytest.raises(DocumentError, match=f"the service number {text} is outside the table"):
        read_services(content)


def test_many_titles_and_parts_are_read_in_linear_time():
    pages = [
        [word(300, 470, "已备案" * 30), part_of_page(LATER_HEADINGS, *services(n, n + 1))]
        for n in range(1, 121, 2)
    ]
    assert read_services(make_pdf(*pages)) == tabled(filed=services(1, 120))


def test_list_is_read_in_a_child_process():
    content = services_pdf(Part(LATER_HEADINGS, FILED[:2]), Part(LATER_HEADINGS, REGISTERED[:2]))
    rows = read_document(content, GENERATIVE_SERVICES.tables).rows
    assert [row.table for row in rows] == ["filed", "filed", "registered", "registered"]
