"""A release that is not what was published is made again; none may lose what the last one had."""

import hashlib
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

import orchestration.publication.release as release_module
from orchestration.publication import datapackage, release_folders
from orchestration.publication.changes import Changes
from orchestration.publication.latest import (
    DESCRIPTOR,
    descriptor,
    differences,
    latest_release,
    releases,
    unexpected_files,
)
from scrapers.errors import HeldBackError
from scrapers.files import write_json
from tests.orchestration.publication.release_factories import make_filing, make_release

FILINGS = "parquet/filings.parquet"


def names_in(folder: Path) -> set[str]:
    return {path.name for path in (folder / "published").iterdir()}


def release_before(release: Path) -> set[str]:
    return set(pl.read_parquet(release / "parquet/changes.parquet")["release_before"])


def with_rows_deleted(release: Path) -> None:
    """As a reader does who opens the database without read_only."""
    (release / "filings.duckdb").chmod(0o644)
    with duckdb.connect(str(release / "filings.duckdb")) as connection:
        connection.execute("delete from filings; checkpoint")


def replaced(name: str, content: bytes) -> Callable[[Path], None]:
    def replace(release: Path) -> None:
        (release / name).chmod(0o644)
        (release / name).write_bytes(content)

    return replace


def removed(name: str) -> Callable[[Path], None]:
    return lambda release: (release / name).unlink()


def bit_flipped(release: Path) -> None:
    path = release / "CHANGES.md"
    path.chmod(0o644)
    content = path.read_bytes()
    path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])


def test_the_files_of_a_release_are_read_only_and_can_be_removed(tmp_path):
    made = make_release(tmp_path, make_filing(1)).path
    modes = [path.stat().st_mode for path in made.rglob("*") if path.is_file()]
    assert len(modes) == 6 and not any(mode & (stat.S_IWUSR | stat.S_IWGRP) for mode in modes)
    assert (made.stat().st_mode & stat.S_IWUSR) and not any(differences(made))


@pytest.mark.parametrize(
    "damage",
    [
        with_rows_deleted,
        bit_flipped,
        replaced("CHANGES.md", b""),
        replaced(FILINGS, b"PAR1"),
        replaced(DESCRIPTOR, b"{"),
        removed("filings.duckdb"),
        removed(FILINGS),
        removed(DESCRIPTOR),
        lambda release: (release / "filings.duckdb.wal").write_bytes(b"rows"),
    ],
)
def test_a_latest_release_that_was_altered_is_made_again_under_a_new_name(tmp_path, damage):
    oldest = make_release(tmp_path, make_filing(1))
    damaged = make_release(tmp_path, make_filing(1), make_filing(2))
    damage(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2))
    assert again.is_new and again.name > damaged.name
    assert damaged.name in again.summary and "is replaced because" in again.summary
    assert not any(differences(again.path)) and not any(unexpected_files(again.path))
    assert names_in(tmp_path) == {oldest.name, f"{damaged.name}.damaged", again.name, "latest"}
    assert latest_release(tmp_path / "published") == again.path
    assert not make_release(tmp_path, make_filing(1), make_filing(2)).is_new


def test_a_file_that_a_reader_left_in_a_release_is_no_reason_to_make_it_again(tmp_path):
    made = make_release(tmp_path, make_filing(1))
    (made.path / "~$filings.xlsx").write_bytes(b"")
    assert not make_release(tmp_path, make_filing(1)).is_new
    assert [found.path.name for found in unexpected_files(made.path)] == ["~$filings.xlsx"]


def test_a_release_is_compared_with_the_last_one_that_is_whole(tmp_path):
    oldest = make_release(tmp_path, make_filing(1))
    damaged = make_release(tmp_path, make_filing(1), make_filing(2))
    replaced(FILINGS, b"PAR1")(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2), make_filing(3))
    assert again.counts["added"] == 2 and release_before(again.path) == {oldest.name}


def test_a_damaged_page_does_not_change_what_is_compared(tmp_path):
    damaged = make_release(tmp_path, make_filing(1))
    replaced("CHANGES.md", b"")(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2))
    assert again.counts["added"] == 1 and release_before(again.path) == {damaged.name}


