"""A release appears whole or not at all, and those who read the one before are not disturbed."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl
import pytest
from frictionless import Package

import orchestration.publication.release as release_module
from orchestration.publication import release_folders
from orchestration.publication.changes import CHANGES
from orchestration.publication.latest import DESCRIPTOR, descriptor, latest_release
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


def test_a_release_holds_the_marts_twice_and_says_what_is_in_it(tmp_path):
    made = make_release(tmp_path, make_filing(2), make_filing(1))
    assert made.is_new and made.rows == {"batches": 1, "filings": 2, "changes": 0}
    assert latest_release(tmp_path / "published") == made.path.resolve()
    assert files_of(made.path) == FILES
    with duckdb.connect(str(made.path / "filings.duckdb"), read_only=True) as connection:
        rows = connection.sql("select filing_number from filings").fetchall()
        comments = connection.sql("select comment from duckdb_tables() order by 1").fetchall()
    assert [int(number) for (number,) in rows] == numbers_in(made.path) == [1, 2]
    assert comments == [(mart.description,) for mart in (*MARTS, CHANGES)]
    assert made.changes == (made.path / "CHANGES.md").read_text()


def test_publishing_the_same_again_makes_nothing(tmp_path):
    first = make_release(tmp_path, make_filing(1), make_filing(2))
    again = make_release(tmp_path, make_filing(2), make_filing(1))
    assert (again.name, again.path, again.is_new) == (first.name, first.path.resolve(), False)
    assert again.content_sha256 == first.content_sha256
    assert names_in(tmp_path) == {first.name, "latest"}


def test_a_change_of_one_value_makes_a_release(tmp_path):
    make_release(tmp_path, make_filing(1))
    second = make_release(tmp_path, make_filing(1, note="已注销"))
    assert second.is_new and "1 amended" in second.summary
    assert latest_release(tmp_path / "published").name == second.name


@pytest.mark.parametrize("damage", ["", "{", None])
def test_a_damaged_descriptor_is_no_reason_not_to_publish(tmp_path, damage):
    path = make_release(tmp_path, make_filing(1)).path / DESCRIPTOR
    path.unlink() if damage is None else path.write_text(damage)
    assert make_release(tmp_path, make_filing(1)).is_new


def test_the_data_package_is_valid_and_its_hashes_are_right(tmp_path):
    made = make_release(tmp_path, make_filing(1), make_filing(2))
    said = descriptor(made.path)
    assert Package.validate_descriptor(said).valid
    package = Package(str(made.path / DESCRIPTOR))
    assert {resource.path for resource in package.resources} == FILES - {DESCRIPTOR}
    for resource in package.resources:
        content = (made.path / resource.path).read_bytes()
        assert resource.bytes == len(content)
        assert resource.hash == f"sha256:{sha256(content).hexdigest()}"
    rows = {item["path"]: item["rows"] for item in said["resources"] if "rows" in item}
    assert rows == {
        "parquet/batches.parquet": 1,
        "parquet/filings.parquet": 2,
        "parquet/changes.parquet": 0,
    }
    assert said["batches"] == [{"batch_no": 1, "filings": 2}]
    assert said["source"] == "replica" and said["code_version"]


@pytest.fixture
def keep_three(monkeypatch) -> None:
    """As ten would be, only sooner."""
    monkeypatch.setattr(release_folders, "KEPT_RELEASES", 3)


@pytest.mark.usefixtures("keep_three")
def test_a_reader_goes_on_reading_while_and_after_a_release_is_published(tmp_path, monkeypatch):
    make_release(tmp_path, make_filing(1))
    published = tmp_path / "published"
    path = published / "latest" / "filings.duckdb"
    seen = []
    with duckdb.connect(str(path), read_only=True) as reader:

        def read() -> None:
            seen.append(reader.execute("select count(*) from filings").fetchone())

        replace = release_module.os.replace

        def replace_and_read(*places: Path) -> None:
            read()
            replace(*places)
            read()

        monkeypatch.setattr(release_module.os, "replace", replace_and_read)
        for count in range(2, 6):
            make_release(tmp_path, *map(make_filing, range(count)))
        read()
    assert len(seen) > 16 and set(seen) == {(1,)}
    assert numbers_in(latest_release(published)) == list(range(5))


def test_at_every_moment_latest_is_a_whole_release(tmp_path, monkeypatch):
    old = make_release(tmp_path, make_filing(1)).name
    published, seen = tmp_path / "published", []
    replace = release_module.os.replace

    def replace_and_look(*places: Path) -> None:
        for step in (lambda: None, lambda: replace(*places)):
            step()
            latest = latest_release(published)
            assert files_of(latest) == FILES and json.loads((latest / DESCRIPTOR).read_bytes())
            seen.append(latest.name)

    monkeypatch.setattr(release_module.os, "replace", replace_and_look)
    new = make_release(tmp_path, make_filing(2)).name
    assert set(seen) == {old, new}
    assert seen == sorted(seen)


STEPS = ("export_marts", "compare", "export_rows", "write_json", "switch_latest")


@pytest.mark.parametrize("step", STEPS)
def test_a_publication_that_dies_leaves_latest_as_it_was(tmp_path, monkeypatch, step):
    old = make_release(tmp_path, make_filing(1)).path
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


def test_leftovers_of_a_killed_publication_are_removed(tmp_path):
    published = tmp_path / "published"
    (published / ".unfinished-20250101" / "parquet").mkdir(parents=True)
    (published / ".unfinished-latest").symlink_to("nowhere")
    made = make_release(tmp_path, make_filing(1))
    assert names_in(tmp_path) == {made.name, "latest"}


def test_a_dangling_latest_counts_as_no_release(tmp_path):
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "latest").symlink_to("gone")
    assert "first release" in make_release(tmp_path, make_filing(1)).summary


@pytest.mark.usefixtures("keep_three")
def test_only_the_last_releases_are_kept(tmp_path):
    names = [make_release(tmp_path, make_filing(n)).name for n in range(5)]
    assert names_in(tmp_path) == {*names[2:], "latest"}
    assert latest_release(tmp_path / "published").name == names[-1]


def test_ten_of_them():
    assert release_folders.KEPT_RELEASES == 10


def test_quotes_in_the_data_directorys_name_do_no_harm(tmp_path):
    folder = tmp_path / 'it\'s a "folder"'
    folder.mkdir()
    make_release(folder, make_filing(1))
    assert "1 added" in make_release(folder, make_filing(1), make_filing(2)).summary


def test_a_release_that_would_lose_a_batch_is_refused(tmp_path):
    first = make_release(tmp_path, make_filing(1), make_filing(2, batch_no=2))
    with pytest.raises(HeldBackError, match="batch 2 is in release"):
        make_release(tmp_path, make_filing(1))
    assert latest_release(tmp_path / "published") == first.path


def test_a_whole_release_that_never_became_the_latest_is_removed(tmp_path):
    first = make_release(tmp_path, make_filing(1))
    never_latest = first.path.with_name(f"2999{first.name[4:]}")
    shutil.copytree(first.path, never_latest)
    second = make_release(tmp_path, make_filing(1), make_filing(2))
    assert not never_latest.exists() and latest_release(tmp_path / "published") == second.path


def test_a_machine_without_git_publishes_too(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make_release(tmp_path, make_filing(1)).is_new
