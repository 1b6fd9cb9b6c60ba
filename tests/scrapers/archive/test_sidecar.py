"""The sidecar: a valid data package, restored from its copy, in the order of archiving."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from frictionless import Package, validate

from scrapers.archive.sidecar import COPY, SIDECAR, extends, name_time, sidecar_bytes
from scrapers.errors import ArchiveError
from tests.scrapers.archive.archive_factories import fetched, files, folders_of_lists, store


def test_sidecar_is_valid_data_package(archive):
    for minute, content in enumerate((b"A", b"B")):
        store(archive, content, minute)
    store(archive, b"<html>", minute=3, role="page")
    sidecar = archive.root / "011" / SIDECAR
    report = validate(str(sidecar), type="package")
    assert report.valid, report.to_summary()
    package = Package(str(sidecar))
    assert [resource.name.split("-")[0] for resource in package.resources] == [
        "list", "list", "page",
    ]  # fmt: skip
    for resource in package.resources:
        content = (archive.root / "011" / resource.path).read_bytes()
        assert (resource.bytes, resource.hash) == (
            len(content),
            f"sha256:{sha256(content).hexdigest()}",
        )


def test_frictionless_detects_damaged_bytes(archive):
    version, _ = store(archive, b"A")
    version.path.write_bytes(b"B")
    assert not validate(str(archive.root / "011" / SIDECAR), type="package").valid


@pytest.mark.parametrize(
    "damage",
    [
        lambda package: "",
        lambda package: json.dumps(package)[:-20],
        lambda package: "[]",
        lambda package: '{"name": "raw-011"}',
        lambda package: json.dumps(package | {"resources": [{"path": "x"}]}),
        lambda package: json.dumps(package | {"resources": 5}),
        lambda package: json.dumps(
            package | {"resources": [package["resources"][0] | {"sources": []}]}
        ),
        lambda package: json.dumps(
            package | {"resources": [package["resources"][0] | {"hash": None}]}
        ),
        lambda package: json.dumps(
            package | {"resources": [package["resources"][0] | {"retrieved_at": "now"}]}
        ),
    ],
)
def test_damaged_sidecar_is_restored_from_copy(archive, damage, caplog):
    store(archive, b"A")
    store(archive, b"B", minute=1)
    sidecar = archive.root / "011" / SIDECAR
    whole, versions = sidecar.read_bytes(), archive.versions("011", "list")
    sidecar.write_text(damage(json.loads(whole)))
    assert archive.versions("011", "list") == versions and archive.unreadable() == {}
    archive.repair_sidecars()
    assert sidecar.read_bytes() == whole
    assert f"{sidecar} could not be read and was restored from its copy" in caplog.text


def test_name_time_is_utc_in_any_time_zone(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        found = name_time("20250519t020000000000z-0123456789ab")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found == datetime(2025, 5, 19, 2, tzinfo=UTC)
    assert name_time("page") is None


def test_sidecar_extends_only_a_shorter_beginning_of_itself():
    def sidecar(*names: str) -> bytes:
        return json.dumps({"resources": [{"name": name} for name in names]}).encode()

    assert extends(sidecar("a", "b"), sidecar("a"))
    assert not extends(sidecar("a"), sidecar("a"))
    assert not extends(sidecar("a"), sidecar("a", "b"))
    assert not extends(sidecar("b", "c"), sidecar("a"))


@pytest.mark.parametrize("name", [SIDECAR, COPY])
def test_missing_sidecar_or_copy_is_restored(archive, name):
    store(archive, b"A")
    path = archive.root / "011" / name
    whole = path.read_bytes()
    path.unlink()
    assert folders_of_lists(archive) == ["011"]
    archive.repair_sidecars()
    assert path.read_bytes() == whole


def test_missing_copy_of_earlier_version_is_written_silently(archive, caplog):
    store(archive, b"A")
    (archive.root / "011" / COPY).unlink()
    archive.repair_sidecars()
    assert files(archive)[COPY] == files(archive)[SIDECAR] and not caplog.text


def test_outdated_copy_is_updated(archive):
    store(archive, b"A")
    earlier = files(archive)[COPY]
    store(archive, b"B", minute=1)
    (archive.root / "011" / COPY).write_bytes(earlier)
    archive.repair_sidecars()
    assert files(archive)[COPY] == files(archive)[SIDECAR] != earlier


def test_contradicting_sidecars_are_left_unchanged(archive):
    store(archive, b"A")
    before = files(archive)
    changed = before[COPY].replace(b"2025-05", b"2025-06")
    (archive.root / "011" / COPY).write_bytes(changed)
    archive.repair_sidecars()
    assert files(archive) == before | {COPY: changed}


def test_folder_without_readable_sidecar_is_reported_and_skipped(archive):
    store(archive, b"A")
    store(archive, b"B", folder="012")
    for name in (SIDECAR, COPY):
        (archive.root / "011" / name).write_text("{")
    before = files(archive)
    archive.repair_sidecars()
    with pytest.raises(
        ArchiveError, match=r"datapackage\.json and its copy cannot be read.*Restore"
    ):
        store(archive, b"C", minute=1)
    assert folders_of_lists(archive) == ["012"] and list(archive.unreadable()) == ["011"]
    assert archive.newest() == fetched(b"").retrieved_at
    assert files(archive) == before


def test_documents_without_sidecar_are_an_error(archive):
    for minute, content in enumerate((b"A", b"B")):
        store(archive, content, minute)
    for name in (SIDECAR, COPY):
        (archive.root / "011" / name).unlink()
    before = files(archive)
    with pytest.raises(ArchiveError, match="both files are missing"):
        store(archive, b"B", minute=2)
    assert files(archive) == before and folders_of_lists(archive) == []
    assert list(archive.unreadable()) == ["011"]


def test_lone_surrogate_is_refused_before_bytes_are_written(archive):
    store(archive, b"A")
    before = files(archive)
    with pytest.raises(ArchiveError, match=r"lone surrogate '\\ud800'.*not archived"):
        store(archive, b"B", minute=1, title="a \ud800 title")
    assert files(archive) == before


@pytest.mark.parametrize(
    ("days", "before"), [(-400, 0), (-400, 400), (0, 0)], ids=["back", "set right", "stands still"]
)
def test_versions_keep_archiving_order_with_wrong_clock(archive, days, before):
    moments = [before, days, days, before + 1]
    for day, content in zip(moments, (b"A", b"B", b"C", b"D"), strict=True):
        store(archive, content, minute=day * 24 * 60)
    versions = archive.versions("011", "list")
    names = [version.version for version in versions]
    seen = [version.seen_at for version in versions]
    assert [archive.read(version) for version in versions] == [b"A", b"B", b"C", b"D"]
    assert names == sorted(set(names)) and seen == sorted(set(seen))
    assert [version.retrieved_at for version in versions] == [
        fetched(b"", day * 24 * 60).retrieved_at for day in moments
    ]
    assert archive.newest() == max(version.retrieved_at for version in versions)


def test_versions_named_by_wrong_clock_keep_order(archive):
    for minute, content in enumerate((b"A", b"B")):
        store(archive, content, minute)
    for name in (SIDECAR, COPY):
        path = archive.root / "011" / name
        package = json.loads(path.read_bytes())
        package["resources"].reverse()
        path.write_text(json.dumps(package))
    store(archive, b"C", minute=-60)
    versions = archive.versions("011", "list")
    assert [archive.read(version) for version in versions] == [b"B", b"A", b"C"]
    assert versions[0].seen_at < versions[1].seen_at < versions[2].seen_at
    assert versions[2].version == max(version.version for version in versions)


def test_source_is_kept_and_entries_of_earlier_versions_have_none(archive):
    older, _ = store(archive, b"A")
    sidecar = archive.root / "011" / SIDECAR
    assert "fetched_from" not in sidecar.read_text()
    answer = replace(fetched(b"B", minute=1), fetched_from="replica")
    archive.store("011", "list", answer, suffix="docx", media_type="application/zip")
    assert [item.fetched_from for item in archive.documents("011")] == [None, "replica"]
    assert extends(sidecar.read_bytes(), sidecar_bytes("011", [older]))


def test_sources_of_an_archive_start_with_that_of_the_oldest_document(archive):
    store(archive, b"A")
    assert archive.sources() == []
    for minute, (folder, source) in enumerate([("012", "live"), ("011", "replica")], 1):
        answer = replace(fetched(b"B", minute), fetched_from=source)
        archive.store(folder, "list", answer, suffix="docx", media_type="application/zip")
    assert archive.sources() == ["live", "replica"]
