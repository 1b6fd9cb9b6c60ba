"""The register's table: grids of cells → rows, by heading, whatever the order of the columns.

Strict on purpose: an unknown, doubled or missing heading, a row of another width or a table that
is no list stops the reading and names itself. A row is never guessed at and never dropped.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

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


@dataclass(frozen=True, slots=True)
class ListRow:
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
            cells = ("".join(str(cell).split()) for cell in astuple(row))
            digest.update("\x1f".join(cells).encode() + b"\x1e")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Column:
    field: str
    start: int
    end: int


def read_table(tables: Sequence[Table]) -> ListTable:
    """The rows of a list from the tables of its document; later tables go on with the first.

    Raises TableError, with the row where there is one.
    """
    filled = [table for table in tables if any(_says_something(row) for row in table)]
    if not filled:
        raise TableError("the document holds no table")
    rows: list[ListRow] = []
    columns: tuple[_Column, ...] = ()
    for table in filled:
        for row in table:
            if not _says_something(row):
                continue
            if _is_heading(row):
                columns = _columns(row)
            elif columns:
                rows.append(_list_row(row, columns, len(rows) + 1))
            elif len(row) > 1:
                raise TableError(
                    f"a table that does not begin with headings but with {_shown(row)}",
                    remedy=f"A list's headings are {'、'.join(HEADINGS)}",
                )
    if not columns:
        raise TableError(f"no table has the heading {KEY_HEADING}")
    if not rows:
        raise TableError("the list has headings but no row")
    return ListTable(tuple(rows))


def _columns(row: GridRow) -> tuple[_Column, ...]:
    names = [_squeeze(cell.text) for cell in row]
    unknown = [name or "(empty)" for name in names if name not in HEADINGS]
    doubled = sorted({name for name in names if names.count(name) > 1 and name in HEADINGS})
    missing = [name for name in HEADINGS if name not in names and name not in OPTIONAL_HEADINGS]
    for problem, which in (("unknown", unknown), ("doubled", doubled), ("missing", missing)):
        if which:
            raise TableError(
                f"{problem} heading {'、'.join(which)} in {_shown(row)}",
                remedy="If the source has changed its layout, scrapers/documents/table.py must too",
            )
    return tuple(
        _Column(HEADINGS[name], cell.start, cell.end) for name, cell in zip(names, row, strict=True)
    )


def _list_row(row: GridRow, columns: tuple[_Column, ...], row_no: int) -> ListRow:
    width = columns[-1].end
    if row[-1].end != width:
        raise TableError(
            f"{row[-1].end} columns where the headings have {width}: {_shown(row)}", row_no=row_no
        )
    return ListRow(row_no, **dict(_by_field(row, columns, row_no)))


def _by_field(row: GridRow, columns: tuple[_Column, ...], row_no: int) -> Iterator[tuple[str, str]]:
    cells = iter(row)
    for column in columns:
        texts, end = [], column.start
        while end < column.end:
            cell = next(cells)
            texts.append(cell.text)
            end = cell.end
        if end != column.end:
            raise TableError(f"a cell reaches over two headings: {_shown(row)}", row_no=row_no)
        yield column.field, "".join(texts)


def _is_heading(row: GridRow) -> bool:
    return any(_squeeze(cell.text) == KEY_HEADING for cell in row)


def _says_something(row: GridRow) -> bool:
    return any(cell.text for cell in row)


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _shown(row: GridRow) -> str:
    text = " | ".join(cell.text for cell in row)
    return repr(text if len(text) <= 120 else text[:120] + "…")
