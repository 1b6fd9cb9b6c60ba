"""Releases in a folder or a bucket: layout, order, interruptions, and addresses."""

import hashlib
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import obstore
import pytest

from orchestration.publication.latest import DESCRIPTOR
from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.stores import publish_to_store
from tests.end_to_end.commands import wait_until
from tests.orchestration.publication.targets.target_releases import CREATED, write_release
from tests.support.paths import PROJECT
from tests.support.s3 import SECRET, S3Bucket

FIRST, SECOND, THIRD = "20260801T000000Z", "20260901T000000Z", "20261001T000000Z"
BATCH = "select 1 as batch_no"


@dataclass
class StoreTarget:
    """An address to publish to, and how to read what is there."""

    address: str
    files: Callable[[], dict[str, bytes]]
    damage: Callable[[str, bytes], object]

    def json(self, path: str) -> dict:
        return json.loads(self.files()[path])


def read_below(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their path in it."""
    found = {}
    for path in folder.rglob("*"):
        # Files under way are renamed.
        with suppress(FileNotFoundError, IsADirectoryError):
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> StoreTarget:
    if request.param == "folder":
        folder = tmp_path / "a store"
        return StoreTarget(
            str(folder), lambda: read_below(folder), lambda path, text: write(folder / path, text)
        )
    made: S3Bucket = request.getfixturevalue("bucket")
    prefix = "pre fix/filings/"
    return StoreTarget(
        f"s3://{made.name}/{prefix}",
        lambda: {key.removeprefix(prefix): body for key, body in made.objects().items()},
        lambda path, content: made.client.put_object(
            Bucket=made.name, Key=prefix + path, Body=content
        ),
    )


@pytest.fixture
def puts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that are written, in order."""
    put, paths = obstore.put, []

    def recorded(store: object, path: str, *arguments: object, **options: object) -> object:
        paths.append(path)
        return put(store, path, *arguments, **options)

    monkeypatch.setattr(obstore, "put", recorded)
    return paths


def contents(release: Path) -> dict[str, bytes]:
    return {
        f"{release.name}/{path.relative_to(release).as_posix()}": path.read_bytes()
        for path in release.rglob("*")
        if path.is_file()
    }


def test_all_files_are_there_and_the_descriptor_index_and_latest_are_written_last(
    tmp_path: Path, store: StoreTarget, puts: list[str]
):
    release = write_release(tmp_path, FIRST, batches=BATCH, others=BATCH)
    published = publish_to_store(release, store.address)
    found = store.files()
    assert {path: found[path] for path in contents(release)} == contents(release)
    assert set(found) == {*contents(release), "index.json", "latest.json"}
    assert puts[-3:] == [f"{FIRST}/{DESCRIPTOR}", "index.json", "latest.json"]
    assert published.sent.startswith("4 of 4 files")


def test_latest_and_index_say_which_releases_are_there(tmp_path: Path, store: StoreTarget):
    for name in (FIRST, SECOND):
        publish_to_store(write_release(tmp_path, name, batches=BATCH), store.address)
    latest = store.json("latest.json")
    descriptor = store.files()[latest["path"]]
    assert (latest["name"], latest["created"]) == (SECOND, CREATED)
    assert latest["descriptor_sha256"] == hashlib.sha256(descriptor).hexdigest()
    second, first = store.json("index.json")["releases"]
    assert (first["name"], second["name"]) == (FIRST, SECOND)
    package = json.loads(descriptor)
    assert second["content_sha256"] == package["content_sha256"] == latest["content_sha256"]
    assert second["registers"] == [
        {"register": "deep_synthesis", "title": None, "documents": 18, "rows": 7764}
    ]
    sizes = [item["bytes"] for item in package["resources"]]
    assert (second["files"], second["bytes"]) == (len(sizes), sum(sizes))


def test_a_release_that_is_there_is_not_sent_again(
    tmp_path: Path, store: StoreTarget, puts: list[str]
):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    assert publish_to_store(release, store.address).is_new
    puts.clear()
    assert not publish_to_store(release, store.address).is_new
    assert puts == []


@pytest.mark.parametrize("stopped_at", range(6))
def test_an_interrupted_publication_leaves_the_latest_release_and_is_completed_by_the_next(
    tmp_path: Path, store: StoreTarget, monkeypatch: pytest.MonkeyPatch, stopped_at: int
):
    publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), store.address)
    latest = store.files()["latest.json"]
    release = write_release(tmp_path, SECOND, batches=BATCH, others=BATCH)
    put, paths = obstore.put, []

    def failing(*arguments: object, **options: object) -> object:
        if len(paths) == stopped_at:
            raise OSError("the connection broke")
        paths.append(arguments[1])
        return put(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(obstore, "put", failing)
        with pytest.raises(TargetError, match="the connection broke"):
            publish_to_store(release, store.address)
    assert store.files()["latest.json"] == latest
    assert store.json("index.json")["releases"][-1]["name"] == FIRST
    sent = publish_to_store(release, store.address).sent
    assert sent.startswith(f"{max(4 - stopped_at, 0)} of 4 files")
    assert contents(release).items() <= store.files().items()
    assert store.json("latest.json")["name"] == SECOND
    assert [item["name"] for item in store.json("index.json")["releases"]] == [SECOND, FIRST]


def test_a_damaged_file_is_sent_again_when_forced(tmp_path: Path, store: StoreTarget):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    publish_to_store(release, store.address)
    path = f"{FIRST}/parquet/batches.parquet"
    store.damage(path, bytes(len(store.files()[path])))
    assert publish_to_store(release, store.address, force=True).sent.startswith("1 of 3 files")
    assert contents(release).items() <= store.files().items()


def test_a_damaged_release_is_not_sent(tmp_path: Path, store: StoreTarget, puts: list[str]):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    (release / "CHANGES.md").write_text("altered")
    with pytest.raises(TargetError, match=r"CHANGES\.md is not what was published"):
        publish_to_store(release, store.address)
    assert puts == []


def test_an_older_release_is_added_without_becoming_the_latest_unless_forced(
    tmp_path: Path, store: StoreTarget
):
    older = write_release(tmp_path, FIRST, batches=BATCH)
    publish_to_store(write_release(tmp_path, SECOND, batches=BATCH), store.address)
    (warning,) = publish_to_store(older, store.address).warnings
    assert f"latest.json stays at release {SECOND}" in warning
    assert store.json("latest.json")["name"] == SECOND
    assert [item["name"] for item in store.json("index.json")["releases"]] == [SECOND, FIRST]
    publish_to_store(older, store.address, force=True)
    assert store.json("latest.json")["name"] == FIRST


def test_the_index_is_restored_from_the_descriptors_that_are_there(
    tmp_path: Path, store: StoreTarget
):
    publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), store.address)
    publish_to_store(write_release(tmp_path, SECOND, batches=BATCH), store.address)
    entries = store.json("index.json")["releases"]
    store.damage("index.json", b'{"releases": [')
    store.damage("20260902T000000Z/CHANGES.md", b"of a publication that was interrupted")
    publish_to_store(write_release(tmp_path, THIRD, batches=BATCH), store.address)
    assert store.json("index.json")["releases"][1:] == entries


