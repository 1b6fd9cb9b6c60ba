"""The state of the registers in a release: the months of their latest lists and notices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from orchestration.publication.registers import compared_marts, title_of
from orchestration.warehouse.marts import Mart
from scrapers.registers.base import Text

_NOTICES = "cancellations"
# The column with the month of a list, in registers without `feed_month`.
_MONTH = "list_month"
# Independent of the locale, on which the names of `strftime` depend.
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Reached:
    """How many lists (or notices) there are, and the months (YYYY-MM) of the first and the last."""

    count: int = 0
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True)
class RegisterState:
    """The lists of a register that have rows, and the cancellation notices.

    `notices` are those of all registers, because each may name rows of any. They count 0 in a
    register of which none has named a row.
    """

    register: str
    lists: Reached
    notices: Reached

    @property
    def title(self) -> Text:
        """The title of the register."""
        return title_of(self.register)

    @property
    def text(self) -> Text:
        """Such as `lists to July 2026, notices to July 2026`."""
        return _text(self.lists, self.notices)


@dataclass(frozen=True)
class State:
    """The state of all registers of a release. `notices` include those of other kinds."""

    registers: Sequence[RegisterState]
    notices: Reached

    @property
    def lists(self) -> Reached:
        """The lists of all registers together."""
        return _together([item.lists for item in self.registers])

    @property
    def text(self) -> Text:
        """Such as `lists to August 2026, notices to July 2026`, without a full stop."""
        return _text(self.lists, self.notices)

    @property
    def months(self) -> tuple[str, str] | None:
        """The first and the last month (YYYY-MM) of any list or notice; None without any."""
        both = _together([self.lists, self.notices])
        return (both.first, both.last) if both.first and both.last else None


def read_state(connection: duckdb.DuckDBPyConnection, marts: Iterable[Mart]) -> State:
    """The state of the registers, from the tables of the marts.

    Without the mart of notices they count 0. Lists without a column for their month have none.
    """
    marts = tuple(marts)
    has_notices = any(mart.name == _NOTICES for mart in marts)
    all_notices = _notices(connection) if has_notices else Reached()
    registers = []
    for name, compared in compared_marts(marts):
        columns = connection.table(f'"{name}"').columns
        months = (f'"{item}"' for item in (compared.feed_month, _MONTH) if item in columns)
        month = next(months, "null")
        lists = _reached(
            connection,
            f'select count(distinct "{compared.document}"), min({month}), max({month}) '
            f"from \"{name}\" where list_status = 'listed'",
        )
        is_named = has_notices and _notices(connection, compared.register).count > 0
        notices = all_notices if is_named else Reached()
        registers.append(RegisterState(compared.register, lists, notices))
    return State(tuple(registers), all_notices)


def fetched_text(at: datetime) -> Text:
    """A footnote on when the archive last received something new (UTC)."""
    return Text(f"抓取于 {at:%Y-%m-%d}（UTC）", f"fetched on {at:%Y-%m-%d} (UTC)")


def month_text(month: str) -> Text:
    """A month given as YYYY-MM in words: `2026 年 8 月` and `August 2026`."""
    at = date.fromisoformat(f"{month}-01")
    return Text(f"{at.year} 年 {at.month} 月", f"{_MONTH_NAMES[at.month - 1]} {at.year}")


def _notices(connection: duckdb.DuckDBPyConnection, register: str | None = None) -> Reached:
    """The cancellation notices, all or those that name rows of a register."""
    return _reached(
        connection,
        "select count(distinct notice_id), strftime(min(published_on), '%Y-%m'), "
        f"strftime(max(published_on), '%Y-%m') from {_NOTICES} "
        "where $1::varchar is null or register = $1",
        register,
    )


def _reached(connection: duckdb.DuckDBPyConnection, query: str, *arguments: str | None) -> Reached:
    ((count, first, last),) = connection.execute(query, list(arguments)).fetchall()
    return Reached(count, first, last)


def _together(parts: Sequence[Reached]) -> Reached:
    return Reached(
        sum(part.count for part in parts),
        min((part.first for part in parts if part.first), default=None),
        max((part.last for part in parts if part.last), default=None),
    )


def _text(lists: Reached, notices: Reached) -> Text:
    parts = [
        *_part(lists, Text("清单", "list")),
        *_part(notices, Text("公告", "notice")),
    ]
    if not parts:
        return Text("尚无清单", "no lists yet")
    return Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _part(reached: Reached, noun: Text) -> list[Text]:
    """Nothing without a month; a single list or notice is named by its month."""
    if reached.last is None:
        return []
    month = month_text(reached.last)
    if reached.count == 1:
        return [Text(f"{month.zh}{noun.zh}", f"{noun.en} of {month.en}")]
    return [Text(f"{noun.zh}截至 {month.zh}", f"{noun.en}s to {month.en}")]
