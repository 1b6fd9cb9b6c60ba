"""Older versions that the source serves again are used only after two nights."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from scrapers.archive.documents import ArchivedDocument, archive_document
from scrapers.archive.facts import NO_FACTS
from scrapers.archive.prior_state import PriorState, Returned
from scrapers.archive.store import Archive
from scrapers.http.responses import Fetched
from tests.scrapers.archive.list_documents import make_list_document
from tests.support.tables import read_list

FIRST_NIGHT = datetime(2026, 5, 19, 2, 30, tzinfo=UTC)
OLD, NEW, NEWER = (make_list_document(range(1, 5), note) for note in "abc")
URL = "https://cac.test/list"


def with_zip_comment(document: bytes) -> bytes:
    """The document in other bytes, with the same content."""
    buffer = BytesIO(document)
    with ZipFile(buffer, "a") as archive:
        archive.comment = b"other"
    return buffer.getvalue()


class Source:
    """Archives what one URL serves night after night."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.last: ArchivedDocument | None = None
        self.in_use: bytes | None = None
        self.is_whole = True

    def give(self, content: bytes, hours: float) -> ArchivedDocument:
        """Archive content, so many hours after the first night."""
        answer = Fetched(URL, URL, content, {}, FIRST_NIGHT + timedelta(hours=hours))
        in_use = self.archive.latest("002", "list")
        prior = PriorState(
            read_list(self.in_use).sha256 if self.in_use else in_use and in_use.content_sha256,
            self.is_whole,
            self.last.returned if self.last else None,
        )
        self.last = archive_document(
            self.archive, "002", "list", answer, read_list, NO_FACTS, prior
        )
        return self.last

    @property
    def versions(self) -> int:
        return len(self.archive.versions("002", "list"))


@pytest.fixture
def source(archive: Archive) -> Source:
    source = Source(archive)
    source.give(OLD, 0)
    source.give(NEW, 24)
    return source


@pytest.mark.parametrize(
    ("hours", "is_pending"), [(0, True), (11.99, True), (12, False), (24, False)]
)
def test_return_is_pending_for_less_than_twelve_hours(hours, is_pending):
    prior = PriorState(returned=Returned("old", FIRST_NIGHT))
    pending = prior.pending_return("old", FIRST_NIGHT + timedelta(hours=hours))
    assert pending == (Returned("old", FIRST_NIGHT) if is_pending else None)


def test_return_starts_again_if_the_clock_was_set_back():
    prior = PriorState(returned=Returned("old", FIRST_NIGHT))
    earlier = FIRST_NIGHT - timedelta(hours=1)
    assert prior.pending_return("old", earlier) == Returned("old", earlier)


def test_older_version_of_one_night_is_not_new(source):
    seen = source.give(OLD, 48)
    assert (seen.is_new, seen.version.content_sha256) == (False, read_list(NEW).sha256)
    assert seen.returned and seen.returned.content_sha256 == read_list(OLD).sha256
    assert "2026-05-19" in seen.remarks[0] and source.versions == 2


def test_latest_table_in_other_bytes_is_neither_new_nor_returned(source):
    source.in_use = OLD
    seen = source.give(with_zip_comment(NEW), 48)
    assert (seen.is_new, seen.returned, seen.remarks) == (False, None, ())
    assert source.versions == 2


def test_alternating_versions_add_nothing(source):
    for night in range(2, 6):
        seen = source.give(NEW if night % 2 else OLD, 24 * night)
        assert not seen.is_new and bool(seen.remarks) == (night % 2 == 0)
    assert source.versions == 2


def test_older_version_of_two_nights_is_new_with_remark(source):
    source.give(OLD, 48)
    seen = source.give(OLD, 72)
    assert (seen.is_new, seen.version.content_sha256) == (True, read_list(OLD).sha256)
    assert "in use from now on" in seen.remarks[0]
    assert seen.version.facts.returns_to == source.archive.versions("002", "list")[0].version
    assert source.give(OLD, 96).remarks == ()


def test_two_runs_of_one_night_count_as_one(source):
    source.give(OLD, 48)
    assert not source.give(OLD, 48.2).is_new and not source.give(OLD, 49).is_new
    assert source.give(OLD, 72).is_new


def test_wait_starts_again_for_another_older_version(source):
    source.give(NEWER, 30)
    source.give(OLD, 48)
    assert not source.give(NEW, 72).is_new
    assert source.give(NEW, 96).is_new


def test_older_version_in_use_is_new_without_wait(source):
    source.in_use = OLD
    seen = source.give(OLD, 48)
    assert (seen.is_new, seen.remarks, seen.returned) == (True, (), None)


def test_older_version_replaces_broken_one_without_wait(source):
    source.is_whole = False
    seen = source.give(OLD, 48)
    assert (seen.is_new, seen.remarks) == (True, ())
