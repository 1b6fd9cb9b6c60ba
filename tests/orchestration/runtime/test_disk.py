"""Errors of the disk are recognised in every library, and checked before a run starts."""

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import sqlalchemy

from orchestration.runtime import disk
from orchestration.runtime.disk import (
    DiskError,
    disk_error,
    disk_errors_named,
    explained,
    require_writable,
)
from orchestration.settings import PROJECT_ROOT
from scrapers.errors import FetchError, FilingsError
from tests.orchestration.publication.release_factories import make_filing, make_release


def full_sqlite() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("pragma max_page_count = 2")
        connection.execute("create table t (a)")
        connection.execute("insert into t select zeroblob(100000)")


def full_sqlalchemy() -> None:
    try:
        full_sqlite()
    except sqlite3.Error as error:
        raise sqlalchemy.exc.OperationalError("insert into t", {}, error) from error


def raising(error: Exception, cause: Exception | None = None) -> Callable[[], None]:
    def fail() -> None:
        raise error from cause

    return fail


READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS), "/data/x")


DISK_ERRORS = {
    "full": (raising(OSError(errno.ENOSPC, "x", "/data/x")), "the disk is full"),
    "file size": (raising(OSError(errno.EFBIG, "x")), "ulimit -f"),
    "quota": (raising(OSError(errno.EDQUOT, "x")), "quota"),
    "read-only": (raising(OSError(errno.EROFS, "x")), "read-only"),
    "rights": (raising(PermissionError(errno.EACCES, "x")), "not permitted"),
    "SQLite": (full_sqlite, "the disk is full"),
    "SQLAlchemy": (full_sqlalchemy, "the disk is full"),
    "DuckDB": (
        raising(duckdb.IOException("IO Error: Could not write file: No space left on device")),
        "the disk is full",
    ),
    "Polars": (raising(RuntimeError("File too large (os error 27)")), "ulimit -f"),
    "a cause": (raising(RuntimeError("the step failed"), READ_ONLY), "read-only"),
}


@pytest.mark.parametrize(("fail", "meaning"), DISK_ERRORS.values(), ids=DISK_ERRORS)
def test_disk_error_of_any_library_becomes_disk_error(fail, meaning, tmp_path):
    named = pytest.raises(DiskError, match=f"^{tmp_path} cannot be written: .*{meaning}")
    with named, disk_errors_named(tmp_path):
        fail()


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(errno.ECONNRESET, "reset"),
        FileNotFoundError(errno.ENOENT, "gone"),
        sqlite3.OperationalError("no such table: t"),
        ValueError("the list is short"),
        ZeroDivisionError(),
    ],
)
def test_other_errors_are_not_converted(error, tmp_path):
    assert disk_error(error, tmp_path) is None
    with pytest.raises(type(error)), disk_errors_named(tmp_path):
        raise error


def test_filings_error_is_not_converted(tmp_path):
    error = FetchError("no connection")
    error.__cause__ = PermissionError(errno.EPERM, "the packet filter")
    assert disk_error(error, tmp_path) is None
    with pytest.raises(FilingsError, match=r"^no connection"), disk_errors_named(tmp_path):
        raise error


def test_problem_text_is_explained_once(tmp_path):
    text = explained("dbt stopped: No space left on device", tmp_path)
    assert "cannot be written: the disk is full (dbt stopped" in text
    assert explained(text, tmp_path) == text
    assert explained("batch 3: the list shrank", tmp_path) == "batch 3: the list shrank"


def test_missing_folder_is_created(tmp_path):
    require_writable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_path_at_or_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DiskError, match=f"{path} cannot be written"):
            require_writable(path)


def test_too_little_free_space_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    with pytest.raises(DiskError, match="has 5 MB of free space, but a run needs 67 MB"):
        require_writable(tmp_path)


@pytest.mark.parametrize(("limit", "shown"), [(64 * 1024, "0.07"), (0, "0.00")])
def test_low_file_size_limit_is_refused(tmp_path, monkeypatch, limit, shown):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, resource.RLIM_INFINITY))
    with pytest.raises(DiskError, match=rf"files are limited to {shown} MB \(ulimit -f\)"):
        require_writable(tmp_path)


def test_disk_that_is_full_is_refused(tmp_path, monkeypatch):
    class Full(BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(DiskError, match="the disk is full"):
        require_writable(tmp_path)


def test_unwritable_subfolder_is_refused(tmp_path, monkeypatch):
    (tmp_path / "raw").mkdir()
    monkeypatch.setattr(disk, "_may_write", lambda folder: folder.name != "raw")
    refused = "raw cannot be written: writing there is not permitted"
    with pytest.raises(DiskError, match=refused):
        require_writable(tmp_path)


def as_ordinary_user(*arguments: str) -> list[str]:
    """The command, run so that file permissions apply even if the tests run as root."""
    if os.geteuid() != 0:
        return list(arguments)
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is missing, so root cannot drop its privileges")
    dropped = "-dac_override,-dac_read_search,-fowner"
    return ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}", *arguments]


def filings(data_dir: Path, *arguments: str, limit: int | None = None) -> tuple[int, str, str]:
    """Run a command in another process. Return its exit status, output and error output."""

    def lower_the_limit() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    kept = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    done = subprocess.run(
        as_ordinary_user(sys.executable, "-m", "orchestration.cli", *arguments),
        cwd=PROJECT_ROOT,
        env={**kept, "FILINGS_DATA_DIR": str(data_dir), "FILINGS_SOURCE": "replica"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lower_the_limit,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.many_builds
def test_read_only_folder_fails_refresh_but_not_reading(tmp_path):
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    make_release(data_dir, make_filing(1))
    for folder in (data_dir, *filter(Path.is_dir, data_dir.rglob("*"))):
        folder.chmod(0o555)
    try:
        status, _, err = filings(data_dir, "refresh")
        assert status == 1 and "Traceback" not in err
        assert f"error: {data_dir} cannot be written: writing there is not permitted" in err
        status, out, _ = filings(data_dir, "status")
        assert status == 1 and f"{data_dir} cannot be written" in out
        assert filings(data_dir, "query", "from filings")[0] == 0
    finally:
        for folder in (data_dir, *filter(Path.is_dir, data_dir.rglob("*"))):
            folder.chmod(0o755)


@pytest.mark.many_builds
def test_file_size_limit_fails_refresh_with_message(tmp_path):
    status, _, err = filings(tmp_path / "data", "refresh", limit=64 * 1024)
    assert status == 1 and "Traceback" not in err
    assert err.strip().startswith("error: files are limited to 0.07 MB (ulimit -f)")
