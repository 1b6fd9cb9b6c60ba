"""Damaged releases are replaced, and no release may lose what the previous one had."""

import os
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

import orchestration.publication.release as release_module
from orchestration.publication import datapackage, latest, release_folders
from orchestration.publication.changes import Changes, RegisterChanges
from orchestration.publication.latest import (
    DESCRIPTOR,
    descriptor,
    differences,
    latest_release,
    releases,
    unexpected_files,
)
from orchestration.publication.lost_history import refuse_lost_documents, refuse_lost_versions
from orchestration.publication.registers import RegisterRows
from scrapers.errors import HeldBackError
from scrapers.files import write_json
from tests.orchestration.publication.release_factories import (
    COMPARED,
    make_filing,
    make_release,
)

FILINGS = "parquet/filings.parquet"


def names_in(folder: Path) -> set[str]:
    return {path.name for path in (folder / "published").iterdir()}


def release_before(release: Path) -> set[str]:
    return set(pl.read_parquet(release / "parquet/changes.parquet")["release_before"])


def with_rows_deleted(release: Path) -> None:
    """Delete rows, as a reader can who opens the database without read_only."""
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


def test_release_files_are_read_only_in_a_writable_folder(first_release):
    made = first_release().path
    modes = [path.stat().st_mode for path in made.rglob("*") if path.is_file()]
    assert len(modes) == 6 and not any(mode & (stat.S_IWUSR | stat.S_IWGRP) for mode in modes)
    assert (made.stat().st_mode & stat.S_IWUSR) and not any(differences(made))


def test_every_write_permission_is_removed_from_files_only(tmp_path):
    path = tmp_path / "parquet" / "filings.parquet"
    path.parent.mkdir()
    path.touch()
    path.chmod(0o666)
    release_folders.make_read_only(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.parent.stat().st_mode & stat.S_IWUSR


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000])
def test_unreadable_descriptor_counts_as_empty(tmp_path, content):
    (tmp_path / DESCRIPTOR).write_text(content)
    assert descriptor(tmp_path) == {}
    (found,) = differences(tmp_path)
    assert found.found == "cannot be read"


@pytest.mark.parametrize(
    "damage",
    [
        with_rows_deleted,
        bit_flipped,
        replaced("CHANGES.md", b""),
        replaced(FILINGS, b"PAR1"),
        replaced(DESCRIPTOR, b"{"),
        removed("filings.duckdb"),
        removed(DESCRIPTOR),
        lambda release: (release / "filings.duckdb.wal").write_bytes(b"rows"),
    ],
    ids=[
        "rows deleted", "bit flipped", "page emptied", "Parquet file torn", "descriptor torn",
        "database removed", "descriptor removed", "log added",
    ],
)  # fmt: skip
def test_altered_latest_release_is_replaced_under_a_new_name(tmp_path, first_release, damage):
    damaged = first_release(2)
    damage(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2))
    assert again.is_new and again.name > damaged.name
    assert damaged.name in again.summary and "is replaced because" in again.summary
    assert not any(differences(again.path)) and not any(unexpected_files(again.path))
    assert names_in(tmp_path) == {f"{damaged.name}.damaged", again.name, "latest"}
    assert latest_release(tmp_path / "published") == again.path


def test_replaced_release_is_not_replaced_again(tmp_path, first_release):
    bit_flipped(first_release().path)
    assert make_release(tmp_path, make_filing(1)).is_new
    assert not make_release(tmp_path, make_filing(1)).is_new


def test_file_added_by_a_reader_does_not_replace_the_release(tmp_path, first_release):
    made = first_release()
    (made.path / "~$filings.xlsx").write_bytes(b"")
    assert not make_release(tmp_path, make_filing(1)).is_new
    assert [found.path.name for found in unexpected_files(made.path)] == ["~$filings.xlsx"]


@pytest.mark.parametrize("name", [FILINGS, "parquet/batches.parquet"])
def test_release_is_compared_with_the_last_undamaged_one(tmp_path, first_release, name):
    oldest = first_release()
    damaged = make_release(tmp_path, make_filing(1), make_filing(2))
    replaced(name, b"PAR1")(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2), make_filing(3))
    assert again.counts["added"] == 2 and release_before(again.path) == {oldest.name}