def test_an_index_that_lost_an_entry_to_another_publisher_is_repaired_by_the_next_publication(
    tmp_path: Path, store: StoreTarget
):
    for name in (FIRST, SECOND):
        publish_to_store(write_release(tmp_path, name, batches=BATCH), store.address)
    second, first = store.json("index.json")["releases"]
    store.damage("index.json", json.dumps({"releases": [{"name": FIRST, "path": None}]}).encode())
    publish_to_store(write_release(tmp_path, THIRD, batches=BATCH), store.address)
    assert store.json("index.json")["releases"][1:] == [second, first]


@pytest.mark.parametrize(
    "content",
    [
        b"[]", b"null", b"{", b"\xff", b'{"name": null}', b'{"name": ["a"]}', b'{"name": "zzz"}',
        b'{"name": "2/../T0Z"}', b'{"name": ' + b"9" * 5_000 + b"}",
    ],
)  # fmt: skip
def test_a_latest_that_names_no_release_is_replaced_with_a_warning(
    tmp_path: Path, store: StoreTarget, content: bytes
):
    store.damage("latest.json", content)
    published = publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), store.address)
    assert store.json("latest.json")["name"] == FIRST
    assert published.warnings == ["latest.json did not name a release, and was replaced"]


def test_a_latest_whose_release_was_deleted_is_replaced_by_an_older_one(
    tmp_path: Path, store: StoreTarget
):
    store.damage("latest.json", json.dumps({"name": SECOND}).encode())
    publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), store.address)
    assert store.json("latest.json")["name"] == FIRST


