"""Parquet files in a folder or in an object store, through fsspec.

A store is a folder, or an address such as `s3://bucket/prefix`. S3 is read by obstore (extra
`store`), with the credentials, region and endpoint of the AWS_* variables. Other addresses are
opened by the fsspec implementation that is installed for them.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from scrapers.errors import FilingsError
from scrapers.files import write_bytes

_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT")


class StoreError(FilingsError):
    """A folder or an object store cannot be read or written."""


class Files:
    """The files below an address. Cheap to make: each worker makes its own."""

    def __init__(self, address: str) -> None:
        """Raises StoreError if fsspec has no implementation for the address."""
        self.address = address.rstrip("/")
        scheme = address.partition("://")[0] if "://" in address else "file"
        try:
            self.system, self.root = (
                _s3(address) if scheme == "s3" else fsspec.core.url_to_fs(self.address)
            )
        except (ImportError, ValueError) as error:
            raise StoreError(
                f"{self.address} cannot be opened: {error}",
                remedy="For s3:// install the extra store (`make extras`)",
            ) from error
        self.is_local = scheme == "file"

    def find(self, pattern: str) -> list[str]:
        """The paths that match a glob pattern, relative to the address and sorted."""
        try:
            found: Sequence[Any] = self.system.glob(f"{self.root}/{pattern}")
        except Exception as error:
            raise StoreError(f"{self.address}: {_message(error)}") from error
        return sorted(str(path)[len(self.root) :].lstrip("/") for path in found)

    def read(self, path: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A Parquet file, or some of its columns. Raises StoreError if it cannot be read."""
        try:
            with self.system.open(f"{self.root}/{path}", "rb") as file:
                return pq.ParquetFile(file).read(columns=columns and list(columns))
        except Exception as error:
            raise StoreError(f"{self.address}/{path}: {_message(error)}") from error

    def rows(self, path: str) -> int:
        """The number of rows of a Parquet file, from its footer."""
        try:
            with self.system.open(f"{self.root}/{path}", "rb") as file:
                return int(pq.ParquetFile(file).metadata.num_rows)
        except Exception as error:
            raise StoreError(f"{self.address}/{path}: {_message(error)}") from error

    def write(self, path: str, table: pa.Table) -> None:
        """Write a Parquet file, whole or not at all; an existing one is replaced."""
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        self.write_bytes(path, sink.getvalue().to_pybytes())

    def write_bytes(self, path: str, content: bytes) -> None:
        """Write a file, whole or not at all; an existing one is replaced."""
        try:
            if self.is_local:
                target = Path(self.root) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                write_bytes(target, content)
            else:
                self.system.pipe_file(f"{self.root}/{path}", content)
        except Exception as error:
            raise StoreError(f"{self.address}/{path}: {_message(error)}") from error


def _s3(address: str) -> tuple[Any, str]:
    """The file system of obstore for S3, and the path in it: the bucket and the prefix."""
    from obstore.fsspec import FsspecStore

    endpoint = next(filter(None, map(os.environ.get, _ENDPOINTS)), "")
    system = FsspecStore("s3", client_options={"allow_http": endpoint.startswith("http://")})
    return system, address.removeprefix("s3://").rstrip("/")


def _message(error: Exception) -> str:
    """The first line of an error, without the debug part of obstore."""
    return " ".join(str(error).partition("Debug source:")[0].split()) or type(error).__name__
