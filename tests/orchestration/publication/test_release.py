"""Publication of releases: completeness, atomic switching, and readers of earlier releases."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl
import pytest
from frictionless import Package

import orchestration.publication.release as release_module
from orchestration.publication import release_folders
from orchestration.publication.changes import CHANGES
from orchestration.publication.datapackage import code_version
from orchestration.publication.latest import DESCRIPTOR, descriptor, latest_release
from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse.marts import DATABASE
from scrapers.errors import HeldBackError
from tests.orchestration.publication.release_factories import MARTS, make_filing, make_release

FILES = {
    "filings.duckdb", "parquet/batches.parquet", "parquet/filings.parquet",
    "parquet/changes.parquet", "CHANGES.md", "datapackage.json",
}  # fmt: skip


def files_of(release: Path) -> set[str]:
    return {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}


def names_in(folder: Path) -> set[str]:
    return {path.name for path in (folder / "published").iterdir()}


def numbers_in(release: Path) -> list[int]:
    return [int(number) for number in pl.read_parquet(release / "parquet/filings.parquet")[:, 0]]


def test_release_has_database_parquet_files_and_descriptor(tmp_path):
    made = make_release(tmp_path, make_filing(2), make_filing(1))
    assert made.is_new and made.rows == {"batches": 1, "filings": 2, "changes": 0}
    assert latest_release(tmp_path / "published") == made.path.resolve()
    assert files_of(made.path) == FILES
    with duckdb.connect(str(made.path / "filings.duckdb"), read_only=True) as connection:
        rows = connection.sql("select filing_number from filings").fetchall()
        comments = connection.sql("select comment from duckdb_tables()").fetchall()
    assert [int(number) for (number,) in rows] == numbers_in(made.path) == [1, 2]
    assert set(comments) == {(mart.description,) for mart in (*MARTS, CHANGES)}
    assert made.changes == (made.path / "CHANGES.md").read_text()


@pytest.mark.parametrize("build", [None, "one"])
def test_source_that_is_added_is_a_new_release(tmp_path, build):
    make_release(tmp_path, make_filing(1), build=build)
    mixed = make_release(tmp_path, make_filing(1), build=build, source="replica, live")
    assert mixed.is_new and descriptor(mixed.path)["source"] == "replica, live"
    again = make_release(tmp_path, make_filing(1), build=build, source="replica, live")
    assert not again.is_new


def test_build_of_the_latest_release_is_not_exported_again(tmp_path, monkeypatch):
    first = make_release(tmp_path, make_filing(1), build="one")
    monkeypatch.setattr(release_module, "export_marts", None)
    again = make_release(tmp_path, make_filing(1), build="one")
    assert (again.name, again.is_new) == (first.name, False)
    assert again.content_sha256 == first.content_sha256
    assert again.rows == {"batches": 1, "filings": 1}


def test_build_is_exported_again_if_a_file_of_the_release_was_altered(tmp_path):
    first = make_release(tmp_path, make_filing(1), build="one")
    page = first.path / "CHANGES.md"
    page.chmod(0o644)
    page.write_text("other")
    again = make_release(tmp_path, make_filing(1), build="one")
    assert again.is_new
    assert again.name != first.name


@pytest.mark.parametrize("build", ["two", None])
def test_other_or_unknown_build_is_compared_by_content(tmp_path, build):
    first = make_release(tmp_path, make_filing(1), build="one")
    same = make_release(tmp_path, make_filing(1), build=build)
    assert (same.name, same.is_new) == (first.name, False)
    other = build and "three"
    assert make_release(tmp_path, make_filing(1), make_filing(2), build=other).is_new


def test_build_with_the_same_marts_is_compared_by_content_once(tmp_path, monkeypatch):
    first = make_release(tmp_path, make_filing(1), build="one")
    assert not make_release(tmp_path, make_filing(1), build="two").is_new
    monkeypatch.setattr(release_module, "export_marts", None)
    for build in ("two", "one"):
        again = make_release(tmp_path, make_filing(1), build=build)
        assert (again.name, again.is_new) == (first.name, False)


def test_unchanged_marts_make_no_new_release(tmp_path, first_release):
    first = first_release(2)
    again = make_release(tmp_path, make_filing(2), make_filing(1))
    assert (again.name, again.path, again.is_new) == (first.name, first.path.resolve(), False)
    assert again.content_sha256 == first.content_sha256
    assert names_in(tmp_path) == {first.name, "latest"}


def test_one_changed_value_makes_a_new_release(tmp_path, first_release):
    first_release()
    second = make_release(tmp_path, make_filing(1, note="已注销"))
    assert second.is_new and "1 amended" in second.summary
    assert latest_release(tmp_path / "published").name == second.name


def test_data_package_is_valid_and_describes_every_file(first_release):
    made = first_release(2)
    stated = descriptor(made.path)
    assert Package.validate_descriptor(stated).valid
    package = Package(str(made.path / DESCRIPTOR))
    assert {resource.path for resource in package.resources} == FILES - {DESCRIPTOR}
    for resource in package.resources:
        content = (made.path / resource.path).read_bytes()
        assert resource.bytes == len(content)
        assert resource.hash == f"sha256:{sha256(content).hexdigest()}"
    rows = {item["path"]: item["row_count"] for item in stated["resources"] if "row_count" in item}
    assert rows == {
        "parquet/batches.parquet": 1,
        "parquet/filings.parquet": 2,
        "parquet/changes.parquet": 0,
    }
    assert stated["batches"] == [{"batch_no": 1, "filings": 2}]
    assert stated["registers"] == [
        {
            "register": "deep_synthesis",
            "title": "Deep-synthesis algorithms",
            "title_zh": "深度合成服务算法备案",
            "documents": 1,
            "rows": 2,
            "as_of": "list of February 2024",
            "as_of_zh": "2024 年 2 月清单",
        }
    ]
    assert stated["source"] == "replica" and stated["code_version"]
    assert datetime.fromisoformat(stated["created"]).utcoffset() == timedelta()


@pytest.fixture
def keep_three(monkeypatch) -> None:
    """Keep three releases instead of ten."""
    monkeypatch.setattr(release_folders, "KEPT_RELEASES", 3)


@pytest.mark.usefixtures("keep_three")
def test_open_reader_is_not_disturbed_by_publication_and_pruning(
    tmp_path, monkeypatch, first_release
):
    first = first_release()
    published = tmp_path / "published"
    seen = []
    with duckdb.connect(str(published / "latest" / "filings.duckdb"), read_only=True) as reader:

        def read() -> None:
            seen.append(reader.execute("select count(*) from filings").fetchone())

        replace = os.replace

        def replace_and_read(*places: Path) -> None:
            read()
            replace(*places)
            read()

        monkeypatch.setattr(os, "replace", replace_and_read)
        for count in range(2, 5):
            make_release(tmp_path, *map(make_filing, range(count)))
        read()
    assert not first.path.exists()
    assert len(seen) > 12 and set(seen) == {(1,)}
    assert numbers_in(latest_release(published)) == list(range(4))


def test_latest_is_a_complete_release_at_every_moment(tmp_path, monkeypatch, first_release):
    old = first_release().name
    published, seen = tmp_path / "published", []
    replace = os.replace

    def replace_and_look(*places: Path) -> None:
        for step in (lambda: None, lambda: replace(*places)):
            step()
            latest = latest_release(published)
            assert files_of(latest) == FILES and json.loads((latest / DESCRIPTOR).read_bytes())
            seen.append(latest.name)

    monkeypatch.setattr(os, "replace", replace_and_look)
    new = make_release(tmp_path, make_filing(2)).name
    assert set(seen) == {old, new}
    assert seen == sorted(seen)


# The first step, one in the middle, and the last.
STEPS = ("export_marts", "export_rows", "switch_latest")


@pytest.mark.parametrize("step", STEPS)
def test_killed_publication_leaves_latest_unchanged(tmp_path, monkeypatch, first_release, step):
    old = first_release().path
    before = {name: (old / name).read_bytes() for name in FILES}

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(release_module, step, die)
        with pytest.raises(KeyboardInterrupt):
            make_release(tmp_path, make_filing(2))
    assert latest_release(tmp_path / "published") == old.resolve()
    assert {name: (old / name).read_bytes() for name in FILES} == before
    made = make_release(tmp_path, make_filing(2))
    assert made.is_new and "1 added" in made.summary
    assert not [name for name in names_in(tmp_path) if name.startswith(".")]


def test_leftovers_of_killed_publication_are_removed(tmp_path):
    published = tmp_path / "published"
    (published / ".unfinished-20250101" / "parquet").mkdir(parents=True)
    (published / ".unfinished-latest").symlink_to("nowhere")
    made = make_release(tmp_path, make_filing(1))
    assert names_in(tmp_path) == {made.name, "latest"}


def test_dangling_latest_counts_as_no_release(tmp_path):
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "latest").symlink_to("gone")
    assert "first release" in make_release(tmp_path, make_filing(1)).summary


def test_ten_newest_releases_and_newest_damaged_one_are_kept(tmp_path):
    names = [f"2025010{day}T000000000000Z" for day in range(1, 10)]
    names += [f"202501{day}T000000000000Z" for day in range(10, 14)]
    damaged = [f"{name}.damaged" for name in ("20250102T000000000000Z", "20250103T000000000000Z")]
    for name in (*names, *damaged):
        (tmp_path / name).mkdir()
    (tmp_path / "latest").symlink_to(names[0])
    release_folders.prune(tmp_path)
    kept = {path.name for path in tmp_path.iterdir()}
    # What `latest` points to is kept in any case.
    assert kept == {names[0], *names[-10:], damaged[-1], "latest"}


def test_data_directory_name_may_contain_quotes_and_wildcards(tmp_path):
    folder = tmp_path / 'it\'s a "folder" [1]'
    folder.mkdir()
    make_release(folder, make_filing(1))
    assert "1 added" in make_release(folder, make_filing(1), make_filing(2)).summary


def test_release_missing_a_batch_is_held_back(tmp_path):
    first = make_release(tmp_path, make_filing(1), make_filing(2, batch_no=2))
    with pytest.raises(HeldBackError, match="has batch 002, but"):
        make_release(tmp_path, make_filing(1))
    assert latest_release(tmp_path / "published") == first.path


def test_complete_release_newer_than_latest_is_removed(tmp_path, first_release):
    first = first_release()
    never_latest = first.path.with_name(f"2999{first.name[4:]}")
    shutil.copytree(first.path, never_latest)
    second = make_release(tmp_path, make_filing(1), make_filing(2))
    assert not never_latest.exists() and latest_release(tmp_path / "published") == second.path


def test_code_version_is_the_package_version_without_git(tmp_path, monkeypatch):
    number = version("filings-register")
    assert code_version().startswith(number)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("FILINGS_COMMIT", raising=False)
    assert code_version() == number


def test_code_version_without_git_has_the_commit_of_the_image(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("FILINGS_COMMIT", "0123abc")
    assert code_version() == f"{version('filings-register')}+0123abc"


def test_code_version_has_the_commit_of_a_checkout_of_another_user(monkeypatch):
    if not shutil.which("git") or not (PROJECT_ROOT / ".git").exists():
        pytest.skip("the project is not a Git checkout")
    expected = code_version()
    # Git takes this variable in its own tests: the checkout then belongs to another user.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert subprocess.run(["git", "-C", PROJECT_ROOT, "status"], check=False).returncode != 0
    assert "+" in expected and code_version() == expected


def test_new_release_is_named_after_its_time_in_utc(tmp_path):
    before = datetime.now(UTC)
    name = release_folders.next_name(tmp_path)
    at = datetime.strptime(name, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
    assert before <= at <= datetime.now(UTC)


def test_release_database_has_the_oldest_storage_format(first_release):
    with duckdb.connect(str(first_release().path / DATABASE), read_only=True) as connection:
        ((tags,),) = connection.sql(
            "select tags from duckdb_databases() where database_name = 'filings'"
        ).fetchall()
    assert tags["storage_version"].startswith("v1.0.0")
