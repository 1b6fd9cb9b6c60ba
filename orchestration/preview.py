"""Previews: a few rows as Markdown, for the metadata of an asset in the Dagster UI."""

from collections.abc import Mapping, Sequence

PREVIEW_ROWS = 10
_LONGEST_CELL = 60


def markdown_table(rows: Sequence[Mapping[str, object]]) -> str:
    """The first rows as a table; a | in a cell would end it, and so is escaped."""
    if not rows:
        return "no rows"
    shown = rows[:PREVIEW_ROWS]
    lines = [list(shown[0]), ["---"] * len(shown[0]), *(list(row.values()) for row in shown)]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    text = text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL] + "…"
    return text.replace("|", "\\|")
