"""The hash of the dbt project, and when its manifest is parsed again."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from orchestration.warehouse import manifest, project
from orchestration.warehouse.manifest import prepare_manifest
from orchestration.warehouse.project import DbtError, project_sha256
from scrapers.files import write_text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project instead of the real one."""
    monkeypatch.setattr(project, "PROJECT_DIR", tmp_path)
    monkeypatch.setattr(project, "TARGET_DIR", tmp_path / "target")
    monkeypatch.setattr(manifest, "TARGET_DIR", tmp_path / "target")
    monkeypatch.setattr(manifest, "MANIFEST_PATH", tmp_path / "target" / "manifest.json")
    monkeypatch.setattr(manifest, "_FINGERPRINT", tmp_path / "target" / "manifest.sha256")
    write_text(tmp_path / "models" / "filings.sql", "select 1")
    write_text(tmp_path / "seeds" / "sectors.csv", "code")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "is_other"),
    [
        (lambda folder: write_text(folder / "models" / "filings.sql", "select 2"), True),
        (lambda folder: write_text(folder / "models" / "filings.yml", ""), True),
        (lambda folder: (folder / "models").rename(folder / "marts"), True),
        (lambda folder: write_text(folder / "seeds" / "more.csv", "code"), True),
        # The manifest has the names of seeds, not their contents.
        (lambda folder: write_text(folder / "seeds" / "sectors.csv", "other"), False),
        (lambda folder: write_text(folder / "target" / "compiled.sql", "select 3"), False),
        (lambda folder: write_text(folder / "logs" / "dbt.log", "done"), False),
    ],
    ids=["model", "yml", "rename", "new seed", "contents of a seed", "target", "log"],
)
def test_project_hash_changes_with_what_is_parsed(folder, change, is_other):
    before = project_sha256()
    change(folder)
    assert (project_sha256() != before) is is_other


def test_project_hash_depends_on_location(folder, monkeypatch):
    before = project_sha256()
    moved = folder.rename(folder.with_name("moved"))
    monkeypatch.setattr(project, "PROJECT_DIR", moved)
    monkeypatch.setattr(project, "TARGET_DIR", moved / "target")
    assert project_sha256() != before


@pytest.fixture
def parsed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces dbt, which takes seconds to import; one item per parse."""
    calls: list[str] = []

    def parse() -> None:
        calls.append("parse")
        write_text(manifest.MANIFEST_PATH, "{}")

    install(monkeypatch, parse)
    return calls


def install(monkeypatch: pytest.MonkeyPatch, parse: Callable[[], None]) -> None:
    module = SimpleNamespace(parse=parse)
    monkeypatch.setitem(sys.modules, "orchestration.warehouse.in_process", module)


def test_manifest_is_parsed_again_only_after_a_change(folder, parsed):
    assert prepare_manifest() == prepare_manifest() == folder / "target" / "manifest.json"
    assert len(parsed) == 1
    write_text(folder / "models" / "filings.sql", "select 2")
    prepare_manifest()
    assert len(parsed) == 2


def test_missing_manifest_is_parsed_again(folder, parsed):
    prepare_manifest().unlink()
    assert prepare_manifest().exists() and len(parsed) == 2


def test_manifest_of_a_project_that_does_not_parse_is_not_used_next_time(
    folder, parsed, monkeypatch
):
    prepare_manifest()
    write_text(folder / "models" / "filings.sql", "selekt")

    def fail() -> None:
        raise DbtError("the dbt project does not parse")

    install(monkeypatch, fail)
    for _ in range(2):
        with pytest.raises(DbtError):
            prepare_manifest()
