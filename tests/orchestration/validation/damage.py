"""Damages files of the stores."""

from pathlib import Path

import polars as pl

from scrapers.archive.sidecar import COPY, SIDECAR
from tests.orchestration.validation.list_factories import Stores


def flip_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def add_row(path: Path) -> None:
    """Add a row, which leaves a valid Parquet file."""
    table = pl.read_parquet(path)
    pl.concat([table, table.clear(1)]).write_parquet(path)


def tear_sidecars(stores: Stores, folder: str) -> None:
    """Damage both copies of a sidecar in the archive, so that the folder is unreadable."""
    for name in (SIDECAR, COPY):
        (stores.root / "raw" / folder / name).write_text("{")
