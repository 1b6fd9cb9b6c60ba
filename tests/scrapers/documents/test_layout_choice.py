"""The table of a row comes from headings, titles and positions, in .docx and in .pdf lists."""

from collections.abc import Callable
from time import process_time

import pytest

from scrapers.documents.layout_choice import MAX_UNCLEAR_GAP
from scrapers.errors import DocumentError, TableError
from tests.support.docx_builder import make_docx, paragraph, row, table
from tests.support.service_lists import (
    EDGE_HEADINGS,
    FILED_HEADINGS,
    LATER_HEADINGS,
    REGISTERED_HEADINGS,
    Part,
    read_services,
    services,
    services_docx,
    services_pdf,
    tabled,
    without_positions,
)

FILED, REGISTERED = services(347, 352), services(160, 166, is_registered=True)
EDGE = [(*cells, "手机") for cells in services(1, 3)]
BOTH = tabled(filed=FILED, registered=REGISTERED)
BARE_FILED, BARE_REGISTERED = without_positions(FILED), without_positions(REGISTERED)
BARE = tabled(filed=BARE_FILED, registered=BARE_REGISTERED)
FIRST = Part(LATER_HEADINGS, FILED)

Write = Callable[..., bytes]


@pytest.fixture(params=[services_docx, services_pdf], ids=["docx", "pdf"])
def write(request) -> Write:
    return request.param


def test_headings_of_one_table_decide(write):
    content = write(Part(FILED_HEADINGS, FILED), Part(REGISTERED_HEADINGS, REGISTERED))
    assert read_services(content) == BOTH


@pytest.mark.parametrize("name", ["应用（功能）名称", "应用／功能 名称", "应用名称"])
def test_registered_headings_may_have_other_wordings(write, name):
    headings = (*REGISTERED_HEADINGS[:2], name, "备案单位", "登记编号", "登记时间")
    assert read_services(write(FIRST, Part(headings, REGISTERED))) == BOTH


def test_next_table_begins_where_positions_do_not_go_on(write):
    assert read_services(write(FIRST, Part(LATER_HEADINGS, REGISTERED))) == BOTH


def test_form_of_numbers_does_not_decide(write):
    with_mark, without = services(347, 352, is_registered=True), services(160, 166)
    content = write(Part(LATER_HEADINGS, with_mark), Part(LATER_HEADINGS, without))
    assert read_services(content) == tabled(filed=with_mark, registered=without)


@pytest.mark.parametrize("headings", [LATER_HEADINGS, ()], ids=["headings", "no headings"])
def test_table_goes_on_in_a_second_one_where_positions_go_on(write, headings):
    content = write(
        Part(LATER_HEADINGS, FILED[:3]),
        Part(headings, FILED[3:]),
        Part(LATER_HEADINGS, REGISTERED[:4]),
        Part(headings, REGISTERED[4:]),
    )
    assert read_services(content) == BOTH


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2, 3], [5, 6]),
        ([1, 2, 3], [7, 8]),
        ([1, 2, 5, 3], [4, 6]),
        ([1, 2, 3], [3, 4]),
        ([107, 110], [108, 111, 109, 112]),
    ],
    ids=["one left out", "three left out", "out of order", "printed twice", "as of 2024-04"],
)
def test_table_goes_on_with_irregular_positions(write, first, second):
    parts = [[services(number, number)[0] for number in numbers] for numbers in (first, second)]
    content = write(*(Part(LATER_HEADINGS, rows) for rows in parts))
    assert read_services(content) == tabled(filed=[*parts[0], *parts[1]])


@pytest.mark.parametrize("first", [1, 5, 8 + MAX_UNCLEAR_GAP], ids=str)
def test_other_positions_begin_the_next_table(write, first):
    filed, registered = services(5, 7), services(first, first + 1, is_registered=True)
    content = write(Part(LATER_HEADINGS, filed), Part(LATER_HEADINGS, registered))
    assert read_services(content) == tabled(filed=filed, registered=registered)


@pytest.mark.parametrize("headings", [LATER_HEADINGS, ()], ids=["headings", "no headings"])
@pytest.mark.parametrize("first", [1_112, 1_107 + MAX_UNCLEAR_GAP], ids=["near", "farthest"])
def test_gap_above_a_table_is_refused(write, headings, first):
    rows = services(first, first + 2)
    content = write(Part(LATER_HEADINGS, services(1_105, 1_107)), Part(headings, rows))
    message = f"begins with no. {first} leaves a gap after no. 1107 of filed, and may be of filed"
    with pytest.raises(TableError, match=message) as caught:
        read_services(content)
    assert caught.value.row_no == 4


