"""A build of the warehouse in which some documents have changed since the last one.

The rows of the holders concerned are built as a register of their own, with the same models and
tests, in a warehouse beside (`dbt/slice/`). They then replace the rows of these holders in the
warehouse, and the tables that count over all of them are built again. The result is the same as
that of a whole build.
"""

import shutil

import duckdb

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.sql import text
from orchestration.warehouse.affected import HOLDERS, WHOLE, Documents, write_slice
from orchestration.warehouse.builds import Build
from orchestration.warehouse.runner import build
from orchestration.warehouse.slices import read_slices

# The table with one row per registration.
ROWS = "int_current_rows"
# The share of the rows from which a whole build takes less time.
LARGEST_SHARE = 0.1


def build_changed(data: DataDir, documents: Documents, before: Build) -> Build | None:
    """Build what the changed documents concern; None if that is too much of the register.

    `before` is the build in the warehouse. Its events stand for the nodes that do not run again. If
    a node fails, `Build.failures` names it, and the warehouse must be discarded, as it must if this
    raises duckdb.Error.
    """
    slices = read_slices()
    beside = DataDir(data.dbt / "slice")
    shutil.rmtree(beside.root, ignore_errors=True)
    beside.root.mkdir(parents=True)
    try:
        if write_slice(data, beside, documents) > LARGEST_SHARE * before.tables[ROWS].rows:
            return None
        _copy_seeds(data, beside)
        of_slice = build(beside, slices.of_slice)
        if of_slice.failures:
            return of_slice
        _replace_rows(data, beside)
    finally:
        shutil.rmtree(beside.root, ignore_errors=True)
    whole = build(data, slices.of_whole)
    # A table that the slice needs as a whole is in both; the later event is that of the warehouse.
    events = {
        event["data"]["node_info"]["unique_id"]: event
        for event in (*before.events, *of_slice.events, *whole.events)
    }
    return Build(
        [*events.values()], whole.failures, [*of_slice.warnings, *whole.warnings], whole.tables
    )


def _copy_seeds(data: DataDir, beside: DataDir) -> None:
    """Copy the tables of the seeds, so that dbt does not load them again."""
    with duckdb.connect(str(beside.warehouse)) as connection:
        connection.execute(f"attach {text(data.warehouse)} as {WHOLE} (read_only)")
        for name in read_slices().seeds:
            connection.execute(f'create table "{name}" as from {WHOLE}.main."{name}"')


def _replace_rows(data: DataDir, beside: DataDir) -> None:
    """Replace the rows of the holders concerned in all tables that are made by holder."""
    with duckdb.connect(str(data.warehouse)) as connection:
        connection.execute(f"attach {text(beside.warehouse)} as slice (read_only)")
        connection.execute("begin")
        for name, holder in read_slices().holders.items():
            connection.execute(
                f'delete from "{name}" where {holder} in (from slice.main.{HOLDERS})'
            )
            connection.execute(f'insert into "{name}" by name from slice.main."{name}"')
        connection.execute("commit")