def test_release_with_damaged_page_is_still_compared(tmp_path, first_release):
    damaged = first_release()
    replaced("CHANGES.md", b"")(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2))
    assert again.counts["added"] == 1 and release_before(again.path) == {damaged.name}


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


@pytest.mark.parametrize("days", [-20_000, 27_000], ids=["1970", "ahead"])
def test_releases_keep_their_order_when_the_clock_is_wrong(tmp_path, set_clock, days):
    made = []
    for count, offset in enumerate((0, days, 0), 1):
        set_clock(timedelta(days=offset))
        made.append(make_release(tmp_path, *map(make_filing, range(count))).name)
        assert latest_release(tmp_path / "published").name == made[-1]
    assert made == sorted(made) and names_in(tmp_path) == {*made, "latest"}


def test_release_named_in_the_last_century_counts_as_a_release(tmp_path, set_clock):
    set_clock(timedelta(days=-20_000))
    made = make_release(tmp_path, make_filing(1))
    assert made.name.startswith("197") and releases(tmp_path / "published") == [made.path]


LISTS = {"001": ["v1", "v2"], "002": ["v1"], "cancellations/n": ["v1"]}


def described(folder: Path, **package: object) -> Path:
    """A release folder with only a data package."""
    write_json(folder / DESCRIPTOR, package)
    return folder


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        (LISTS | {"001": ["v2"]}, "001 (v1)"),
        # As many as before, but fetched again as first versions.
        (LISTS | {"002": ["v9"]}, "002 (v1)"),
        (LISTS | {"cancellations/n": []}, "cancellations/n (v1)"),
        ({"001": ["v1", "v2"], "002": ["v1"]}, "cancellations/n (v1)"),
        ({}, "001 (v1, v2), 002 (v1), cancellations/n (v1)"),
    ],
)
def test_lost_versions_are_refused(tmp_path, now, lost):
    before = described(tmp_path, versions=LISTS)
    with pytest.raises(HeldBackError, match="move data/published away") as caught:
        refuse_lost_versions(now, before)
    assert lost in str(caught.value) and tmp_path.name in str(caught.value)


def test_many_lost_versions_are_counted_in_the_message(tmp_path):
    before = described(tmp_path, versions={f"{number:03d}": ["v1"] for number in range(1, 8)})
    with pytest.raises(HeldBackError, match=r"005 \(v1\) and 2 more"):
        refuse_lost_versions({}, before)


def test_additional_versions_and_documents_are_not_a_loss(tmp_path):
    more = LISTS | {"001": ["v1", "v2", "v3"], "003": ["v1"]}
    refuse_lost_versions(more, described(tmp_path, versions=LISTS))


def test_release_with_lost_versions_is_held_back_and_leaves_nothing_behind(tmp_path):
    first = make_release(tmp_path, make_filing(1), versions=LISTS)
    with pytest.raises(HeldBackError, match=first.name):
        make_release(tmp_path, make_filing(2), versions=LISTS | {"001": ["v2"]})
    assert names_in(tmp_path) == {first.name, "latest"}
    assert latest_release(tmp_path / "published") == first.path
    # After the releases are moved away, the shorter history is published.
    (tmp_path / "published").rename(tmp_path / "published.old")
    assert make_release(tmp_path, make_filing(2), versions={"001": ["v2"]}).is_new


def test_withdrawn_batch_may_be_missing(tmp_path):
    versions = {"001": ["v1"], "021": ["v1"]}
    both = make_filing(1), make_filing(2, batch_no=21)
    make_release(tmp_path, *both, versions=versions)
    left = {"001": ["v1"]}
    with pytest.raises(HeldBackError, match="batch 021"):
        make_release(tmp_path, make_filing(1), versions=left)
    made = make_release(tmp_path, make_filing(1), versions=left, withdrawn=["021"])
    assert made.is_new and made.counts["gone"] == 1
    # Later releases no longer expect it.
    assert make_release(tmp_path, make_filing(3), versions=left).is_new


IN_USE = {"001": 41, "cancellations/n": 5, "palettes/2026-01": 2, "palettes/2026-02": 1}