@pytest.mark.parametrize(
    "content",
    [
        b"[]", b"{", b'{"name": "other"}', b'{"resources": null}', b'{"resources": [1]}',
        b'{"resources": [{"path": "x"}]}', b'{"resources": [{"bytes": Infinity}]}',
        b'{"resources": [], "registers": [null]}', b'{"resources": [], "source": "\\ud800"}',
    ],
)  # fmt: skip
def test_a_release_with_an_unreadable_descriptor_is_left_out_of_the_index_with_a_warning(
    tmp_path: Path, store: StoreTarget, content: bytes
):
    store.damage(f"{FIRST}/{DESCRIPTOR}", content)
    published = publish_to_store(write_release(tmp_path, SECOND, batches=BATCH), store.address)
    assert [item["name"] for item in store.json("index.json")["releases"]] == [SECOND]
    assert published.warnings == [
        f"{FIRST}/datapackage.json cannot be read: it is not in index.json"
    ]


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"releases": 1}', b'{"releases": [null, {"name": null}, {"name": []}]}'],
)
def test_an_index_that_holds_something_else_is_replaced(
    tmp_path: Path, store: StoreTarget, content: bytes
):
    store.damage("index.json", content)
    publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), store.address)
    assert [item["name"] for item in store.json("index.json")["releases"]] == [FIRST]


def test_a_newer_release_published_meanwhile_stays_the_latest(
    tmp_path: Path, store: StoreTarget, monkeypatch: pytest.MonkeyPatch
):
    older, newer = (write_release(tmp_path, name, batches=BATCH) for name in (FIRST, SECOND))
    put = obstore.put

    def with_another(files: object, path: str, *arguments: object, **options: object) -> object:
        if path == f"{FIRST}/{DESCRIPTOR}":
            monkeypatch.setattr(obstore, "put", put)
            publish_to_store(newer, store.address)
        return put(files, path, *arguments, **options)

    monkeypatch.setattr(obstore, "put", with_another)
    (warning,) = publish_to_store(older, store.address).warnings
    assert f"latest.json stays at release {SECOND}" in warning
    assert store.json("latest.json")["name"] == SECOND
    assert [item["name"] for item in store.json("index.json")["releases"]] == [SECOND, FIRST]


@pytest.mark.parametrize("name", [FIRST, THIRD])
def test_a_release_from_another_source_is_refused_unless_forced(
    tmp_path: Path, store: StoreTarget, name: str
):
    publish_to_store(write_release(tmp_path, SECOND, source="live", batches=BATCH), store.address)
    before = store.files()
    other = write_release(tmp_path, name, batches=BATCH)
    with pytest.raises(TargetError, match=r"source `replica`, but .* is from `live`.*--force"):
        publish_to_store(other, store.address)
    assert store.files() == before
    publish_to_store(other, store.address, force=True)
    assert store.json("latest.json")["source"] == "replica"


def test_a_release_whose_sources_include_the_former_ones_is_published(
    tmp_path: Path, store: StoreTarget
):
    publish_to_store(write_release(tmp_path, FIRST, source="live", batches=BATCH), store.address)
    both = write_release(tmp_path, SECOND, source="replica, live", batches=BATCH)
    publish_to_store(both, store.address)
    assert store.json("latest.json")["source"] == "replica, live"


def test_a_release_removed_by_the_owner_of_the_store_leaves_the_index(tmp_path: Path):
    target = tmp_path / "store"
    publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), str(target))
    (target / FIRST).rename(tmp_path / "removed")
    publish_to_store(write_release(tmp_path, SECOND, batches=BATCH), str(target))
    index = json.loads((target / "index.json").read_bytes())
    assert [item["name"] for item in index["releases"]] == [SECOND]


