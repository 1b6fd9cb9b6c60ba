"""Stores that do not answer, or that refuse: limits, signals, and what the message advises."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.publication.targets import store_files
from orchestration.publication.targets.delivered import TargetError
from orchestration.publication.targets.store_access import open_store
from orchestration.publication.targets.stores import publish_to_store
from tests.orchestration.publication.targets.target_releases import write_release
from tests.support.paths import PROJECT
from tests.support.s3 import S3Bucket

pytest.importorskip("obstore", reason="obstore is not installed: run `make extras`")

NAME = "20260801T000000Z"
BATCH = "select 1 as batch_no"
PUBLISH = """
import sys
from pathlib import Path
from orchestration.publication.targets.store_access import open_store
from orchestration.publication.targets.stores import publish_to_store
publish_to_store(Path(sys.argv[1]), "s3://bucket/prefix")
"""


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """An endpoint of S3 that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = S3Bucket(endpoint).environment
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield listener


def test_ctrl_c_ends_a_publication_to_an_endpoint_that_does_not_answer(
    tmp_path: Path, silent: socket.socket
):
    release = write_release(tmp_path, NAME, batches=BATCH)
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISH, str(release)],
        cwd=PROJECT,
        env=dict(os.environ),
        stderr=subprocess.PIPE,
    ) as process:
        try:
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=3)
        finally:
            process.kill()
    assert b"KeyboardInterrupt" in err


def test_an_endpoint_that_does_not_answer_is_given_up(
    tmp_path: Path, silent: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store_files, "_CALL_SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(TargetError, match=r"no answer within 0\.5 seconds.*next run tries again"):
        publish_to_store(write_release(tmp_path, NAME, batches=BATCH), "s3://bucket/prefix")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("address", ["s3://bucket/prefix", "s3://bucket"])
def test_missing_credentials_are_named(
    tmp_path: Path, silent: socket.socket, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setattr(store_files, "_CALL_SECONDS", 0.5)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    # The address of a machine's credentials, which is asked without a key.
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", os.environ["AWS_ENDPOINT_URL"])
    with pytest.raises(TargetError, match="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"):
        publish_to_store(write_release(tmp_path, NAME, batches=BATCH), address)


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("PUT http://169.254.169.254/latest/api/token failed", "Set AWS_ACCESS_KEY_ID and"),
        ("HTTP error: error sending request", "the next run tries again"),
        ("status code: 503 Service Unavailable", "the next run tries again"),
        ("status code: 403 Forbidden: SignatureDoesNotMatch", "the rights of the key"),
    ],
)
def test_the_remedy_fits_the_error(monkeypatch: pytest.MonkeyPatch, message: str, remedy: str):
    for name, value in S3Bucket("http://127.0.0.1:1").environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(TargetError) as raised, open_store("s3://bucket"):
        raise ValueError(message)
    assert remedy in str(raised.value)
    assert ("tries again" in str(raised.value)) == ("tries again" in remedy)
