"""The feed: one entry per batch and notice, stable identifiers, and escaping of names."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from lxml import etree

import orchestration.publication.feed.entry as entry_module
import orchestration.publication.feed.feed as feed_module
from orchestration.publication.feed.entry import select_rows
from orchestration.publication.feed.feed import FEED, write_feed
from tests.orchestration.publication.feed_factories import Batch, Notice, make_context

ATOM = "{http://www.w3.org/2005/Atom}"
NOTICE = Notice("notice_a", date(2024, 6, 1))
HARMFUL = "<script>alert(1)</script> & \"'</td>"


def feed_of(folder: Path, *batches: Batch, notices: tuple[Notice, ...] = ()) -> etree._Element:
    write_feed(make_context(folder, batches, notices))
    return etree.fromstring((folder / FEED).read_bytes())


def texts(feed: etree._Element, name: str) -> list[str]:
    """The texts of one element in all entries, in the order of the feed."""
    return [entry.findtext(f"{ATOM}{name}") for entry in feed.findall(f"{ATOM}entry")]


def rendered(feed: etree._Element) -> BeautifulSoup:
    """The content of the first entry as a feed reader renders it."""
    return BeautifulSoup(texts(feed, "content")[0], "lxml")


def test_batches_and_notices_have_entries_newest_first(tmp_path):
    other = Notice("notice_b", date(2024, 5, 15))
    feed = feed_of(tmp_path, Batch(4), Batch(11), Batch(5), notices=(NOTICE, other))
    assert texts(feed, "title") == [
        "第十一批 · Batch 11: 3 filings",
        "注销公告 notice_a · 3 numbers cancelled",
        "注销公告 notice_b · 3 numbers cancelled",
        "第五批 · Batch 5: 3 filings",
        "第四批 · Batch 4: 3 filings",
    ]
    assert texts(feed, "published") == texts(feed, "updated")
    assert texts(feed, "updated")[1] == "2024-06-01T00:00:00+08:00"
    assert feed.findtext(f"{ATOM}updated") == texts(feed, "updated")[0]


def test_feed_has_all_elements_that_atom_requires(tmp_path):
    feed = feed_of(tmp_path, Batch(4), Batch(5), notices=(NOTICE,))
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert UUID(element.findtext(f"{ATOM}id")).version == 5
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
        assert len(element.findall(f"{ATOM}link[@rel='alternate']")) == 1
    for entry in entries:
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert entry.findtext(f"{ATOM}summary")
    assert len({*texts(feed, "id"), feed.findtext(f"{ATOM}id")}) == 4


def test_entry_keeps_its_id_when_others_are_added(tmp_path):
    before = texts(feed_of(tmp_path, Batch(4)), "id")
    feed = feed_of(tmp_path, Batch(3), Batch(4), Batch(5), notices=(NOTICE,))
    assert before == [texts(feed, "id")[texts(feed, "title").index("第四批 · Batch 4: 3 filings")]]


def test_entry_keeps_its_id_when_its_counts_change(tmp_path):
    before = feed_of(tmp_path, Batch(4))
    after = feed_of(tmp_path, Batch(4, entities=("甲公司",)))
    assert texts(after, "title") != texts(before, "title")
    assert texts(after, "id") == texts(before, "id")


def test_amended_list_moves_its_entry_to_the_top_with_the_same_id(tmp_path):
    before = feed_of(tmp_path, Batch(4), Batch(5))
    after = feed_of(tmp_path, Batch(4, versions=2), Batch(5))
    assert texts(after, "id") == texts(before, "id")[::-1]
    assert texts(after, "published")[0] == "2024-04-01T00:00:00+08:00"
    assert texts(after, "updated")[0] == "2026-01-02T03:04:05+00:00"
    assert after.findtext(f"{ATOM}updated") == texts(after, "updated")[0]
    assert "2 versions of this list" in rendered(after).text
    assert "fetched on 2026-01-02." in rendered(after).text


def test_list_fetched_again_without_changes_keeps_the_feed(tmp_path):
    write_feed(make_context(tmp_path, [Batch(4)]))
    before = (tmp_path / FEED).read_bytes()
    write_feed(make_context(tmp_path, [Batch(4, retrieved_at=datetime(2027, 1, 1))]))
    assert (tmp_path / FEED).read_bytes() == before


def test_batch_entry_has_counts_and_leading_values(tmp_path):
    feed = feed_of(tmp_path, Batch(4))
    content = rendered(feed)
    assert [item.text for item in content.find_all("li")] == [
        "List: 3 filings by 2 entities, 2 of them new to the register",
        "Provinces: 北京市 Beijing 3 (100.0%)",
        "Sectors: 通用 general 3 (100.0%)",
        "Techniques: 生成式 generative 3 (100.0%); 多模态 multimodal 1 (33.3%)",
        "Most filings: 甲公司 2",
    ]
    assert [link["href"] for link in content.find_all("a")] == [
        "https://www.cac.gov.cn/4.htm", "https://www.cac.gov.cn/4.htm?list&a=1",
    ]  # fmt: skip
    assert "are not official" in content.text
    assert texts(feed, "summary")[0].startswith("3 filings by 2 entities")


def test_notice_entry_lists_every_number_with_its_match(tmp_path):
    content = rendered(feed_of(tmp_path, notices=(NOTICE,)))
    assert [[cell.text for cell in row.find_all("td")] for row in content.find_all("tr")[1:]] == [
        ["000000000000000000001", "算法", "丙公司", "batch 4"],
        ["000000000000000000002", "算法", "丙公司", "not in any list"],
        ["000000000000000000003", "算法", "丙公司", "other kind: personalised push"],
    ]
    assert (
        "3 numbers cancelled: 2 for deep synthesis (1 matched to a filing, 1 not in any list), "
        "1 for other kinds of algorithm"
    ) in content.text


def test_markup_in_names_is_rendered_as_text(tmp_path):
    batch = Batch(1, entities=(HARMFUL, HARMFUL), title=HARMFUL)
    notice = Notice("notice_b", date(2024, 12, 1), algorithm=HARMFUL)
    for feed in (feed_of(tmp_path, batch), feed_of(tmp_path, notices=(notice,))):
        content = rendered(feed)
        assert content.script is None
        assert HARMFUL in content.text
    assert b"&amp;lt;script&amp;gt;" in (tmp_path / FEED).read_bytes()


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ufffe", "]]>"])
def test_control_characters_in_names_do_not_break_the_feed(tmp_path, sign):
    name = f"甲{sign}公司"
    feed = feed_of(tmp_path, Batch(1, entities=(name, name), title=name), notices=(NOTICE,))
    assert len(texts(feed, "title")) == 2
    assert "公司" in texts(feed, "content")[1]


def test_bidi_control_characters_are_replaced(tmp_path):
    name = "甲\u202e\u2066公司"
    feed = feed_of(tmp_path, Batch(1, entities=(name, name), title=name), notices=(NOTICE,))
    assert "甲\ufffd\ufffd公司" in texts(feed, "content")[1]
    assert "\u202e".encode() not in (tmp_path / FEED).read_bytes()


def test_feed_is_deterministic(tmp_path):
    batches, notices = [Batch(4), Batch(5, versions=3)], [NOTICE]
    for name in ("one", "two"):
        write_feed(make_context(tmp_path / name, batches, notices))
    assert (tmp_path / "one" / FEED).read_bytes() == (tmp_path / "two" / FEED).read_bytes()


def test_feed_of_an_empty_release_has_no_entries(tmp_path):
    feed = feed_of(tmp_path)
    assert feed.findall(f"{ATOM}entry") == []
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated"))


def test_feed_has_the_latest_entries_only(tmp_path, monkeypatch):
    monkeypatch.setattr(feed_module, "MOST_ENTRIES", 2)
    feed = feed_of(tmp_path, Batch(4), Batch(11), Batch(5), notices=(NOTICE,))
    assert texts(feed, "title") == [
        "第十一批 · Batch 11: 3 filings",
        "注销公告 notice_a · 3 numbers cancelled",
    ]


def test_number_of_queries_does_not_depend_on_the_number_of_batches(tmp_path, monkeypatch):
    asked: list[str] = []

    def count(connection, sql, *values):
        asked.append(sql)
        return select_rows(connection, sql, *values)

    monkeypatch.setattr(entry_module, "select_rows", count)
    feed_of(tmp_path / "one", Batch(4))
    of_one = len(asked)
    feed_of(tmp_path / "three", Batch(4), Batch(5), Batch(11))
    assert len(asked) == 2 * of_one > 0