def test_readers_always_find_all_files_of_the_latest_release(tmp_path: Path, store: StoreTarget):
    releases = [
        write_release(tmp_path, f"2026080{number}T000000Z", batches=f"select {number} as batch_no")
        for number in range(1, 6)
    ]
    publish_to_store(releases[0], store.address)
    ended = threading.Event()
    seen: set[str] = set()
    problems: list[object] = []

    def read() -> None:
        while not ended.is_set():
            # The copy of a bucket is not of one moment, but files are only ever added.
            latest = store.json("latest.json")
            found = store.files()
            package = json.loads(found[latest["path"]])
            seen.add(latest["name"])
            for item in package["resources"]:
                content = found.get(f"{latest['name']}/{item['path']}", b"")
                if f"sha256:{hashlib.sha256(content).hexdigest()}" != item["hash"]:
                    problems.append((latest["name"], item["path"]))

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        try:
            for number, release in enumerate(releases[1:], 1):
                # So that a release is read between two publications.
                wait_until(lambda least=number: len(seen) >= least or reader.done(), 30, 0.01)
                publish_to_store(release, store.address)
        finally:
            ended.set()
        reader.result()
    assert problems == []
    assert len(seen) > 1


def test_parts_that_a_killed_publication_left_in_a_folder_are_removed(tmp_path: Path):
    target = tmp_path / "store"
    (target / FIRST).mkdir(parents=True)
    (target / FIRST / "CHANGES.md#1").write_text("a par")
    publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), str(target))
    assert not (target / FIRST / "CHANGES.md#1").exists()


def test_a_file_address_is_a_folder(tmp_path: Path):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    publish_to_store(release, f"file://{tmp_path}/with%20space")
    assert (tmp_path / "with space" / "latest.json").is_file()


@pytest.mark.parametrize(
    "address",
    [
        "https://me:geheim@example.org/files",
        "s3://key:geheim@bucket/prefix",
        "s3:///geheim",
        "s3://bucket/prefix?secret=geheim",
        "file://geheim/share",
        "s3:geheim/prefix",
        "s3:/geheim/prefix",
        "file:/geheim",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_showing_it(tmp_path: Path, address: str):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    with pytest.raises(TargetError, match="cannot be used") as raised:
        publish_to_store(release, address)
    assert "geheim" not in str(raised.value)


@pytest.mark.parametrize(
    "path", ["data/published", "data/published/below", "data", "data/raw/x", ""]
)
def test_a_folder_that_overlaps_the_data_directory_is_refused_and_not_made(
    tmp_path: Path, path: str
):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TargetError, match=f"the data directory {tmp_path}/data"):
        publish_to_store(release, str(tmp_path / path))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    (tmp_path / "a file").write_text("")
    with pytest.raises(TargetError, match="a file"):
        publish_to_store(release, str(tmp_path / "a file" / "store"))


def test_objects_have_their_media_type_and_descriptors_of_the_state_are_not_cached(
    tmp_path: Path, bucket: S3Bucket
):
    publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), f"s3://{bucket.name}")
    heads = {
        key: bucket.client.head_object(Bucket=bucket.name, Key=key) for key in bucket.objects()
    }
    assert heads[f"{FIRST}/{DESCRIPTOR}"]["ContentType"] == "application/json"
    assert heads["latest.json"]["CacheControl"] == "no-cache"
    assert heads["index.json"]["CacheControl"] == "no-cache"


def test_the_documented_lifecycle_rule_is_accepted(bucket: S3Bucket):
    page = (PROJECT / "docs" / "serving.md").read_text(encoding="utf-8")
    (rule,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    bucket.client.put_bucket_lifecycle_configuration(
        Bucket=bucket.name, LifecycleConfiguration=json.loads(rule)
    )
    found = bucket.client.get_bucket_lifecycle_configuration(Bucket=bucket.name)
    assert found["Rules"][0]["Expiration"] == {"Days": 800}


def test_a_bucket_that_does_not_exist_is_named_without_secrets(tmp_path: Path, bucket: S3Bucket):
    release = write_release(tmp_path, FIRST, batches=BATCH)
    with pytest.raises(TargetError, match="NoSuchBucket") as raised:
        publish_to_store(release, "s3://not-there/prefix")
    assert SECRET not in str(raised.value)
    assert "Debug" not in str(raised.value)


def test_plain_http_needs_an_endpoint_that_says_so(
    tmp_path: Path, bucket: S3Bucket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("orchestration.publication.targets.store_access._RETRIES", 0)
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.endpoint.replace("http:", "https:"))
    with pytest.raises(TargetError, match="https://127"):
        publish_to_store(write_release(tmp_path, FIRST, batches=BATCH), f"s3://{bucket.name}")
    assert bucket.objects() == {}
