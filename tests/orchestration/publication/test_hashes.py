"""The hashes that decide whether a run makes a new release."""

from dataclasses import replace

import pytest

from orchestration.publication import hashes
from orchestration.publication.hashes import content_sha256, presentation_sha256
from scrapers.files import write_bytes
from tests.orchestration.publication.release_factories import MARTS

MART = MARTS[0]


def test_content_hash_covers_names_and_contents_of_parquet_files(tmp_path):
    path = tmp_path / "parquet" / "filings.parquet"
    write_bytes(path, b"rows")
    write_bytes(tmp_path / "filings.duckdb", b"database")
    first = content_sha256(tmp_path)
    write_bytes(tmp_path / "filings.duckdb", b"another database")
    assert content_sha256(tmp_path) == first
    path.write_bytes(b"other rows")
    other = content_sha256(tmp_path)
    path.write_bytes(b"rows")
    path.rename(path.with_name("entities.parquet"))
    assert len({first, other, content_sha256(tmp_path)}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        replace(MART, name="other"),
        replace(MART, description="Other."),
        replace(MART, columns={"batch_no": "Other."}),
    ],
    ids=["name", "description", "description of a column"],
)
def test_presentation_hash_covers_descriptions(changed):
    assert presentation_sha256([MART]) == presentation_sha256([MART])
    assert presentation_sha256([MART]) != presentation_sha256([changed])


def test_presentation_hash_covers_every_file_of_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(hashes, "__file__", str(tmp_path / "hashes.py"))
    seen = {presentation_sha256([MART])}
    for name in ("release.py", "report/page.py", "report/templates/styles/page.css"):
        write_bytes(tmp_path / name, b"code")
        seen.add(presentation_sha256([MART]))
    write_bytes(tmp_path / "__pycache__" / "release.pyc", b"code")
    seen.add(presentation_sha256([MART]))
    assert len(seen) == 4


def test_presentation_hash_covers_library_versions(monkeypatch):
    before = presentation_sha256([MART])
    monkeypatch.setattr(hashes, "version", lambda name: f"{name} 99")
    assert presentation_sha256([MART]) != before