def test_of_damaged_releases_the_last_is_kept(tmp_path):
    for _ in range(3):
        replaced("CHANGES.md", b"")(make_release(tmp_path, make_filing(1)).path)
    assert len([name for name in names_in(tmp_path) if name.endswith(".damaged")]) == 1


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    def put(offset: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + offset

        for module in (release_folders, datapackage):
            monkeypatch.setattr(module, "datetime", Clock)

    return put


@pytest.mark.parametrize("days", [-400, -20_000, 27_000], ids=["back", "1970", "ahead"])
def test_releases_keep_their_order_by_any_clock(tmp_path, set_clock, days):
    made = [make_release(tmp_path, make_filing(1)).name]
    for count, offset in enumerate((days, days, 0, 0), 2):
        set_clock(timedelta(days=offset))
        made.append(make_release(tmp_path, *map(make_filing, range(count))).name)
        assert latest_release(tmp_path / "published").name == made[-1]
    assert made == sorted(made) and names_in(tmp_path) == {*made, "latest"}


def test_releases_of_the_last_century_are_releases_too(tmp_path, set_clock):
    set_clock(timedelta(days=-20_000))
    made = make_release(tmp_path, make_filing(1))
    assert made.name.startswith("197") and releases(tmp_path / "published") == [made.path]


LISTS = {"001": ["v1", "v2"], "002": ["v1"], "cancellations/n": ["v1"]}


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        (LISTS | {"001": ["v2"]}, "001 (v1)"),
        # As many as before, but fetched again as first versions.
        (LISTS | {"002": ["v9"]}, "002 (v1)"),
        (LISTS | {"cancellations/n": []}, "cancellations/n (v1)"),
        ({"001": ["v1", "v2"], "002": ["v1"]}, "cancellations/n (v1)"),
    ],
)
def test_a_release_whose_archive_has_lost_a_version_is_held_back(tmp_path, now, lost):
    first = make_release(tmp_path, make_filing(1), versions=LISTS)
    with pytest.raises(HeldBackError, match="move data/published away") as caught:
        make_release(tmp_path, make_filing(2), versions=now)
    assert lost in str(caught.value) and first.name in str(caught.value)
    assert names_in(tmp_path) == {first.name, "latest"}
    assert latest_release(tmp_path / "published") == first.path
    assert make_release(tmp_path, make_filing(2), versions=LISTS).is_new


def test_more_versions_and_more_documents_are_no_loss(tmp_path):
    make_release(tmp_path, make_filing(1), versions=LISTS)
    more = LISTS | {"001": ["v1", "v2", "v3"], "003": ["v1"]}
    assert make_release(tmp_path, make_filing(2), versions=more).is_new


def test_after_the_releases_are_moved_away_the_shorter_history_is_published(tmp_path):
    make_release(tmp_path, make_filing(1), versions=LISTS)
    (tmp_path / "published").rename(tmp_path / "published.old")
    assert make_release(tmp_path, make_filing(2), versions={"001": ["v2"]}).is_new


def test_a_batch_that_was_announced_by_mistake_may_leave(tmp_path):
    versions = {"001": ["v1"], "021": ["v1"]}
    both = make_filing(1), make_filing(2, batch_no=21)
    make_release(tmp_path, *both, versions=versions)
    left = {"001": ["v1"]}
    with pytest.raises(HeldBackError, match="batch 21"):
        make_release(tmp_path, make_filing(1), versions=left)
    made = make_release(tmp_path, make_filing(1), versions=left, withdrawn=[21])
    assert made.is_new and made.counts["gone"] == 1
    # What has left once is not asked for again.
    assert make_release(tmp_path, make_filing(3), versions=left).is_new


def of_an_earlier_program(release: Path) -> None:
    """A release whose data package names no versions, and whose `batches` counts them."""
    path = release / "parquet" / "batches.parquet"
    path.chmod(0o644)
    with duckdb.connect() as connection:
        table = connection.sql(f"select *, 2 as list_versions from read_parquet('{path}')").pl()
    table.write_parquet(path)
    pl.DataFrame({"notice_id": ["n", "n"]}).write_parquet(path.with_name("cancellations.parquet"))
    package = descriptor(release)
    del package["versions"]
    for item in package["resources"]:
        if item["path"] == "parquet/batches.parquet":
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            item |= {"bytes": len(content), "hash": f"sha256:{digest}"}
    write_json(release / DESCRIPTOR, package)


@pytest.mark.parametrize(
    ("versions", "lost"),
    [
        ({"001": ["v2"], "cancellations/n": ["v1"]}, "001 (1 of 2 versions)"),
        ({"001": ["v1", "v2"]}, "cancellations/n (0 of 1 versions)"),
        ({"001": ["v1", "v2"], "cancellations/n": ["v1"]}, None),
    ],
)
def test_the_versions_that_an_earlier_programs_release_counts_are_wanted_too(
    tmp_path, versions, lost
):
    of_an_earlier_program(make_release(tmp_path, make_filing(1)).path)
    if lost is None:
        assert make_release(tmp_path, make_filing(2), versions=versions).is_new
    else:
        with pytest.raises(HeldBackError) as caught:
            make_release(tmp_path, make_filing(2), versions=versions)
        assert lost in str(caught.value)


def test_everything_is_on_the_disk_before_the_release_has_its_name(tmp_path, monkeypatch):
    order: list[str] = []
    replace, sync_below = release_module.os.replace, release_module.sync_below

    def noted_sync(folder: Path) -> None:
        order.append("on the disk")
        assert (folder / DESCRIPTOR).exists()
        sync_below(folder)

    def noted_replace(*places: Path) -> None:
        if places[1].parent.name == "published":
            order.append(places[1].name)
        replace(*places)

    monkeypatch.setattr(release_module, "sync_below", noted_sync)
    monkeypatch.setattr(release_module.os, "replace", noted_replace)
    made = make_release(tmp_path, make_filing(1))
    assert order == ["on the disk", made.name, "latest"]


def test_a_first_release_after_a_damaged_one_says_so(tmp_path):
    damaged = make_release(tmp_path, make_filing(1))
    replaced(FILINGS, b"")(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2))
    assert again.summary.startswith(Changes(None, {1: 2}).summary)
    assert f"release {damaged.name} is replaced because" in again.summary
