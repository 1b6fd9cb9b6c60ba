"""Previews: a few rows as Markdown, for asset metadata in the Dagster UI."""

from collections.abc import Mapping, Sequence

from orchestration.runtime.texts import literal
from scrapers.errors import shortened

PREVIEW_ROWS = 10
_LONGEST_CELL = 60


def markdown_table(rows: Sequence[Mapping[str, object]]) -> str:
    """The first rows as a Markdown table, with all markup in cells escaped."""
    if not rows:
        return "no rows"
    shown = rows[:PREVIEW_ROWS]
    lines: list[list[object]] = [list(shown[0]), ["---"] * len(shown[0])]
    lines += [list(row.values()) for row in shown]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return literal(shortened(text, _LONGEST_CELL))
