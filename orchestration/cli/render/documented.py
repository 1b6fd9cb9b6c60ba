"""The tables of a release, and the columns of one table."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from orchestration.cli.query.documented import DocumentedColumn, DocumentedTable, grouped
from orchestration.cli.render.text import cell, line

# With less space than this for descriptions, each has lines of its own.
_LEAST_DESCRIPTION = 40
_INDENT = 4


def show_tables(console: Console, tables: Sequence[DocumentedTable], release: str) -> None:
    """Print the tables in groups, each with its rows and the first sentence about it."""
    longest = max((len(item.name) for item in tables), default=0)
    counted = max((len(f"{item.rows:,}") for item in tables), default=0)
    for title, group in grouped(tables):
        console.print(Text(title, "bold"))
        rows = [(line(item.name), Text(f"{item.rows:,}"), line(item.summary)) for item in group]
        _show(console, rows, (longest, counted), right=1)
        console.print()
    console.print(f"{len(tables)} tables, release {release}. `filings describe TABLE` has columns")


def show_table(
    console: Console, table: DocumentedTable, columns: Sequence[DocumentedColumn]
) -> None:
    """Print the description of a table, and its columns with type and description."""
    console.print(line(table.name, "bold"))
    if table.description:
        console.print(cell(table.description))
    console.print()
    rows = [(line(item.name), Text(item.type, "dim"), line(item.description)) for item in columns]
    longest = max((len(item.name) for item in columns), default=0)
    _show(console, rows, (longest, max((len(item.type) for item in columns), default=0)))
    console.print()
    named = f"{len(columns)} column{'' if len(columns) == 1 else 's'}"
    console.print(f"{named}, {table.rows:,} row{'' if table.rows == 1 else 's'}")


def _show(
    console: Console,
    rows: Sequence[tuple[Text, Text, Text]],
    widths: tuple[int, int],
    right: int | None = None,
) -> None:
    """Print names, facts and descriptions in columns, or the descriptions below the names."""
    if console.width - sum(widths) - 4 < _LEAST_DESCRIPTION:
        for name, fact, description in rows:
            console.print(name.append("  ").append_text(fact), soft_wrap=True)
            console.print(Padding(description, (0, 0, 0, _INDENT)))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    for place, width in enumerate(widths):
        justify = "right" if place == right else "left"
        table.add_column(no_wrap=True, min_width=width, justify=justify)  # type: ignore[arg-type]
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
