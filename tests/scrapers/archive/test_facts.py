"""Facts in a sidecar, including sidecars of earlier versions."""

import json
from datetime import date

import pytest

from scrapers.archive.facts import NO_FACTS, Facts
from scrapers.archive.sidecar import COPY, SIDECAR
from scrapers.archive.store import Archive
from scrapers.errors import ArchiveError
from tests.scrapers.archive.archive_factories import store

ALL_FACTS = Facts(
    key="011",
    title="第十一批",
    label="清单（2025年5月）",
    month="2025-05",
    published_on=date(2025, 5, 19),
    page_url="https://cac.test/2025-05/19/c_11.htm",
    kind="docx",
    returns_to="20250519t020000000000z-0123456789ab",
    problem="no table",
    count=3,
)


def write_facts(archive: Archive, facts: dict[str, object]) -> None:
    """Replace the facts of the only version in both sidecars."""
    for name in (SIDECAR, COPY):
        path = archive.root / "011" / name
        package = json.loads(path.read_bytes())
        package["resources"][0]["facts"] = facts
        path.write_text(json.dumps(package))


def test_facts_round_trip():
    assert Facts.from_sidecar(ALL_FACTS.to_sidecar()) == ALL_FACTS


def test_facts_are_written_as_strings():
    written = ALL_FACTS.to_sidecar()
    assert len(written) == 10 and all(isinstance(value, str) for value in written.values())
    assert (written["published_on"], written["count"]) == ("2025-05-19", "3")


def test_unknown_facts_are_not_written():
    assert NO_FACTS.to_sidecar() == {}
    assert Facts(month="2025-05").to_sidecar() == {"month": "2025-05"}
    assert Facts.from_sidecar({}) == NO_FACTS


def test_earlier_field_names_of_lists_are_read():
    facts = Facts.from_sidecar(
        {
            "page_url": "https://cac.test/2025-05/19/c_11.htm",
            "page_title": "第十一批",
            "announced_on": "2025-05-19",
            "label": "清单（2025年5月）",
            "list_month": "2025-05",
            "kind": "docx",
        }
    )
    assert facts == Facts(
        title="第十一批",
        label="清单（2025年5月）",
        month="2025-05",
        published_on=date(2025, 5, 19),
        page_url="https://cac.test/2025-05/19/c_11.htm",
        kind="docx",
    )


def test_earlier_field_names_of_notices_are_read():
    facts = Facts.from_sidecar({"notice_id": "n1", "title": "公告", "published_on": "2025-07-01"})
    assert facts == Facts(key="n1", title="公告", published_on=date(2025, 7, 1))


def test_archive_reads_earlier_sidecar(archive):
    store(archive, b"A")
    write_facts(archive, {"list_month": "2025-06", "announced_on": "2025-06-30"})
    (version,) = archive.versions("011", "list")
    assert version.facts == Facts(month="2025-06", published_on=date(2025, 6, 30))


def test_archive_adds_version_to_earlier_sidecar(archive):
    store(archive, b"A")
    write_facts(archive, {"list_month": "2025-06", "page_title": "第十一批"})
    store(archive, b"B", minute=1)
    assert [version.facts for version in archive.versions("011", "list")] == [
        Facts(month="2025-06", title="第十一批"),
        Facts(month="2025-05"),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"announced_on": "2025-02-30"},
        {"published_on": "soon"},
        {"published_on": 20250519},
        {"count": "many"},
        {"weather": "fine"},
        None,
    ],
    ids=str,
)
def test_invalid_facts_are_an_archive_error(archive, facts):
    store(archive, b"A")
    write_facts(archive, facts)
    with pytest.raises(
        ArchiveError, match=r"datapackage\.json and its copy cannot be read.*not a valid sidecar"
    ):
        archive.versions("011", "list")
    assert list(archive.unreadable()) == ["011"]
