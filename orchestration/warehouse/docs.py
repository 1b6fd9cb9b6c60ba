"""dbt's documentation of all tables and their lineage, as one page (`make docs`).

The page needs no network and no server. It describes what the last run built; run the pipeline
first to bring it up to date.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.progress import subscribed
from orchestration.runtime.run_lock import run_lock
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.warehouse.project import DbtError
from scrapers.errors import FilingsError

PAGE = PROJECT_ROOT / "build" / "docs" / "index.html"


def main() -> None:
    """Write the page for the configured data directory and print its path."""
    try:
        with subscribed(lambda step: click.echo(step.message)):
            click.echo(str(write_docs(Settings.from_environment().data)))
    except FilingsError as error:
        raise SystemExit(f"error: {error}") from error


def write_docs(data: DataDir, page: Path = PAGE) -> Path:
    """Write the page about the warehouse and return its path.

    Raises DbtError if there is no warehouse yet or dbt fails, and RunUnderWayError if a run holds
    the lock for too long.
    """
    warehouse = data.warehouse
    if not warehouse.exists():
        raise DbtError(f"there is no warehouse in {data.root} yet", remedy="Run `make run` first")
    from orchestration.warehouse.runner import docs  # dbt takes a while to import

    with TemporaryDirectory(prefix="filings-docs-") as folder:
        # dbt would block runs for seconds; copying takes only a moment.
        with run_lock(data.root):
            shutil.copy(warehouse, folder)
        return docs(DataDir(Path(folder)), page)


if __name__ == "__main__":
    main()
