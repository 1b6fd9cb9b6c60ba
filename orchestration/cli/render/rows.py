"""The rows of a query as a table."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli.query.released import Answer
from orchestration.cli.render.text import cell

_NUMERIC = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE"}


def show_rows(console: Console, answer: Answer, release: str) -> None:
    """Print all rows, then their number and the release."""
    table = Table(header_style="bold")
    for name, kind in zip(answer.names, answer.kinds, strict=True):
        is_numeric = kind in _NUMERIC or kind.startswith("DECIMAL")
        table.add_column(cell(name), justify="right" if is_numeric else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*map(_value, row))
    console.print(table)
    count = table.row_count
    console.print(f"{count:,} row{'' if count == 1 else 's'}, release {release}")


def _value(value: object) -> Text:
    if value is None:
        return Text("null", "dim")
    if isinstance(value, list):
        return cell(", ".join(map(str, value)))
    return cell(f"{value:.6g}" if isinstance(value, float) else str(value))
