"""The register's table: grids of cells → rows, by heading, whatever the order of the columns.

Strict on purpose: an unknown, doubled or missing heading, a row of another width or a table that
is no list stops the reading and names itself. A row is never guessed at and never dropped.
"""

import hashlib
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scrapers.documents.grid import GridRow, Table
from scrapers.errors import TableError

HEADINGS = {
    "序号": "position",
    "算法名称": "algorithm_name",
    "角色": "role",
    "主体名称": "entity_name",
    "应用产品": "products",
    "主要用途": "purpose",
    "备案编号": "filing_number",
    "备注": "note",
}
OPTIONAL_HEADINGS = frozenset({"备注"})
KEY_HEADING = "备案编号"


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


@dataclass(frozen=True)
class ListTable:
    """All rows of a list."""

    rows: tuple[ListRow, ...]

    @property
    def sha256(self) -> str:
        """Hash of what the rows say: equal when only bytes or white space differ."""
        digest = hashlib.sha256()
        for row in self.rows:
            cells = ("".join(str(cell).split()) for cell in row)
            digest.update("\x1f".join(cells).encode() + b"\x1e")
        return digest.hexdigest()


@dataclass(frozen=True)
class _Columns:
    """The headings of a table: where each field of a row stands, and where its column ends.

    `places` follows the fields of a ListRow after `row_no`; -1 is a heading that is not there.
    """

    places: tuple[int, ...]
    ends: tuple[int, ...]


def read_table(tables: Sequence[Table]) -> ListTable:
    """The rows of a list from the tables of its document; later tables go on with the first.

    Raises TableError, with the row where there is one.
    """
    if not any(any(row.texts) for table in tables for row in table):
        raise TableError("the document holds no table")
    rows: list[ListRow] = []
    columns: _Columns | None = None
    for table in tables:
        for row in table:
            if not any(row.texts):
                continue
            if is_heading(row):
                columns = _read_headings(row)
            elif columns:
                rows.append(_list_row(row, columns, len(rows) + 1))
            elif len(row.texts) > 1:
                raise TableError(
                    f"a table that does not begin with headings but with {_shown(row)}",
                    remedy=f"A list's headings are {'、'.join(HEADINGS)}",
                )
    if columns is None:
        raise TableError(f"no table has the heading {KEY_HEADING}")
    if not rows:
        raise TableError("the list has headings but no row")
    return ListTable(tuple(rows))


def _read_headings(row: GridRow) -> _Columns:
    names = [_squeeze(text) for text in row.texts]
    unknown = [name or "(empty)" for name in names if name not in HEADINGS]
    doubled = sorted({name for name in names if names.count(name) > 1 and name in HEADINGS})
    missing = [name for name in HEADINGS if name not in names and name not in OPTIONAL_HEADINGS]
    for problem, which in (("unknown", unknown), ("doubled", doubled), ("missing", missing)):
        if which:
            raise TableError(
                f"{problem} heading {'、'.join(which)} in {_shown(row)}",
                remedy="If the source has changed its layout, scrapers/documents/table.py must too",
            )
    places = (names.index(name) if name in names else -1 for name in HEADINGS)
    return _Columns(tuple(places), row.ends)


def _list_row(row: GridRow, columns: _Columns, row_no: int) -> ListRow:
    texts = (*_texts_by_heading(row, columns, row_no), "")
    return ListRow(row_no, *(texts[place] for place in columns.places))


def _texts_by_heading(row: GridRow, columns: _Columns, row_no: int) -> Sequence[str]:
    """The row's texts, one a heading; cells that share a heading are joined."""
    if row.ends == columns.ends:
        return row.texts
    if not row.ends or row.ends[-1] != columns.ends[-1]:
        raise TableError(
            f"{row.ends[-1] if row.ends else 0} columns where the headings have "
            f"{columns.ends[-1]}: {_shown(row)}",
            row_no=row_no,
        )
    if not set(columns.ends) <= set(row.ends):
        raise TableError(f"a cell reaches over two headings: {_shown(row)}", row_no=row_no)
    joined = [""] * len(columns.ends)
    for text, end in zip(row.texts, row.ends, strict=True):
        joined[bisect_left(columns.ends, end)] += text
    return joined


def is_heading(row: GridRow) -> bool:
    """Whether a row is the one with the headings."""
    # Squeezing each text of a long list would cost more than all the rest of the reading; of the
    # heading's characters 编 is the one that few other texts hold.
    return any("编" in text and _squeeze(text) == KEY_HEADING for text in row.texts)


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _shown(row: GridRow) -> str:
    text = " | ".join(row.texts)
    return repr(text if len(text) <= 120 else text[:120] + "…")
