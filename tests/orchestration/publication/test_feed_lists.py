"""The feed entries of lists: counts, leading values, stable identifiers and amendments."""

from datetime import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from orchestration.publication.feed.feed import FEED, write_feed
from tests.orchestration.publication.feed_factories import Batch, ServiceList, make_context

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST, LATER = datetime(2026, 1, 2), datetime(2026, 3, 4, 5, 6, 7, 89)
UNCHANGED = (FIRST, None, "listed", None)
HARMFUL = "<script>alert(1)</script> & \"'</td>"


def feed_of(folder: Path, *lists: ServiceList, batches: tuple[Batch, ...] = ()) -> etree._Element:
    write_feed(make_context(folder, batches, lists=lists))
    return etree.fromstring((folder / FEED).read_bytes())


def texts(feed: etree._Element, name: str) -> list[str]:
    """The texts of one element in all entries, in the order of the feed."""
    return [entry.findtext(f"{ATOM}{name}") for entry in feed.findall(f"{ATOM}entry")]


def rendered(feed: etree._Element) -> BeautifulSoup:
    """The content of the first entry as a feed reader renders it."""
    return BeautifulSoup(texts(feed, "content")[0], "lxml")


def test_each_list_has_an_entry_dated_by_its_month(tmp_path):
    feed = feed_of(tmp_path, ServiceList("2024-02"), ServiceList("2024-08"), batches=(Batch(4),))
    title = "生成式人工智能服务备案与登记"
    assert texts(feed, "title") == [
        f"{title}（2024年8月） · Generative AI services, list 2024-08: 3 services",
        "第四批 · Batch 4: 3 filings",
        f"{title}（2024年2月） · Generative AI services, list 2024-02: 3 services",
    ]
    assert texts(feed, "published")[0] == "2024-08-01T00:00:00+08:00"
    assert texts(feed, "updated") == texts(feed, "published")
    terms = [entry.find(f"{ATOM}category").get("term") for entry in feed.findall(f"{ATOM}entry")]
    assert terms == ["list", "batch", "list"]


def test_entry_has_counts_of_listed_rows_and_leading_values(tmp_path):
    later = ServiceList("2024-08", entities=("甲公司", "丙公司"))
    feed = feed_of(tmp_path, later, ServiceList("2024-02"))
    content = rendered(feed)
    assert [item.text for item in content.find_all("li")] == [
        "2 services by 2 entities, 1 of them new to the register",
        "Provinces: 北京市 Beijing 2 (100.0%)",
        "Sectors: 通用 general 2 (100.0%)",
    ]
    assert "Sectors are derived" in content.text and "amended" not in content.text
    assert [link["href"] for link in content.find_all("a")] == [
        "https://www.cac.gov.cn/2024-08?list&a=1"
    ]
    assert texts(feed, "summary")[1].startswith("3 services by 2 entities, 2 of them new")
    assert "Most services: 甲公司 2" in texts(feed, "content")[1]


def test_entry_keeps_its_id_when_others_are_added_and_its_counts_change(tmp_path):
    (before,) = texts(feed_of(tmp_path, ServiceList("2024-02")), "id")
    feed = feed_of(tmp_path, ServiceList("2024-08"), ServiceList("2024-02", entities=("甲公司",)))
    assert texts(feed, "id")[1] == before


# Made from the name of the register and of the list; a new identifier would repeat the entry.
def test_ids_of_lists_are_those_of_earlier_releases(tmp_path):
    assert texts(feed_of(tmp_path, ServiceList("2024-02")), "id") == [
        "urn:uuid:e3b15add-8caf-5852-942c-fe2cbc1cfcba"
    ]


@pytest.mark.parametrize(
    "versions",
    [
        [UNCHANGED, (LATER, None, "amended", None)],
        [UNCHANGED, (FIRST, LATER, "listed", "withdrawn_from_list")],
    ],
    ids=["row amended", "row withdrawn"],
)
def test_amended_list_moves_its_entry_to_the_top_with_the_same_id(tmp_path, versions):
    before = feed_of(tmp_path, ServiceList("2024-02"), ServiceList("2024-08"))
    amended = ServiceList("2024-02", versions=versions)
    after = feed_of(tmp_path, amended, ServiceList("2024-08"))
    assert texts(after, "id") == texts(before, "id")[::-1]
    assert texts(after, "published")[0] == "2024-02-01T00:00:00+08:00"
    assert texts(after, "updated")[0] == "2026-03-04T05:06:07+00:00"
    assert "the last change was seen on 2026-03-04." in rendered(after).text


def test_row_that_moves_to_another_list_does_not_amend_its_first_one(tmp_path):
    versions = [UNCHANGED, (FIRST, LATER, "listed", "moved")]
    (updated,) = texts(feed_of(tmp_path, ServiceList("2024-02", versions=versions)), "updated")
    assert updated == "2024-02-01T00:00:00+08:00"


def test_markup_in_names_is_rendered_as_text(tmp_path):
    content = rendered(feed_of(tmp_path, ServiceList("2024-02", entities=(HARMFUL, HARMFUL))))
    assert content.script is None and HARMFUL in content.text
