"""`fetch_document` and `keep_snapshot`, with registers that need no source."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.archive.facts import Facts
from scrapers.archive.prior_state import PriorState
from scrapers.archive.store import Archive
from scrapers.errors import DocumentError, FetchError, FilingsError
from scrapers.http.responses import Fetched
from scrapers.registers.base import (
    Discovery,
    Document,
    FetchedDocument,
    Register,
    Snapshot,
    Text,
    fetch_file,
)
from scrapers.registers.deep_synthesis import LIST_TABLE
from scrapers.registers.fetching import fetch_document, keep_snapshot
from tests.scrapers.archive.list_documents import make_list_document
from tests.scrapers.registers.scripted import Reply, scripted
from tests.support.tables import read_list

URL = "https://cac.test/list"
DOCUMENT = Document("a", url=URL)
OLD, NEW = make_list_document(note="old"), make_list_document(note="new")


def response(content: bytes, night: int = 0) -> Fetched:
    at = datetime(2026, 5, 19, 2, tzinfo=UTC) + timedelta(days=night)
    return Fetched(URL, URL, content, {}, at)


def register_of(fetch: Callable[..., FetchedDocument]) -> Register:
    return Register(
        name="plain",
        title=Text("登记", "Register"),
        tables=(LIST_TABLE,),
        key="filing_number",
        discover=lambda session, archived: Discovery({}),
        fetch=fetch,
    )


def serving(content: bytes, night: int = 0, **facts: str) -> Register:
    """A register whose document has this content."""
    found = FetchedDocument(response(content, night), Facts(key="a", **facts), ("from fetch",))
    return register_of(lambda *_: found)


def fetch(register: Register, archive: Archive, prior: PriorState | None = None):
    session, _, _ = scripted(Reply())
    arguments = (session, register, DOCUMENT, archive)
    return fetch_document(*arguments, prior) if prior else fetch_document(*arguments)


def test_prior_state_is_passed_to_fetch(archive):
    seen = []

    def fetch_with(*arguments: object) -> FetchedDocument:
        seen.append(arguments[-1])
        return FetchedDocument(response(OLD), Facts())

    prior = PriorState(in_use="hash")
    fetch(register_of(fetch_with), archive, prior)
    assert seen == [prior]


def test_prior_state_decides_whether_an_older_version_is_new(archive):
    for night, content in enumerate((OLD, NEW)):
        fetch(serving(content, night), archive)
    assert not fetch(serving(OLD, 2), archive).is_new
    assert fetch(serving(OLD, 2), archive, PriorState(in_use=read_list(OLD).sha256)).is_new


def test_remarks_of_archive_come_before_those_of_fetch(archive):
    for night, content in enumerate((OLD, NEW)):
        assert fetch(serving(content, night), archive).remarks == ("from fetch",)
    first, second = fetch(serving(OLD, 2), archive).remarks
    assert "probably a stale copy" in first and second == "from fetch"


@pytest.mark.parametrize("name", ["title", "month", "published_on"])
def test_changed_fact_makes_a_new_version_only_if_versioned(archive, name):
    register = replace(serving(OLD), versioned_facts=(name,))
    assert fetch(register, archive).is_new
    changed = replace(
        serving(OLD, 1, **{name: "changed"}), versioned_facts=register.versioned_facts
    )
    others = replace(changed, versioned_facts=("label",))
    assert not fetch(others, archive).is_new
    assert fetch(changed, archive).is_new


def test_error_of_fetch_gets_document_and_its_url(archive):
    def fail(*_: object) -> FetchedDocument:
        raise FetchError("status 500")

    with pytest.raises(FilingsError) as caught:
        fetch(register_of(fail), archive)
    assert (caught.value.document, caught.value.url) == ("list a", URL)


def test_unreadable_document_is_an_error_with_the_url_of_its_response(archive):
    register = register_of(
        lambda *_: FetchedDocument(replace(response(b"%PDF-1.7"), url=URL + "/file"), Facts())
    )
    with pytest.raises(DocumentError) as caught:
        fetch(register, archive)
    assert (caught.value.document, caught.value.url) == ("list a", URL + "/file")
    assert [version.role for version in archive.documents("plain/a")] == ["rejected"]


def test_document_without_url_cannot_be_fetched(archive):
    session, script, _ = scripted(Reply())
    register = replace(serving(OLD), fetch=fetch_file)
    with pytest.raises(LookupError, match="list a has no URL"):
        fetch_document(session, register, Document("a"), archive)
    assert script.requests == []


def test_snapshot_is_archived_only_when_its_content_changes(archive):
    def keep(content: bytes, says: str) -> bool:
        snapshot = Snapshot("notices", "notices", response(content), says, "json", "text/plain")
        return keep_snapshot(archive, snapshot)

    assert [keep(b"1", "a"), keep(b"2", "a"), keep(b"3", "b")] == [True, False, True]
    assert [archive.read(item) for item in archive.documents("notices")] == [b"1", b"3"]


def test_missing_snapshot_is_not_archived(archive):
    assert not keep_snapshot(archive, None) and archive.folders() == []
