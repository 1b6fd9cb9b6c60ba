"""The building blocks of the report: sections of figures, each over the rows of one query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import altair as alt
import duckdb

from orchestration.runtime.texts import harmless

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
Row = Mapping[str, Any]

_QUERIES = Path(__file__).parent / "queries"


class Text(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: Lang) -> str:
        """The text in one language."""
        return self.zh if lang == "zh" else self.en


Chart = alt.Chart | alt.LayerChart
Summary = Callable[[Sequence[Row]], Text]
Draw = Callable[[Lang, Sequence[Row]], Chart]


@dataclass(frozen=True)
class Figure:
    """A chart (or a table if `draw` is None) over the rows of a query on the release.

    `finding` summarises the rows in a sentence. `shows` says what is drawn and in which unit; it is
    a function if that depends on the rows.
    `is_assigned` marks figures about sectors or techniques, which the register does not state.
    `covers_all_registers` marks figures about more than deep synthesis. Without rows, these are
    left out, and so are those with `needs_rows`. `is_list` marks lists of single filings, which a
    page of totals only leaves out.
    """

    name: str
    query: str
    finding: Summary
    shows: Text | Summary
    draw: Draw | None = None
    is_assigned: bool = False
    is_wide: bool = False
    is_tall: bool = False
    covers_all_registers: bool = False
    needs_rows: bool = False
    is_list: bool = False

    def described(self, rows: Sequence[Row]) -> Text:
        """What the figure shows, for these rows."""
        return self.shows(rows) if callable(self.shows) else self.shows

    @property
    def sql(self) -> str:
        """The text of the query."""
        return read_query(self.query)


@dataclass(frozen=True)
class Section:
    """Figures under a heading, with an introductory sentence.

    `short` names the section in the navigation.
    """

    name: str
    title: Text
    lead: Text
    figures: Sequence[Figure]
    short: Text | None = None


def read_query(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8").strip()


def measure(connection: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """The rows of a query on the release, with U+FFFD for control characters in texts."""
    result = connection.execute(read_query(name))
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, map(_shown, row), strict=True)) for row in result.fetchall()]


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    return [_shown(item) for item in value] if isinstance(value, list) else value
