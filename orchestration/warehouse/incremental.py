"""A build of the warehouse in which some documents have changed since the last one.

The rows of the holders concerned are built as a register of their own, with the same models and
tests, in a warehouse beside (`dbt/slice/`). They then replace the rows of these holders in the
warehouse, and the tables that count over all of them are built again. The result is the same as
that of a whole build.
"""

import shutil

import duckdb

from orchestration.runtime.data_dir import DataDir
from orchestration.warehouse.affected import HOLDERS, WHOLE, Documents, write_slice
from orchestration.warehouse.builds import Build
from orchestration.warehouse.runner import build
from orchestration.warehouse.slices import read_slices

# The share of the rows from which a whole build takes less time.
LARGEST_SHARE = 0.1


def build_changed(data: DataDir, documents: Documents) -> Build | None:
    """Build what the changed documents concern; None if that is too much of the register.

    If a node fails, `Build.failures` names it, and the warehouse must be discarded.
    """
    slices = read_slices()
    beside = DataDir(data.dbt / "slice")
    shutil.rmtree(beside.root, ignore_errors=True)
    beside.root.mkdir(parents=True)
    try:
        rows = write_slice(data, beside, documents)
        if rows > LARGEST_SHARE * _rows(data):
            return None
        _copy_seeds(data, beside)
        of_slice = build(beside, slices.of_slice)
        if of_slice.failures:
            return of_slice
        _replace_rows(data, beside)
    finally:
        shutil.rmtree(beside.root, ignore_errors=True)
    whole = build(data, slices.of_whole)
    events = [*of_slice.events, *whole.events]
    return Build(events, whole.failures, [*of_slice.warnings, *whole.warnings], whole.tables)


def _rows(data: DataDir) -> int:
    """The number of validated rows in the warehouse."""
    with duckdb.connect(str(data.warehouse), read_only=True) as connection:
        ((rows,),) = connection.execute("select count(*) from int_listed_rows").fetchall()
    return int(rows)


def _copy_seeds(data: DataDir, beside: DataDir) -> None:
    """Copy the tables of the seeds, so that dbt does not load them again."""
    with duckdb.connect(str(beside.warehouse)) as connection:
        _attach(connection, data, "read_only")
        for name in read_slices().seeds:
            connection.execute(f'create table "{name}" as from {WHOLE}.main."{name}"')


def _replace_rows(data: DataDir, beside: DataDir) -> None:
    """Replace the rows of the holders concerned in all tables that are made by holder."""
    with duckdb.connect(str(data.warehouse)) as connection:
        connection.execute(f"attach '{_quoted(beside)}' as slice (read_only)")
        connection.execute("begin")
        for name, holder in read_slices().holders.items():
            connection.execute(
                f'delete from "{name}" where {holder} in (from slice.main.{HOLDERS})'
            )
            connection.execute(f'insert into "{name}" by name from slice.main."{name}"')
        connection.execute("commit")


def _attach(connection: duckdb.DuckDBPyConnection, data: DataDir, mode: str) -> None:
    connection.execute(f"attach '{_quoted(data)}' as {WHOLE} ({mode})")


def _quoted(data: DataDir) -> str:
    return str(data.warehouse).replace("'", "''")
