"""Ways to damage a file of the stores."""

from pathlib import Path

import polars as pl

from scrapers.archive.sidecar import COPY, SIDECAR
from tests.orchestration.validation.list_factories import Stores


def bit_flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def other_rows(path: Path) -> None:
    """Still Parquet, with a row that was not there."""
    table = pl.read_parquet(path)
    pl.concat([table, table.clear(1)]).write_parquet(path)


def tear_sidecars(stores: Stores, folder: str) -> None:
    """Both copies of a sidecar in the archive, so that the folder cannot be read."""
    for name in (SIDECAR, COPY):
        (stores.root / "raw" / folder / name).write_text("{")
