"""`filings check` compares every stored file with its hash and names each difference."""

import json
import shutil
from pathlib import Path

import pytest

from orchestration.inspection.verification import Checked, verify
from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.run_lock import is_run_alive
from scrapers.archive.sidecar import COPY, SIDECAR
from tests.orchestration.cli.commands import assert_fails, assert_succeeds, run
from tests.orchestration.publication.release_factories import make_filing, make_release
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_rows,
)


@pytest.fixture(scope="module")
def undamaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two batches, one in two versions, and two releases."""
    root = tmp_path_factory.mktemp("undamaged")
    stores = Stores(root)
    archive_and_validate(stores, make_filing_rows(3), make_filing_rows(4), batch_no=2)
    archive_and_validate(stores, make_filing_rows(5, first=50), batch_no=3)
    stores.write_tables()
    make_release(root, make_filing(1))
    make_release(root, make_filing(1), make_filing(2))
    return root


@pytest.fixture
def data(undamaged: Path, tmp_path: Path) -> Path:
    """A copy of the data directory, which a test may damage."""
    return Path(shutil.copytree(undamaged, tmp_path / "data", symlinks=True))


def pick(data: Path, pattern: str, place: int = -1) -> Path:
    return sorted(data.glob(pattern))[place]


def change_byte(path: Path) -> None:
    """Change one byte and keep the size."""
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def truncate(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-9])


def change_label(path: Path) -> None:
    package = json.loads(path.read_bytes())
    package["resources"][0]["facts"]["label"] = "another"
    path.write_text(json.dumps(package))


def add_stray(path: Path) -> None:
    path.with_name("stray.docx").write_bytes(b"PK")


def test_check_counts_files_of_an_undamaged_data_directory(data):
    assert assert_succeeds(data, "check").splitlines() == [
        "archive   2 folders, 3 documents",
        "validated 3 results, 1 table",
        "releases  2 releases, 10 files",
        "All files match their recorded hashes.",
    ]


@pytest.mark.parametrize(
    ("pattern", "damage", "found"),
    [
        ("raw/002/*.docx", change_byte, "has changed since it was archived"),
        ("raw/002/*.docx", truncate, "has changed since it was archived"),
        ("raw/002/*.docx", Path.unlink, "is missing"),
        ("raw/003/*.docx", add_stray, "is not listed in any sidecar"),
        (f"raw/003/{SIDECAR}", truncate, "cannot be read"),
        (f"raw/003/{SIDECAR}", Path.unlink, "is missing"),
        (f"raw/003/{COPY}", truncate, "cannot be read"),
        (f"raw/003/{COPY}", change_label, f"differs from {SIDECAR}"),
        ("validated/002/*.parquet", change_byte, "is damaged or altered"),
        ("validated/002/*.parquet", Path.unlink, "is missing"),
        ("validated/002/quarantine/*.parquet", truncate, "is damaged or altered"),
        ("validated/002/*.json", truncate, "is damaged or altered"),
        ("validated/list_versions.parquet", truncate, "is damaged or altered"),
        ("published/2*Z/CHANGES.md", change_byte, "is not what was published"),
        ("published/2*Z/parquet/filings.parquet", truncate, "is not what was published"),
        ("published/2*Z/filings.duckdb", Path.unlink, "is missing"),
        ("published/2*Z/datapackage.json", truncate, "cannot be read"),
        ("published/2*Z/CHANGES.md", add_stray, "does not belong to the release"),
        ("published/latest", Path.unlink, "does not point to a release"),
    ],
)
def test_check_names_path_and_kind_of_each_damage(data, pattern, damage, found):
    path = pick(data, pattern)
    damage(path)
    named = path.with_name("stray.docx") if damage is add_stray else path
    lines = assert_fails(run(data, "check", COLUMNS="1000")).splitlines()
    assert any(line.startswith(f"error: {named} {found}") for line in lines)


def test_remedy_for_a_damaged_older_release_is_to_delete_it(data):
    change_byte(pick(data, "published/2*Z/CHANGES.md", place=0))
    (finding,) = [finding for store in verify(DataDir(data)) for finding in store.findings]
    assert finding.remedy == f"Delete the folder {finding.path.parent}"


def test_unreadable_sidecar_and_copy_are_two_findings(data):
    for name in (SIDECAR, COPY):
        truncate(data / "raw" / "003" / name)
    findings = [finding for store in verify(DataDir(data)) for finding in store.findings]
    assert [finding.path.name for finding in findings] == [SIDECAR, COPY]


def test_archive_without_sidecar_copies_passes(data):
    for copy in data.glob(f"raw/*/{COPY}"):
        copy.unlink()
    assert "All files match" in assert_succeeds(data, "check")


def test_findings_beyond_fifty_are_only_counted(data):
    for number in range(60):
        (data / "raw" / "003" / f"{number}.docx").write_bytes(b"PK")
    lines = assert_fails(run(data, "check", COLUMNS="1000")).splitlines()
    assert len(lines) == 51 and lines[-1] == "and 10 more"


def test_check_changes_no_stored_file(data):
    change_byte(pick(data, "raw/002/*.docx"))
    truncate(pick(data, f"raw/003/{SIDECAR}"))

    def listing() -> dict[str, bytes]:
        files = (path for path in data.rglob("*") if path.is_file())
        written = {".run.lock", "incidents.json"}
        return {str(path): path.read_bytes() for path in files if path.name not in written}

    before = listing()
    run(data, "check")
    assert listing() == before


def test_check_holds_the_run_lock(data, monkeypatch):
    held: list[bool] = []

    def verify_nothing(checked: DataDir) -> list[Checked]:
        held.append(is_run_alive(checked.root, 0))
        return []

    monkeypatch.setattr("orchestration.inspection.verification.verify", verify_nothing)
    assert_succeeds(data, "check")
    assert held == [True]


def test_check_of_an_empty_folder_passes(tmp_path):
    assert assert_succeeds(tmp_path, "check").startswith("archive   0 folders, 0 documents\n")


def test_check_of_a_missing_folder_fails_without_creating_it(tmp_path):
    folder = tmp_path / "data"
    assert f"the data directory {folder} does not exist" in assert_fails(run(folder, "check"))
    assert not folder.exists()
