"""`filings check` reads all that is kept and names what is not what was written."""

import json
from pathlib import Path

import pytest

from orchestration.inspection.verification import verify
from orchestration.runtime.data_dir import DataDir
from scrapers.archive.sidecar import COPY, SIDECAR
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.publication.release_factories import make_filing, make_release
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_rows,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with two batches, one in two versions, and two releases."""
    stores = Stores(tmp_path)
    archive_and_validate(stores, make_filing_rows(3), make_filing_rows(4), batch_no=2)
    archive_and_validate(stores, make_filing_rows(5, first=50), batch_no=3)
    stores.write_tables()
    make_release(tmp_path, make_filing(1))
    make_release(tmp_path, make_filing(1), make_filing(2))
    return tmp_path


def one(data: Path, pattern: str, place: int = -1) -> Path:
    return sorted(data.glob(pattern))[place]


def other_bytes(path: Path) -> None:
    """As many bytes as before, one of them another."""
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def cut_short(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-9])


def contradicted(path: Path) -> None:
    package = json.loads(path.read_bytes())
    package["resources"][0]["facts"]["label"] = "another"
    path.write_text(json.dumps(package))


def stray(path: Path) -> None:
    path.with_name("stray.docx").write_bytes(b"PK")


def test_what_is_whole_is_counted(data):
    assert assert_succeeds(data, "check").splitlines() == [
        "archive   2 folders, 3 documents",
        "validated 3 results, 1 table",
        "releases  2 releases, 10 files",
        "everything is as it was written",
    ]


@pytest.mark.parametrize(
    ("pattern", "damage", "found"),
    [
        ("raw/002/*.docx", other_bytes, "has changed since it was archived"),
        ("raw/002/*.docx", cut_short, "has changed since it was archived"),
        ("raw/002/*.docx", Path.unlink, "is missing"),
        ("raw/003/*.docx", stray, "is not listed in any sidecar"),
        (f"raw/003/{SIDECAR}", cut_short, "cannot be read"),
        (f"raw/003/{SIDECAR}", Path.unlink, "is gone"),
        (f"raw/003/{COPY}", cut_short, "cannot be read"),
        (f"raw/003/{COPY}", contradicted, f"differs from {SIDECAR}"),
        ("validated/002/*.parquet", other_bytes, "is torn or altered"),
        ("validated/002/*.parquet", Path.unlink, "is gone"),
        ("validated/002/quarantine/*.parquet", cut_short, "is torn or altered"),
        ("validated/002/*.json", cut_short, "is torn or altered"),
        ("validated/list_versions.parquet", cut_short, "is torn or altered"),
        ("published/2*Z/CHANGES.md", other_bytes, "is not what was published"),
        ("published/2*Z/parquet/filings.parquet", cut_short, "is not what was published"),
        ("published/2*Z/filings.duckdb", Path.unlink, "is gone"),
        ("published/2*Z/datapackage.json", cut_short, "cannot be read"),
        ("published/2*Z/CHANGES.md", stray, "does not belong to the release"),
        ("published/latest", Path.unlink, "does not point to a release"),
    ],
)
def test_each_damage_is_named_with_its_path_and_a_remedy(data, pattern, damage, found):
    path = one(data, pattern)
    damage(path)
    named = path.with_name("stray.docx") if damage is stray else path
    lines = assert_fails(run(data, "check", COLUMNS="1000")).splitlines()
    assert any(line.startswith(f"error: {named} {found}") for line in lines)


def test_an_older_release_that_is_damaged_is_to_be_deleted(data):
    other_bytes(one(data, "published/2*Z/CHANGES.md", place=0))
    (finding,) = [finding for store in verify(DataDir(data)) for finding in store.findings]
    assert finding.remedy == f"Delete the folder {finding.path.parent}"


def test_a_folder_without_a_readable_sidecar_is_one_finding_for_each_copy(data):
    for name in (SIDECAR, COPY):
        cut_short(data / "raw" / "003" / name)
    findings = [finding for store in verify(DataDir(data)) for finding in store.findings]
    assert [finding.path.name for finding in findings] == [SIDECAR, COPY]


def test_an_archive_of_an_earlier_program_has_no_copies_and_nothing_is_wrong(data):
    for copy in data.glob(f"raw/*/{COPY}"):
        copy.unlink()
    assert "everything is as it was written" in assert_succeeds(data, "check")


def test_many_findings_are_counted_not_listed(data):
    for number in range(60):
        (data / "raw" / "003" / f"{number}.docx").write_bytes(b"PK")
    lines = assert_fails(run(data, "check", COLUMNS="1000")).splitlines()
    assert len(lines) == 51 and lines[-1] == "and 10 more"


def test_nothing_is_changed(data):
    other_bytes(one(data, "raw/002/*.docx"))
    cut_short(one(data, f"raw/003/{SIDECAR}"))

    def listing() -> dict[str, bytes]:
        files = (path for path in data.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in files if path.name != ".run.lock"}

    before = listing()
    run(data, "check")
    assert listing() == before


def test_an_empty_folder_has_nothing_to_check(tmp_path):
    assert assert_succeeds(tmp_path, "check").startswith("archive   0 folders, 0 documents\n")


def test_a_folder_that_is_not_there_is_named_and_not_made(tmp_path):
    folder = tmp_path / "data"
    assert f"there is no folder {folder}" in assert_fails(run(folder, "check"))
    assert not folder.exists()
