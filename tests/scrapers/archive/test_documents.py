"""Archiving of documents: rejected series, and damaged files."""

from datetime import UTC, datetime, timedelta

import pytest

from scrapers.archive.documents import archive_document, keep_archived, keep_rejected
from scrapers.archive.facts import NO_FACTS, Facts
from scrapers.archive.sidecar import SIDECAR
from scrapers.archive.store import Archive
from scrapers.errors import ArchiveError, DocumentError, NotFoundError
from scrapers.http.responses import Fetched
from tests.scrapers.archive.list_documents import make_list_document
from tests.support.tables import read_list

URL = "https://cac.test/page"


def answer(content: bytes, night: int) -> Fetched:
    at = datetime(2025, 5, 19, 2, tzinfo=UTC) + timedelta(days=night)
    return Fetched(URL, URL, content, {}, at)


def reject(archive: Archive, night: int, problem: str) -> None:
    keep_rejected(archive, "003", answer(b"<html>%d" % night, night), Facts(problem=problem))


def rejected(archive: Archive) -> list[tuple[bytes, int | None]]:
    """The rejected documents with their counts, after a check that the sidecar names all files."""
    versions = archive.documents("003")
    files = {path.name for path in archive.root.glob("003/*") if path.suffix != ".json"}
    assert files == {version.path.name for version in versions}
    kept = [version for version in versions if version.role == "rejected"]
    return [(archive.read(version), version.facts.count) for version in kept]


@pytest.mark.parametrize(
    "problem",
    [
        "the page is titled 'Please wait' and announces no batch",
        "the page is titled '{token}' and announces no batch",
        'the page is titled "{token}\'s" and announces no batch',
        "the page links to 2 lists (清单 (https://cac.test/{token}), 清单), not to one",
        "page {night}: no table",
        "no batch at https://cac.test/{token}",
    ],
)
def test_rejected_series_keeps_first_and_last(archive, problem):
    for night in range(1, 5):
        reject(archive, night, problem.format(token=f"a{night * 7919:x}", night=night))
    assert rejected(archive) == [(b"<html>1", 1), (b"<html>4", 4)]
    first, last = archive.documents("003")
    assert (last.retrieved_at - first.retrieved_at).days == 3


def test_documents_rejected_for_two_reasons_are_two_series(archive):
    for night in range(6):
        reject(archive, night, "no table" if night % 2 else "a damaged file")
    assert rejected(archive) == [
        (b"<html>0", 1), (b"<html>1", 1), (b"<html>4", 3), (b"<html>5", 3),
    ]  # fmt: skip


def test_readable_document_ends_rejected_series(archive):
    reject(archive, 1, "no table")
    reject(archive, 2, "no table")
    good = answer(make_list_document(), 3)
    archive_document(archive, "003", "list", good, read_list, NO_FACTS)
    for night in (4, 5, 6):
        reject(archive, night, "no table")
    assert rejected(archive) == [
        (b"<html>1", 1), (b"<html>2", 2), (b"<html>4", 1), (b"<html>6", 3),
    ]  # fmt: skip


def test_known_rejected_bytes_are_not_stored_again(archive):
    for night in (1, 2, 3):
        reject(archive, night, "no table")
    before = (archive.root / "003" / SIDECAR).read_bytes()
    for night in (3, 1, 3):
        reject(archive, night, "no table")
    assert (archive.root / "003" / SIDECAR).read_bytes() == before


def test_rejected_series_of_earlier_version_is_counted_and_reduced(archive):
    for night in range(5):
        archive.store(
            "003", "rejected", answer(b"old %d" % night, night), suffix="bin",
            media_type="application/octet-stream", facts=Facts(problem=f"no table {night}"),
        )  # fmt: skip
    reject(archive, 9, "no table 9")
    kept = archive.documents("003")
    assert [archive.read(version) for version in kept] == [b"old 0", b"<html>9"]
    assert kept[-1].facts.count == 6


def test_unreadable_document_is_stored_as_rejected_with_problem(archive):
    with pytest.raises(DocumentError):
        archive_document(
            archive, "003", "list", answer(b"%PDF-1.7", 1), read_list, Facts(label="x")
        )
    (version,) = archive.documents("003")
    assert (version.role, version.facts.label) == ("rejected", "x")
    assert version.facts.problem


def test_same_bytes_with_a_changed_versioned_fact_are_new(archive):
    def keep(night: int, month: str, *versioned: str) -> bool:
        document, facts = answer(make_list_document(), night), Facts(month=month)
        return archive_document(
            archive, "003", "list", document, read_list, facts, versioned_facts=versioned
        ).is_new

    assert keep(1, "2025-05", "month")
    assert not keep(2, "2025-05", "month")
    assert not keep(3, "2025-06", "title")
    assert keep(4, "2025-06", "month")
    assert [item.facts.month for item in archive.documents("003")] == ["2025-05", "2025-06"]


def test_missing_document_is_an_error_without_a_readable_version(archive):
    reject(archive, 1, "no table")
    with pytest.raises(NotFoundError, match="status 404"):
        keep_archived(archive, "003", "list", NotFoundError("status 404"))


def test_missing_document_leaves_latest_version_in_use(archive):
    for night in (1, 2):
        content = make_list_document(note=str(night))
        last = archive_document(archive, "003", "list", answer(content, night), read_list, NO_FACTS)
    kept = keep_archived(archive, "003", "list", NotFoundError("status 404"))
    assert (kept.version, kept.is_new, kept.gone) == (last.version, False, "status 404")


def test_damaged_file_is_restored_by_same_document(archive):
    content = make_list_document()
    first = archive_document(archive, "003", "list", answer(content, 1), read_list, NO_FACTS)
    first.version.path.write_bytes(b"PK")
    with pytest.raises(ArchiveError):
        archive.read(first.version)
    again = archive_document(archive, "003", "list", answer(content, 2), read_list, NO_FACTS)
    assert not again.is_new and archive.read(first.version) == content
