"""What a run has left in a data directory: its latest release, its files, its Dagster runs.

Eleven batches are announced, unless a test says otherwise: the whole register takes twice as long.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb

from scrapers.replica.facts import load_register

PER_BATCH = {1: 41, 2: 110, 3: 129, 4: 266, 5: 394, 6: 492, 7: 487, 8: 509, 9: 411, 10: 395}
PER_BATCH_11 = {**PER_BATCH, 11: 210}
BATCHES = 11
REGISTER = load_register().first(BATCHES)


def latest(data_dir: Path) -> Path:
    """The release that readers are given."""
    return (data_dir / "published" / "latest").resolve(strict=True)


def query(data_dir: Path, sql: str) -> list[tuple]:
    """Rows of a query on the latest release, read-only as an analyst would."""
    with duckdb.connect(str(latest(data_dir) / "filings.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def filings_per_batch(data_dir: Path) -> dict[int, int]:
    """{batch_no: filings listed} as the latest release has them."""
    return dict(
        query(
            data_dir,
            "select batch_no, count(*) from filings where list_status = 'listed' group by all",
        )
    )


def published_per_batch(data_dir: Path) -> dict[int, int]:
    """The same, and nothing where nothing has been published yet."""
    try:
        return filings_per_batch(data_dir)
    except FileNotFoundError:
        return {}


def list_files(*folders: Path) -> dict[str, tuple[int, int]]:
    """Every file below the folders with its size and time of writing (in nanoseconds)."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def changes_section(changes: str, title: str) -> str:
    """One section of CHANGES.md, empty where there is none."""
    found = re.search(rf"^## {title} .*?(?=^## |\Z)", changes, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def filing_numbers_in(text: str) -> set[str]:
    """All filing numbers in a text."""
    return set(re.findall(r"\b\d{21}\b", text))


@contextmanager
def dagster_instance(data_dir: Path) -> Iterator[dg.DagsterInstance]:
    """What Dagster has recorded of the runs on a data directory."""
    with dg.DagsterInstance.from_config(str(data_dir / "dagster")) as instance:
        yield instance
