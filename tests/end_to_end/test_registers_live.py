"""Recommendation lists and generative services in live mode, from documents of other writers.

Each fixture is a refresh after a change at the source, in order, over one data directory. Two
batches of deep synthesis come from the replica. The rows are in a folder next to the checkout;
without it the tests are skipped.
"""

import re
from collections.abc import Iterator

import polars as pl
import pytest

from scrapers.replica.facts import load_register
from tests.end_to_end import attached_registers as source
from tests.end_to_end.amended_lists import (
    AMENDED,
    MISPRINTED,
    OTHER_ENTITY,
    RENAMED,
    WITHDRAWN,
    amended,
    amended_services,
    corrected,
    half_of_another_category,
    half_without_s,
    renamed,
)
from tests.end_to_end.attached_registers import (
    NOTE,
    NUMBER,
    SWAPPED,
    cells_in,
    edited,
    service_row,
    with_cell,
)
from tests.end_to_end.commands import without_documents
from tests.end_to_end.live_registers import Live, Refreshed
from tests.support.loopback import LoopbackSites, firewall_page
from tests.support.service_lists import (
    LATER_HEADINGS,
    REGISTERED_HEADINGS,
    Part,
    published_lists,
    services,
    services_docx,
)

pytestmark = [
    pytest.mark.many_builds,
    pytest.mark.skipif(not source.ARE_PUBLISHED, reason="no published lists next to the checkout"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    data_dir = tmp_path_factory.mktemp("registers") / "data"
    pages = source.recommendation_page(), source.services_page()
    with LoopbackSites(load_register().first(2)) as sites, without_documents():
        yield Live(sites, data_dir, *pages)


@pytest.fixture(scope="module")
def first(site: Live) -> Refreshed:
    site.serve()
    return site.refresh()


@pytest.fixture(scope="module")
def second(site: Live, first: Refreshed) -> Refreshed:
    """Each page has a new list, amended lists, and one link less; one file is deleted as well."""
    page, label = site.recommendation, source.recommendation_label("2026-07")
    page = page.with_list(label, source.recommendation_list("2026-07")).unlinking("2023年4月")
    page = page.changed("2022年8月", edited(page.content("2022年8月"), corrected))
    site.recommendation = page.changed("2024年4月", edited(page.content("2024年4月"), amended))
    new = {
        "filed": services(1106, 1140),
        "registered": services(732, 760, is_registered=True),
        "edge": [(*cells, "手机") for cells in services(8, 9)],
    }
    page, label = site.services, source.services_label("2026-10")
    page = page.with_list(label, source.services_list("2026-10", new)).without("2024年11月")
    site.services = page.changed("2024年8月", source.services_list("2024-08", amended_services()))
    site.serve()
    return site.refresh()


@pytest.fixture(scope="module")
def without_services(site: Live, second: Refreshed) -> Refreshed:
    """The page of services fails, and the other registers have news."""
    page = site.recommendation
    site.recommendation = page.changed("2024年6月", edited(page.content("2024年6月"), renamed))
    site.sites.register = load_register().first(3)
    site.serve()
    site.sites.break_with(site.services.path, firewall_page())
    return site.refresh()


@pytest.fixture(scope="module")
def wrong(site: Live, without_services: Refreshed) -> Refreshed:
    """Both pages have wrong documents: of another month, cut short, or with wrong cells."""
    page = site.recommendation
    cut = page.content("2024年10月")
    site.recommendation = (
        page.changed("2024年12月", page.content("2025年3月"))
        .changed("2024年10月", edited(cut, lambda cells: cells if int(cells[0]) < 20 else None))
        .changed("2025年9月", edited(page.content("2025年9月"), half_of_another_category))
    )
    page, lists = site.services, published_lists()
    half = {name: rows[: len(rows) // 2] for name, rows in lists["2026-02"].items()}
    headings = with_cell(LATER_HEADINGS, 3, "研发主体")
    parts = (
        Part(LATER_HEADINGS, lists["2026-04"]["filed"]),
        Part(REGISTERED_HEADINGS, half_without_s(lists["2026-04"]["registered"])),
    )
    site.services = (
        page.with_list(source.services_label("2026-12"), page.content("2026年10月"))
        .changed("2025年1月", page.content("2025年3月"))
        .changed("2026年2月", source.services_list("2026-02", half))
        .changed("2024年4月", services_docx(Part(headings, lists["2024-04"]["filed"])))
        .changed("2026年4月", services_docx(*parts))
    )
    site.serve()
    return site.refresh()


def _services_in(refreshed: Refreshed) -> list[tuple]:
    return refreshed.rows(
        "select list_month, service_type, list_position, region_name, service_name, entity_name, "
        "service_number, passed_on, is_late_entry, devices "
        "from generative_services order by list_month, row_no"
    )


def _filings_in(refreshed: Refreshed) -> list[tuple]:
    return refreshed.rows(
        "select list_month, algorithm_name, category, entity_name, coalesce(products, ''), "
        "purpose, filing_number, coalesce(note, '') "
        "from recommendation_filings order by list_month, row_no"
    )


def test_first_refresh_succeeds_with_one_row_in_quarantine(site: Live, first: Refreshed):
    assert first.result.status == 0, first.result.err
    assert first.lines("recommendation list")["2022-08"] == "29 filings, 29 added, 1 quarantined"
    # In the line of the list, and in the one of its register.
    assert sum("1 quarantined" in line for line in first.result.out.splitlines()) == 2
    assert first.rows("select count(*) from filings") == [(151,)]


def test_seven_lists_of_services_are_pdfs_of_several_pages(site: Live):
    pages = [
        int(n) for pdf in site.services.lists.values() for n in re.findall(rb"/Count (\d+)", pdf)
    ]
    assert len(pages) >= 7 and min(pages) >= 3, pages


def test_every_cell_of_every_service_is_published(first: Refreshed):
    expected = [
        service_row(month, table, cells)
        for month, tables in published_lists().items()
        for table, rows in tables.items()
        for cells in rows
    ]
    assert len(expected) == 1842
    assert _services_in(first) == expected
    assert first.rows(
        "select list_position from generative_services where is_swapped order by 1"
    ) == [(int(position),) for position in SWAPPED]


def test_every_cell_of_every_recommendation_list_is_published(site: Live, first: Refreshed):
    expected = []
    for path in source.LISTS:
        month = path.stem.partition("_")[2]
        for cells in cells_in(path.read_bytes()):
            number = re.sub(r"\D", "", cells[NUMBER])
            if number != MISPRINTED:
                expected.append((month, *cells[1:NUMBER], number, cells[NOTE]))
    assert len(expected) == 937
    assert _filings_in(first) == expected


def test_second_refresh_adds_only_new_and_amended_lists(second: Refreshed):
    assert second.result.status == 0, second.result.err
    assert second.news("batch") == second.news("notice") == {}
    assert second.news("recommendation list") == {
        "2022-08": "30 filings, 1 added",
        "2024-04": "69 filings, 3 amended",
        "2026-07": "76 filings, 76 added",
    }
    assert second.news("services list") == {
        "2024-08": "96 services, 1 amended, 1 gone",
        "2026-10": "66 services, 66 added",
    }
    assert second.rows(
        "select service_type, count(*) from generative_services "
        "where list_month = '2026-10' group by 1 order by 1"
    ) == [("edge", 2), ("filed", 35), ("registered", 29)]


def test_amended_lists_make_versions_and_events(first: Refreshed, second: Refreshed):
    later = f"seen_at > '{first.rows('select max(seen_at) from filing_events')[0][0]}'"
    amendments = second.rows(
        "select register, filing_number, column_name, new_value from filing_events "
        f"where event = 'amended' and {later} order by all"
    )
    assert amendments == [
        ("generative_services", RENAMED, "entity_name", OTHER_ENTITY),
        ("recommendation", "110105636769802230011", "note", "已注销"),
        ("recommendation", "110108823483904220019", "products", "头条搜索(APP)"),
        ("recommendation", "420105436204703230019", "entity_name", "武汉屈臣氏商店有限公司"),
    ]
    events = second.rows(
        "select register, document_key, source, event, count(*) from filing_events "
        f"where event != 'amended' and {later} group by all order by all"
    )
    assert events == [
        ("generative_services", "2024-08", "list", "withdrawn_from_list", 1),
        ("generative_services", "2026-10", "list", "listed", 66),
        ("recommendation", "2022-08", "list", "listed", 1),
        ("recommendation", "2022-08", "note", "products_added", 1),
        ("recommendation", "2024-04", "note", "cancelled", 1),
        ("recommendation", "2026-07", "list", "listed", 76),
    ]
    versions = second.rows("select filing_number from filing_versions where version_no > 1")
    assert {number for (number,) in versions} == {*AMENDED, RENAMED}
    assert second.rows(
        f"select list_status from generative_services where service_number = '{WITHDRAWN}'"
    ) == [("withdrawn_from_list",)]


def test_dropped_lists_are_named_and_kept(site: Live, first: Refreshed, second: Refreshed):
    (kept,) = second.messages("no announcement found for 2023-04")
    assert site.recommendation.path in kept
    (deleted,) = second.messages("no announcement found for 2024-11")
    assert site.services.path in deleted
    (gone,) = second.messages("services list 2024-11: gone since", "status 404")
    assert "The archived version stays in use" in gone
    for table, month in (("recommendation_filings", "2023-04"), ("generative_services", "2024-11")):
        sql = f"select * exclude (list_version) from {table} where list_month = '{month}'"
        assert second.rows(sql) == first.rows(sql)


# Other faults of a page are errors as well: tests/scrapers/registers/discovery.
def test_page_that_fails_stops_no_other_register(
    site: Live, second: Refreshed, without_services: Refreshed
):
    refreshed = without_services
    assert refreshed.result.status == 1
    (error,) = refreshed.messages("error: ")
    assert error.startswith("error: Generative AI services: ")
    assert f"[{site.sites.cac_url}{site.services.path}]" in error
    assert "challenge page" in error
    assert refreshed.rows("select count(*) from filings") == [(280,)]
    assert "19 lists of recommendation algorithms" in refreshed.result.out
    assert refreshed.rows(
        "select algorithm_name[1], version_count from recommendation_filings "
        "where list_month = '2024-06' and list_position = 1"
    ) == [("新", 2)]
    assert _services_in(refreshed) == _services_in(second)


def test_wrong_documents_are_held_back(wrong: Refreshed):
    expected = {
        ("services list 2024-04", "unknown heading 研发主体"),
        ("services list 2025-01", "98 of the 98 numbers of the list are in the list 2025-03 too"),
        ("services list 2026-02", "the list shrank from 94 to 47 rows"),
        ("services list 2026-04", "24 of 121 rows break the contract"),
        ("services list 2026-12", "66 of the 66 numbers of the list are in the list 2026-10 too"),
        ("recommendation list 2024-10", "the list shrank from 32 to 19 rows"),
        ("recommendation list 2024-12", "45 of the 45 numbers of the list are in the list 2025-03"),
        ("recommendation list 2025-09", "28 of 56 rows break the contract"),
    }
    assert wrong.result.status == 1
    assert len(wrong.messages("error: ")) == len(expected)
    for document, reason in expected:
        assert len(wrong.messages("error: ", document, reason)) == 1, (document, reason)


def test_wrong_documents_change_no_row(wrong: Refreshed, without_services: Refreshed):
    for rows_in in (_services_in, _filings_in):
        assert rows_in(wrong) == rows_in(without_services)


def test_quarantine_says_which_rows_have_the_wrong_type(site: Live, wrong: Refreshed):
    folder = site.data_dir / "validated" / "generative_services" / "2026-04" / "quarantine"
    rows = pl.read_parquet(max(folder.glob("*.parquet")))
    assert rows["check_name"].to_list() == ["type_of_number"] * 24
    assert all(re.search(r"-[0-9]{12}$", number) for number in rows["failure_value"])
