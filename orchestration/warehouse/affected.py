"""The holders whose rows a change of some documents concerns, and their rows.

A holder is a company with a code, or a service. `meta.holder` of a source is the SQL expression for
the holder of a validated row, and `meta.names` for the names that the row gives it, as keys;
`meta.printed_name` is a column with one name as printed. Holders that share a name belong together,
because companies are found by name: those of services, and the codes that one name has.
"""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.runtime.data_dir import DataDir
from orchestration.runtime.sql import text
from orchestration.warehouse.manifest import read_manifest
from scrapers.fields.text_keys import matching_key

# Registrants without a code are holders as well: `name:` and the key of their name.
HOLDERS = "slice_holders"
# The database of all rows, which the slice is taken from.
WHOLE = "whole"
# The key of each name as printed, as a variable that holds a map.
KEYS = "getvariable('keys')"
# In the location of a source with a folder per document.
FOLDERS = "[0-9]*"

Documents = Mapping[str, Mapping[str, str | int]]
"""Documents by register: the value of the column `document` by folder of the archive."""

ChangedRows = Mapping[str, str | None]
"""The SQL for the rows of the changed documents by staging model; None if they have none."""


@dataclass(frozen=True)
class Source:
    """A source of the dbt project, and the staging model with its rows.

    `document` is the column of the document, and `location` the SQL that reads the files.
    """

    register: str
    staging: str
    document: str
    location: str
    meta: Mapping[str, Any]

    @property
    def holder(self) -> str | None:
        """The SQL expression for the holder of a row; None if the rows have no holders."""
        return self.meta.get("holder")

    @property
    def names(self) -> str:
        """The SQL expression for the list of the names of a row, as keys."""
        printed = self.meta.get("printed_name")
        return f"[{KEYS}[{printed}]]" if printed else str(self.meta["names"])

    @property
    def path(self) -> str:
        """A file that the location reads, below the data directory."""
        return self.location.split("'")[1].replace(FOLDERS, "001").replace("*", "slice")

    def among(self, documents: Documents) -> str:
        """The SQL condition that a row is of one of these documents."""
        values = ", ".join(text(item) for item in self._of(documents).values())
        return f"{self.document}::varchar in ({values})" if values else "false"

    def changed_rows(self, root: Path, documents: Documents) -> str | None:
        """The SQL for the rows of these documents in the files below `root`, or None.

        A document without files has been removed, or no version of it was accepted.
        """
        folders = self._of(documents)
        if FOLDERS not in self.location:
            return f"(from {self.location} where {self.among(documents)})" if folders else None
        pattern = self.location.split("'")[1]
        patterns = [pattern.replace(FOLDERS, folder) for folder in folders]
        paths = ", ".join(text(path) for path in patterns if any(root.glob(path)))
        return self.location.replace(f"'{pattern}'", f"[{paths}]") if paths else None

    def _of(self, documents: Documents) -> Mapping[str, str | int]:
        return documents.get(self.register, {})


def read_sources() -> list[Source]:
    """The sources of the dbt project, from its manifest."""
    manifest = read_manifest()
    staging = {
        source: node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for source in node["depends_on"]["nodes"]
        if source.startswith("source.")
    }
    return [
        Source(
            register=item["config"]["meta"]["dagster"]["asset_key"][0],
            staging=staging[key],
            document=next(iter(item["columns"])),
            location=item["config"]["meta"]["external_location"],
            meta=item["config"]["meta"],
        )
        for key, item in manifest["sources"].items()
    ]


def write_slice(data: DataDir, slice_data: DataDir, documents: Documents) -> int:
    """Write the validated rows of all holders that changed documents concern.

    `slice_data` becomes a data directory with these rows only, and with the facts about all lists.
    Its warehouse has the table `slice_holders`. The unchanged documents are read from the warehouse
    of `data`, and the changed ones from its validated files. Returns the number of rows.
    """
    with duckdb.connect(str(slice_data.warehouse)) as connection:
        connection.execute(f"set file_search_path = {text(data.root)}")
        connection.execute(f"attach {text(data.warehouse)} as {WHOLE} (read_only)")
        found = read_sources()
        by_holder = [source for source in found if source.holder]
        changed = {item.staging: item.changed_rows(data.root, documents) for item in by_holder}
        _read_keys(connection, by_holder, changed)
        _find_holders(connection, by_holder, documents, changed)
        rows = sum(
            _write_rows(connection, item, documents, changed[item.staging], slice_data.root)
            for item in by_holder
        )
        connection.execute(f"detach {WHOLE}")
    for source in found:
        if not source.holder:
            copied = slice_data.root / source.path
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(data.root / source.path, copied)
    return rows


def _read_keys(
    connection: duckdb.DuckDBPyConnection, found: Collection[Source], changed: ChangedRows
) -> None:
    """Set the variable with the keys of the printed names, which are few: those in quarantine."""
    printed: set[str] = set()
    for source in found:
        if name := source.meta.get("printed_name"):
            for rows in (f"{WHOLE}.main.{source.staging}", changed[source.staging]):
                if rows:
                    query = f"select distinct {name} from {rows} where {name} is not null"
                    printed.update(value for (value,) in connection.execute(query).fetchall())
    names = sorted(printed)
    keys = [matching_key(name) for name in names]
    connection.execute("set variable keys = map(?::varchar[], ?::varchar[])", [names, keys])


def _find_holders(
    connection: duckdb.DuckDBPyConnection,
    found: Collection[Source],
    documents: Documents,
    changed: ChangedRows,
) -> None:
    """Create the table of the holders concerned, and of their names."""
    connection.execute("create temporary table held (holder varchar, name varchar, is_new boolean)")
    for source in found:
        known = f"select *, {source.among(documents)} as is_new from {WHOLE}.main.{source.staging}"
        new = changed[source.staging]
        for rows in (known, f"select *, true as is_new from {new}" if new else None):
            if rows:
                connection.execute(
                    f"insert into held select {source.holder}, unnest({source.names}), is_new "
                    f"from ({rows})"
                )
    connection.execute(
        f"create table {HOLDERS} as "
        "select distinct holder from held where is_new and holder is not null "
        "union select 'name:' || name from held where is_new and name != ''"
    )
    before, after = 0, -1
    while before != after:
        before = after
        # The names of the holders, and then the holders of the names.
        connection.execute(
            f"""
            insert into {HOLDERS} (
                select distinct 'name:' || name from held semi join {HOLDERS} using (holder)
                where name != ''
                union
                select distinct held.holder
                from held semi join {HOLDERS} on {HOLDERS}.holder = 'name:' || held.name
                where held.holder is not null
                except from {HOLDERS}
            )
            """
        )
        ((after,),) = connection.execute(f"select count(*) from {HOLDERS}").fetchall()
    connection.execute("drop table held")


def _write_rows(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    documents: Documents,
    changed: str | None,
    root: Path,
) -> int:
    """Write the rows of the holders of a source to the file of the slice; how many there are."""
    path = root / source.path
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = f"from {WHOLE}.main.{source.staging} where not {source.among(documents)}"
    if changed:
        rows += f" union all by name from {changed}"
    concerned = f"{source.holder} in (from {HOLDERS})"
    if "printed_name" in source.meta:
        concerned += f" or 'name:' || {source.names}[1] in (from {HOLDERS})"
    ((count,),) = connection.execute(
        f"copy (select * from ({rows}) where {concerned}) to {text(path)}"
    ).fetchall()
    return int(count)
