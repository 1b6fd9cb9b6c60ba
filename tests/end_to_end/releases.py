"""Reads what a run left in a data directory: its latest release, its files, its Dagster runs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb


def latest(data_dir: Path) -> Path:
    """The latest release."""
    return (data_dir / "published" / "latest").resolve(strict=True)


def query(data_dir: Path, sql: str) -> list[tuple]:
    """The rows of a read-only query on the latest release."""
    with duckdb.connect(str(latest(data_dir) / "filings.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def filings_per_batch(data_dir: Path) -> dict[int, int]:
    """The number of listed filings per batch number in the latest release."""
    return dict(
        query(
            data_dir,
            "select batch_no, count(*) from filings where list_status = 'listed' group by all",
        )
    )


def list_files(*folders: Path) -> dict[str, tuple[int, int]]:
    """Every file in the folders with its size and modification time (nanoseconds)."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def changes_section(changes: str, title: str) -> str:
    """The changes of one kind in CHANGES.md; empty if there are none."""
    found = re.search(rf"^### {title} .*?(?=^##|\Z)", changes, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def filing_numbers_in(text: str) -> set[str]:
    """The filing numbers in a text."""
    return set(re.findall(r"\b\d{21}\b", text))


@contextmanager
def dagster_instance(data_dir: Path) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance of a data directory."""
    with dg.DagsterInstance.from_config(str(data_dir / "dagster")) as instance:
        yield instance