def test_gap_above_a_table_is_refused_after_a_table_of_other_headings(write):
    filed, rest = services(1_105, 1_107), services(1_112, 1_113)
    parts = Part(LATER_HEADINGS, filed), Part(EDGE_HEADINGS, EDGE), Part(LATER_HEADINGS, rest)
    with pytest.raises(TableError, match=r"leaves a gap after no\. 1107 of filed"):
        read_services(write(*parts))


def test_gap_above_a_table_is_refused_under_a_title_of_both_tables(write):
    rest = Part(LATER_HEADINGS, services(1_112, 1_113), title="已备案和已登记信息")
    with pytest.raises(TableError, match="leaves a gap"):
        read_services(write(Part(LATER_HEADINGS, services(1_105, 1_107)), rest))


@pytest.mark.parametrize(
    ("headings", "title"),
    [(REGISTERED_HEADINGS, ""), (LATER_HEADINGS, "二、已登记信息"), ((), "已登记信息")],
    ids=["headings", "headings and title", "title"],
)
def test_table_shortly_above_another_is_known_by_its_headings_or_title(write, headings, title):
    filed, registered = services(5, 7), services(12, 14, is_registered=True)
    content = write(Part(LATER_HEADINGS, filed), Part(headings, registered, title=title))
    assert read_services(content) == tabled(filed=filed, registered=registered)


def test_rows_without_headings_whose_positions_do_not_go_on_begin_the_next_table(write):
    assert read_services(write(FIRST, Part((), REGISTERED))) == BOTH


def test_edge_table_has_headings_of_its_own(write):
    content = write(FIRST, Part(EDGE_HEADINGS, EDGE), Part(LATER_HEADINGS, REGISTERED))
    assert read_services(content) == tabled(filed=FILED, edge=EDGE, registered=REGISTERED)


def test_tables_without_positions_are_in_order(write):
    content = write(Part(LATER_HEADINGS, BARE_FILED), Part(LATER_HEADINGS, BARE_REGISTERED))
    assert read_services(content) == BARE


@pytest.mark.parametrize("place", ["title", "banner"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("已备案", "已登记"),
        ("一、生成式人工智能服务已备案信息（2025年6月）", "二、生成式人工智能服务已登记信息"),
        ("附件1 备 案 清单", "（二）通过调用已备案模型能力的应用或功能登记信息"),
        ("", "登记信息"),
        ("生成式人工智能服务已备案和已登记信息", "已登记信息（续前页）"),
    ],
)
def test_title_names_the_table(write, first, second, place):
    content = write(
        Part(LATER_HEADINGS, BARE_FILED, **{place: first}),
        Part(LATER_HEADINGS, BARE_REGISTERED, **{place: second}),
    )
    assert read_services(content) == BARE


@pytest.mark.parametrize("place", ["title", "banner"])
@pytest.mark.parametrize("rows", [REGISTERED, BARE_REGISTERED], ids=["positions", "none"])
def test_title_names_the_table_without_headings(write, rows, place):
    content = write(FIRST, Part((), rows, **{place: "二、已登记信息"}))
    assert read_services(content) == tabled(filed=FILED, registered=rows)


def test_title_names_the_only_table(write):
    content = write(Part(LATER_HEADINGS, REGISTERED, title="生成式人工智能服务已登记信息"))
    assert read_services(content) == tabled(registered=REGISTERED)


def test_title_takes_precedence_over_positions(write):
    content = write(
        Part(LATER_HEADINGS, services(1, 3)),
        Part(LATER_HEADINGS, services(4, 6), title="已登记"),
    )
    assert read_services(content) == tabled(filed=services(1, 3), registered=services(4, 6))


def test_nearest_title_decides():
    content = services_docx(
        Part(LATER_HEADINGS, FILED, title="已备案信息"),
        Part(LATER_HEADINGS, REGISTERED, title="已备案和已登记信息", banner="已登记"),
    )
    assert read_services(content) == BOTH


@pytest.mark.parametrize(
    "title",
    ["注：以上为已备案信息", "备注：含已备案服务", "以上为已备案信息",
        "截至2025年6月，共有93款完成备案。",     "表2", "已备案和已登记信息", "已备案" * 40],
    ids=lambda title: title[:8],
)  # fmt: skip
def test_other_text_above_a_table_names_nothing(title):
    content = services_docx(FIRST, Part(LATER_HEADINGS, REGISTERED, title=title))
    assert read_services(content) == BOTH


