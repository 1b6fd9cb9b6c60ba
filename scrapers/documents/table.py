"""The register's tables: grids of cells → rows, by heading, whatever the order of the columns.

Strict on purpose: an unknown, doubled or missing heading, a row of another width or a table that
is no list stops the reading and names itself. A row is never guessed at and never dropped.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from scrapers.documents.cells import (
    SLIVER,
    GridRow,
    Table,
    are_same_edge,
    are_same_edges,
    column_of,
    shown_names,
    shown_row,
)
from scrapers.errors import TableError
from scrapers.fields.text_keys import matching_key

KEY_HEADING = "备案编号"
POSITION_HEADING = "序号"
ROLE_HEADING = "角色"
ROLES = {"服务提供者": "provider", "服务技术支持者": "technical_supporter"}
POSITION_DIGITS = 6


class ListRow(NamedTuple):
    """One row of a list as printed; `row_no` counts from 1 in the list's order."""

    row_no: int
    position: str = ""
    algorithm_name: str = ""
    role: str = ""
    entity_name: str = ""
    products: str = ""
    purpose: str = ""
    filing_number: str = ""
    note: str = ""


class CancellationRow(NamedTuple):
    """One record of a cancellation notice as printed; `row_no` counts from 1 in its order."""

    row_no: int
    position: str = ""
    algorithm_name: str = ""
    role: str = ""
    entity_name: str = ""
    products: str = ""
    purpose: str = ""
    filing_number: str = ""
    cancelled_month: str = ""


Row = TypeVar("Row", ListRow, CancellationRow)


@dataclass(frozen=True)
class Layout(Generic[Row]):
    """A kind of table: `headings` in the order of the row's fields after `row_no`."""

    name: str
    headings: tuple[str, ...]
    optional: frozenset[str]
    row: Callable[..., Row]


_SHARED_HEADINGS = ("序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号")
LIST = Layout("list", (*_SHARED_HEADINGS, "备注"), frozenset({"备注"}), ListRow)
CANCELLATIONS = Layout(
    "cancellation notice", (*_SHARED_HEADINGS, "注销时间"), frozenset(), CancellationRow
)


@dataclass(frozen=True)
class DocumentTable(Generic[Row]):
    """All rows of a document."""

    rows: tuple[Row, ...]

    @property
    def sha256(self) -> str:
        """Hash of what the rows say: equal when only bytes or white space differ."""
        digest = hashlib.sha256()
        for row in self.rows:
            cells = ("".join(str(cell).split()) for cell in row)
            digest.update("\x1f".join(cells).encode() + b"\x1e")
        return digest.hexdigest()

    @property
    def highest_position(self) -> int:
        """The highest of the printed positions; 0 where none is printed, as in most lists."""
        positions = ("".join(row.position.split()) for row in self.rows)
        numbers = (text for text in positions if text.isdecimal() and len(text) <= POSITION_DIGITS)
        return max(map(int, numbers), default=0)


ListTable = DocumentTable[ListRow]
CancellationTable = DocumentTable[CancellationRow]


@dataclass(frozen=True)
class _Columns:
    """The headings of a table: which column holds each field of a row, and where columns end.

    `places` follows the row's fields after `row_no`; -1 is a heading that is not there. `unnamed`
    are columns without a heading, in which no row may have a text.
    """

    places: tuple[int, ...]
    ends: tuple[int, ...]
    unnamed: tuple[int, ...] = ()


def read_table(tables: Sequence[Table], layout: Layout[Row]) -> DocumentTable[Row]:
    """The rows of a document from its tables; later tables go on with the first.

    Raises TableError, with the row where there is one.
    """
    if not any(any(row.texts) for table in tables for row in table):
        raise TableError("the document holds no table")
    rows: list[Row] = []
    columns: _Columns | None = None
    for table in tables:
        # A later table has widths of its own: where it does not repeat the headings, its first
        # row of as many cells says where the columns end.
        is_measured = False
        for row in table:
            if not any(row.texts):
                continue
            if is_heading(row):
                columns, is_measured = _read_headings(row, layout), True
            elif columns:
                if not is_measured and len(row.ends) == len(columns.ends):
                    columns, is_measured = replace(columns, ends=row.ends), True
                rows.append(_row(row, columns, len(rows) + 1, layout))
            elif len(row.texts) > 1:
                raise TableError(
                    f"a table that does not begin with headings but with {shown_row(row.texts)}",
                    remedy=f"The headings of a {layout.name} are {'、'.join(layout.headings)}",
                )
    if columns is None:
        raise TableError(f"no table has the heading {KEY_HEADING}")
    if not rows:
        raise TableError(f"the {layout.name} has headings but no row")
    return DocumentTable(tuple(rows))


def _read_headings(row: GridRow, layout: Layout[Row]) -> _Columns:
    headings = layout.headings
    columns = _headed_columns(row)
    names = [name for name, _ in columns]
    times = Counter(names)
    unknown = [name for name in names if name and name not in headings]
    doubled = sorted(name for name in headings if times[name] > 1)
    missing = [name for name in headings if name not in names and name not in layout.optional]
    for problem, which in (("unknown", unknown), ("doubled", doubled), ("missing", missing)):
        if which:
            raise TableError(
                f"{problem} heading {shown_names(which)} in {shown_row(row.texts)}",
                remedy="If the source has changed its layout, scrapers/documents/table.py must too",
            )
    places = (names.index(name) if name in names else -1 for name in headings)
    unnamed = (place for place, name in enumerate(names) if not name)
    return _Columns(tuple(places), tuple(end for _, end in columns), tuple(unnamed))


def _headed_columns(row: GridRow) -> list[tuple[str, int]]:
    """Each heading and where its column ends; an empty sliver belongs to the column before it."""
    columns: list[tuple[str, int]] = []
    start = 0
    for text, end in zip(row.texts, row.ends, strict=True):
        name = matching_key(text)
        if name or not are_same_edge(start, end):
            columns.append((name, end))
        elif columns:
            columns[-1] = (columns[-1][0], end)
        start = end
    return columns


def _row(row: GridRow, columns: _Columns, row_no: int, layout: Layout[Row]) -> Row:
    texts = (*_texts_by_heading(row, columns, row_no), "")
    if any(texts[place] for place in columns.unnamed):
        raise TableError(f"a text without a heading: {shown_row(row.texts)}", row_no=row_no)
    return layout.row(row_no, *(texts[place] for place in columns.places))


def _texts_by_heading(row: GridRow, columns: _Columns, row_no: int) -> Sequence[str]:
    """The row's texts, one per heading; cells that share a heading are joined."""
    if row.ends == columns.ends or are_same_edges(row.ends, columns.ends):
        return row.texts
    if not are_same_edge(row.ends[-1], columns.ends[-1]):
        raise TableError(
            f"{len(row.texts)} cells that end elsewhere than the {len(columns.ends)} headings: "
            f"{shown_row(row.texts)}",
            row_no=row_no,
        )
    joined = [""] * len(columns.ends)
    starts = (0, *row.ends)
    for text, start, end in zip(row.texts, starts, row.ends, strict=False):
        column = column_of(end, columns.ends)
        if column and start < columns.ends[column - 1] - SLIVER:
            raise TableError(
                f"a cell reaches over two headings: {shown_row(row.texts)}", row_no=row_no
            )
        joined[column] += text
    return joined


def is_heading(row: GridRow) -> bool:
    """Whether a row is the one with the headings."""
    # Squeezing each text of a long list would cost more than all the rest of the reading; of the
    # heading's characters 编 is the one that few other texts hold.
    return any("编" in text and matching_key(text) == KEY_HEADING for text in row.texts)