@pytest.mark.parametrize(
    ("kept", "lost"),
    [
        ({"001", "cancellations/n", "palettes/2026-01"}, "has palettes/2026-02, but"),
        ({"001", "cancellations/n"}, "has palettes/2026-01, palettes/2026-02, but"),
        ({"001", "palettes/2026-01", "palettes/2026-02"}, "has notice n, but"),
        (IN_USE.keys() - {"001"}, "has batch 001, but"),
    ],
)
def test_document_of_any_register_without_an_accepted_version_is_refused(tmp_path, kept, lost):
    before = described(tmp_path, documents=IN_USE)
    with pytest.raises(HeldBackError, match="filings status") as caught:
        refuse_lost_documents(kept, before)
    assert lost in str(caught.value)
    refuse_lost_documents(kept, before, withdrawn=IN_USE.keys() - kept)
    refuse_lost_documents([*IN_USE, "palettes/2026-03"], before)


def test_older_release_does_not_state_its_documents(tmp_path):
    refuse_lost_documents([], described(tmp_path, versions=LISTS))


def test_release_that_loses_a_document_is_held_back_and_leaves_nothing_behind(tmp_path):
    first = make_release(tmp_path, make_filing(1), in_use=IN_USE)
    assert descriptor(first.path)["documents"] == IN_USE
    left = {folder: rows for folder, rows in IN_USE.items() if folder != "palettes/2026-02"}
    with pytest.raises(HeldBackError, match="palettes/2026-02"):
        make_release(tmp_path, make_filing(2), in_use=left)
    assert names_in(tmp_path) == {first.name, "latest"}
    withdrawn = ["palettes/2026-02"]
    assert make_release(tmp_path, make_filing(2), in_use=left, withdrawn=withdrawn).is_new
    assert make_release(tmp_path, make_filing(3), in_use=left).is_new


@pytest.mark.parametrize(
    ("versions", "lost"),
    [
        ({"001": ["v2"], "cancellations/n": ["v1"]}, "001 (1 of 2 versions)"),
        ({"001": ["v1", "v2"]}, "cancellations/n (0 of 1 versions)"),
        ({"001": ["v1", "v2"], "cancellations/n": ["v1"]}, None),
    ],
)
def test_versions_of_an_older_release_are_counted_from_its_marts(tmp_path, versions, lost):
    # A release whose data package names no versions, and whose `batches` counts them.
    (tmp_path / "parquet").mkdir()
    batches = pl.DataFrame({"batch_no": [1], "list_versions": [2]})
    batches.write_parquet(tmp_path / "parquet" / "batches.parquet")
    notices = pl.DataFrame({"notice_id": ["n", "n"]})
    notices.write_parquet(tmp_path / "parquet" / "cancellations.parquet")
    if lost is None:
        refuse_lost_versions(versions, described(tmp_path))
    else:
        with pytest.raises(HeldBackError) as caught:
            refuse_lost_versions(versions, described(tmp_path))
        assert lost in str(caught.value)


def test_release_is_synced_to_disk_before_it_is_renamed(tmp_path, monkeypatch):
    order: list[str] = []
    replace, sync_below = os.replace, release_module.sync_below

    def noted_sync(folder: Path) -> None:
        order.append("synced")
        assert (folder / DESCRIPTOR).exists()
        sync_below(folder)

    def noted_replace(*places: Path) -> None:
        if places[1].parent.name == "published":
            order.append(places[1].name)
        replace(*places)

    monkeypatch.setattr(release_module, "sync_below", noted_sync)
    monkeypatch.setattr(latest, "sync", lambda folder: order.append(f"{folder.name} synced"))
    monkeypatch.setattr(os, "replace", noted_replace)
    made = make_release(tmp_path, make_filing(1))
    assert order == [
        "synced", made.name, "published synced", "latest", "published synced",
    ]  # fmt: skip


def test_first_release_after_a_damaged_one_names_the_damage(tmp_path, first_release):
    damaged = first_release()
    replaced(FILINGS, b"")(damaged.path)
    again = make_release(tmp_path, make_filing(1), make_filing(2))
    first = Changes(None, [RegisterChanges(RegisterRows(COMPARED, {1: 2}))])
    assert again.summary.startswith(first.summary)
    assert f"release {damaged.name} is replaced because" in again.summary
