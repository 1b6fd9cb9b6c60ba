"""Parquet files in a folder or in an object store, through fsspec.

A store is a folder, or an address such as `s3://bucket/prefix`. S3 is read by obstore (extra
`store`), with the credentials, region and endpoint of the AWS_* variables. Other addresses are
opened by the fsspec implementation that is installed for them.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    """The files below an address. Every method raises StoreError if the store cannot be used.

    Cheap to make: each task makes its own.
    """

    def __init__(self, address: str) -> None:
        """Raises StoreError if fsspec has no implementation for the address."""
        self.address = address.rstrip("/")
        scheme = address.partition("://")[0] if "://" in address else "file"
        try:
            self.system, self.root = _opened(self.address)
        except (ImportError, ValueError) as error:
            raise StoreError(
                f"{self.address} cannot be opened: {error}",
                remedy="For s3:// install the extra store (`make extras`)",
            ) from error
        self.is_local = scheme == "file"
        # What the addresses of the files begin with, for programs that read them by fsspec.
        self.prefix = self.root if self.is_local else f"{scheme}://{self.root}"

    def find(self, pattern: str) -> list[str]:
        """The paths that match a glob pattern, relative to the address and sorted."""
        with self._errors_named(pattern):
            found = [str(path) for path in self.system.glob(f"{self.root}/{pattern}")]
        return sorted(path[len(self.root) :].lstrip("/") for path in found)

    def size(self, path: str) -> int:
        """The bytes of a file."""
        with self._errors_named(path):
            return int(self.system.size(f"{self.root}/{path}"))

    def rows(self, path: str) -> int:
        """The number of rows of a Parquet file, from its footer."""
        with self._errors_named(path), self.system.open(f"{self.root}/{path}", "rb") as file:
            return int(pq.ParquetFile(file).metadata.num_rows)

    def read(self, path: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A Parquet file, or some of its columns."""
        content = self.read_bytes(path)
        with self._errors_named(path):
            file = pq.ParquetFile(pa.BufferReader(content))
            return file.read(columns=columns and list(columns))

    def read_bytes(self, path: str) -> bytes:
        """The content of a file."""
        with self._errors_named(path):
            content: bytes = self.system.cat_file(f"{self.root}/{path}")
        return content

    def write(self, path: str, table: pa.Table) -> None:
        """Write a Parquet file, whole or not at all. An existing one is replaced."""
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        self.write_bytes(path, sink.getvalue().to_pybytes())

    def write_bytes(self, path: str, content: bytes) -> None:
        """Write a file, whole or not at all. An existing one is replaced."""
        with self._errors_named(path):
            if self.is_local:
                write_bytes(Path(self.root) / path, content)
            else:
                self.system.pipe_file(f"{self.root}/{path}", content)

    @contextmanager
    def _errors_named(self, path: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # The libraries of object stores have many types of errors.
            raise StoreError(f"{self.address}/{path}: {_message(error)}") from error


def _opened(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it: for S3, the bucket and the prefix."""
    if not address.startswith("s3://"):
        system, root = fsspec.core.url_to_fs(address)
        return system, str(root)
    from obstore.fsspec import FsspecStore

    endpoint = next(filter(None, map(os.environ.get, _ENDPOINTS)), "")
    system = FsspecStore("s3", client_options={"allow_http": endpoint.startswith("http://")})
    return system, address.removeprefix("s3://")


def _message(error: Exception) -> str:
    """The first line of an error, without the debug part of obstore."""
    return " ".join(str(error).partition("Debug source:")[0].split()) or type(error).__name__