@pytest.mark.parametrize("banners", [("附件一", "附件二"), ("单位：个", "单位：个")])
def test_row_with_one_cell_above_headings_is_not_a_row_of_the_list(write, banners):
    content = write(
        Part(LATER_HEADINGS, FILED, banner=banners[0]),
        Part(LATER_HEADINGS, REGISTERED, banner=banners[1]),
    )
    assert read_services(content) == BOTH


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        ("已备案信息", REGISTERED_HEADINGS),
        ("端侧服务信息", LATER_HEADINGS),
        ("已登记信息", EDGE_HEADINGS),
    ],
)
def test_title_that_contradicts_the_headings_is_refused(write, title, headings):
    rows = EDGE if headings == EDGE_HEADINGS else REGISTERED
    content = write(FIRST, Part(headings, rows, title=title))
    with pytest.raises(TableError, match=f"the title '{title}' names the table") as caught:
        read_services(content)
    assert caught.value.row_no == len(FILED) + 1


def test_fourth_part_that_continues_no_table_is_refused(write):
    other = Part(LATER_HEADINGS, services(9_000, 9_001))
    content = write(FIRST, Part(LATER_HEADINGS, REGISTERED), other)
    message = "begins with no. 9000 continues no table, and may be of filed or registered"
    with pytest.raises(TableError, match=message):
        read_services(content)


def test_third_part_without_positions_is_refused():
    parts = [Part(LATER_HEADINGS, rows) for rows in (BARE_FILED, BARE_REGISTERED, BARE_FILED)]
    with pytest.raises(TableError, match="without positions continues no table"):
        read_services(services_docx(*parts))


@pytest.mark.parametrize("text", ["合计6款", "其他"])
def test_row_with_one_cell_among_rows_is_refused(write, text):
    with pytest.raises(DocumentError, match=r"spans two headings|other columns"):
        read_services(write(FIRST, Part((), FILED[:1], banner=text)))


@pytest.mark.parametrize("heading", ["归属地", ""])
def test_headings_of_no_table_are_refused(write, heading):
    headings = ("序号", heading, *LATER_HEADINGS[2:])
    with pytest.raises(TableError, match="headings that match no table"):
        read_services(write(FIRST, Part(headings, REGISTERED)))


def test_edge_table_without_devices_is_refused_by_its_title(write):
    content = write(Part(LATER_HEADINGS, services(1, 3), title="端侧生成式人工智能服务"))
    with pytest.raises(TableError, match="names the table edge"):
        read_services(content)


def test_number_broken_into_lines_has_no_space():
    (cells,) = services(1, 1)
    broken = (*cells[:4], f"{cells[4][:12]}\n{cells[4][12:30]}\n{cells[4][30:]}", "2025/4\n/10")
    content = services_docx(Part(LATER_HEADINGS, [broken]))
    assert read_services(content) == tabled(filed=[(*cells[:5], "2025/4/10")])


@pytest.mark.parametrize(
    "name",
    ["Apple智能", "BOOKSGPT大模型", "AI Agent平台", "智谱清言（ChatGLM）", "晓•登", "vivo·蓝心"],
)
def test_name_is_read_as_printed(write, name):
    (cells,) = services(1, 1)
    row = (*cells[:2], name, *cells[3:])
    assert read_services(write(Part(LATER_HEADINGS, [row]))) == tabled(filed=[row])


@pytest.mark.parametrize(
    "number",
    [
        "Beijing-WenXinYiYan-20230821",
        "Jiangsu-SiWeiXiangLiangZhiSuanYun-",
        "Beijing-BR-LLM-202503180078",
        "Shaanxi-Xi’anZhiJianGongHuiZhiNengZhuShou-20260106S0004",
        "Shaanxi-YingPu·DaoYanZhuShou-20260126S0006",
        "Guangdong-Dr.GDCDC-20260706S0054",
        "",
    ],
)
def test_number_of_any_form_is_read_as_printed(write, number):
    rows = [(*cells[:4], number, cells[5]) for cells in services(1, 2)]
    assert read_services(write(Part(LATER_HEADINGS, rows))) == tabled(filed=rows)


def test_documents_of_many_tables_and_paragraphs_are_read_in_time():
    rows = services(1, 2_000)
    tables = (table(row(*cells)) for cells in rows)
    long_paragraph = paragraph(*["已备案"] * 20_000)
    content = make_docx(long_paragraph, table(row(*LATER_HEADINGS)), *tables)
    started = process_time()
    assert read_services(content) == tabled(filed=rows)
    assert process_time() - started < 10
