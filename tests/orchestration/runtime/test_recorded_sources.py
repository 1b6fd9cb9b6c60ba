"""The record of the sources of a data directory."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.recorded_sources import (
    SOURCE_FILE,
    MixedSourcesError,
    record_source,
    recorded_sources,
    require_source,
    source_text,
)
from scrapers.http.responses import Fetched


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def describe_release(data: DataDir, source: object) -> None:
    folder = data.published / "20260101T000000Z"
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps({"source": source}))
    (data.published / "latest").symlink_to(folder.name)


def test_new_directory_accepts_any_source(data):
    require_source(data, "live")
    assert recorded_sources(data) == () and source_text(data, "live") == "live"
    assert list(data.root.iterdir()) == []


def test_recorded_source_is_the_only_one_accepted_and_the_error_says_what_to_do(data):
    record_source(data, "replica")
    assert json.loads((data.root / SOURCE_FILE).read_bytes()) == {"sources": ["replica"]}
    require_source(data, "replica")
    with pytest.raises(MixedSourcesError) as raised:
        require_source(data, "live")
    text = str(raised.value)
    assert str(data.root) in text and "`replica`" in text and "`live`" in text
    assert "FILINGS_DATA_DIR" in text and "filings refresh --force" in text


def test_added_source_follows_the_first_one_and_both_are_accepted(data):
    for source in ("replica", "live", "replica"):
        record_source(data, source)
    assert recorded_sources(data) == ("replica", "live")
    for source in ("replica", "live"):
        require_source(data, source)
    assert source_text(data, "live") == "replica, live"


def test_known_source_does_not_write_the_file_again(data):
    record_source(data, "live")
    before = (data.root / SOURCE_FILE).stat()
    record_source(data, "live")
    assert (data.root / SOURCE_FILE).stat() == before


def test_directory_without_the_file_takes_the_source_of_its_latest_release(data):
    describe_release(data, "replica, live")
    assert recorded_sources(data) == ("replica", "live")
    record_source(data, "live")
    assert json.loads((data.root / SOURCE_FILE).read_bytes()) == {"sources": ["replica", "live"]}


@pytest.mark.parametrize(
    "content", ["", "[", "[]", "{}", '{"sources": "live"}', '{"sources": [1]}', "[" * 100_000]
)
def test_damaged_file_is_replaced_from_the_latest_release(data, content):
    describe_release(data, "replica")
    (data.root / SOURCE_FILE).write_text(content)
    with pytest.raises(MixedSourcesError):
        require_source(data, "live")
    record_source(data, "replica")
    assert json.loads((data.root / SOURCE_FILE).read_bytes()) == {"sources": ["replica"]}


@pytest.mark.parametrize("source", [None, "", 1])
def test_release_without_a_source_accepts_any(data, source):
    describe_release(data, source)
    require_source(data, "live")


def test_directory_with_nothing_but_its_archive_takes_the_source_of_the_documents(data):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    answer = Fetched("https://cac.test/x", "https://cac.test/x", b"A", {}, at, "live")
    data.archive.store("011", "list", answer, suffix="docx", media_type="application/zip")
    assert recorded_sources(data) == ("live",)
