"""An S3 server for tests, on a free port of 127.0.0.1, that keeps its objects in memory."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

KEY, SECRET = "a-key", "a/secret+key"


@dataclass
class S3Bucket:
    """An empty bucket; `environment` is what a program needs to use it."""

    endpoint: str
    name: str = field(default_factory=lambda: f"bucket-{uuid4().hex[:12]}")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }

    @property
    def client(self) -> Any:
        """A client of boto3."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )

    def objects(self) -> dict[str, bytes]:
        """All objects by their key."""
        client = self.client
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
        return {key: client.get_object(Bucket=self.name, Key=key)["Body"].read() for key in keys}


@contextmanager
def s3_server() -> Iterator[str]:
    """Start a server, and end it after the block; its address."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture(scope="session")
def shared_s3() -> Iterator[str]:
    """The address of one server for all tests of the session."""
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(shared_s3: str, monkeypatch: pytest.MonkeyPatch) -> S3Bucket:
    """A new, empty bucket, with what is needed to use it in the environment."""
    made = S3Bucket(shared_s3)
    made.client.create_bucket(Bucket=made.name)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made
