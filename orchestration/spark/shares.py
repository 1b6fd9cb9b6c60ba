"""Shares of tables: the rows of a table that belong together, as bytes that Spark can shuffle.

Spark sees a table of (`share`, `name`, `rows`), where `rows` is an Arrow stream. So the types of
the rows never pass through Spark's own types.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import duckdb
import pyarrow as pa

SHARES_SCHEMA = "share int, name string, rows binary"
# A record batch of Spark has at most 2 GB.
BATCH_BYTES = 64 * 2**20


class Share(NamedTuple):
    """The rows of the table `name` that belong to the share of this number."""

    share: int
    name: str
    rows: bytes


def split(name: str, table: pa.Table, key: str, shares: int) -> Iterator[Share]:
    """Split a table: rows with the same value of `key`, an SQL expression, get the same share."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("rows_to_split", table)
        numbered = connection.sql(
            f"select *, (hash({key}) % {shares})::integer as share_no "
            "from rows_to_split order by share_no"
        ).to_arrow_table()
    numbers = numbered.column("share_no")
    rows = numbered.drop_columns(["share_no"])
    for first, length, share in _runs(numbers.to_pylist()):
        yield Share(share, name, to_bytes(rows.slice(first, length)))


def joined(names: Iterable[str], rows: Iterable[bytes]) -> dict[str, pa.Table]:
    """The tables that these parts make up, by name."""
    parts: dict[str, list[pa.Table]] = {}
    for name, content in zip(names, rows, strict=True):
        parts.setdefault(name, []).append(from_bytes(content))
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}


def batches(shares: Iterable[Share]) -> Iterator[pa.RecordBatch]:
    """Record batches with `SHARES_SCHEMA`, of about `BATCH_BYTES`."""
    waiting: list[Share] = []
    size = 0
    for share in shares:
        waiting.append(share)
        size += len(share.rows)
        if size >= BATCH_BYTES:
            yield _batch(waiting)
            waiting, size = [], 0
    if waiting:
        yield _batch(waiting)


def to_bytes(table: pa.Table) -> bytes:
    """A table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_bytes(content: bytes) -> pa.Table:
    """The table in an Arrow stream."""
    with pa.ipc.open_stream(content) as stream:
        return stream.read_all()


def _batch(shares: list[Share]) -> pa.RecordBatch:
    numbers, names, rows = zip(*shares, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(numbers, pa.int32()), pa.array(names, pa.string()), pa.array(rows, pa.binary())],
        names=["share", "name", "rows"],
    )


def _runs(numbers: list[int]) -> Iterator[tuple[int, int, int]]:
    """The first position, length and value of each run of equal numbers."""
    first = 0
    for position in range(1, len(numbers) + 1):
        if position == len(numbers) or numbers[position] != numbers[first]:
            yield first, position - first, numbers[first]
            first = position
