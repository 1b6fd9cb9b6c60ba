"""Which layout a table has, if its headings fit more than one.

A list of several tables may print all of them under the headings of the first. A decision is made
where a table, a page, or a heading row begins, by the first of these rules that applies:

1. The headings fit one layout. A table without headings has those of the table above.
2. The nearest title above the table names one of the layouts that fit. A title that names none of
   them contradicts the headings, and is an error.
3. The position of the first row follows the last one of a layout: the table of that layout goes on.
   Without a printed position, a part without headings goes on as well. (The .pdf reader removes
   headings that are repeated on a page whose rows have no positions.)
4. It is the next table: the first layout, in the order of declaration, that no table has had yet.
   Without headings or a title, it is one declared after the current layout. It is not the next
   table if the position follows the last one of a layout after a gap, because the same table may
   go on there, with rows missing.

Anything else is an error. A key never decides, so its form remains an independent check.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scrapers.documents.cells import CellRow
from scrapers.documents.headings import HeadedColumns, Headings
from scrapers.documents.layout import POSITION_DIGITS, TableLayout
from scrapers.documents.titles import layouts_named_in
from scrapers.errors import TableError, shortened
from scrapers.fields.text_keys import matching_key

# Positions that the source left out: 263 of the registered applications was never printed.
MAX_SKIPPED = 3
# Up to this far above a table, a position is not clearly that of another. It is more than the rows
# of two pages. In published lists, the next table begins at least 187 below the one before.
MAX_UNCLEAR_GAP = 100


@dataclass
class _Printed:
    """The positions printed in the tables of a layout. `latest` is the one printed last."""

    positions: set[int] = field(default_factory=set)
    first: int = 0
    highest: int = 0
    latest: int = 0

    def add(self, position: int) -> None:
        self.first = min(self.first, position) if self.positions else position
        self.highest = max(self.highest, position) if self.positions else position
        self.latest = position
        self.positions.add(position)

    def is_followed_by(self, position: int) -> bool:
        is_next = self.highest < position <= self.highest + 1 + MAX_SKIPPED
        # A few positions are printed out of order, or twice in a row.
        is_missing = self.first < position < self.highest and position not in self.positions
        return is_next or is_missing or position == self.latest

    def may_be_followed_by(self, position: int) -> bool:
        return self.highest < position <= self.highest + MAX_UNCLEAR_GAP


class LayoutChoice:
    """Follows the headings, titles and positions of a document, and chooses layouts."""

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._fitting: tuple[HeadedColumns, ...] = ()
        self._current: TableLayout | None = None
        self._titles: list[str] = []
        self._printed: dict[TableLayout, _Printed] = {}
        self._is_undecided = self._is_headed = False

    @property
    def columns(self) -> HeadedColumns | None:
        """The columns by the headings above, in one of the layouts that they fit."""
        return next(iter(self._fitting), None)

    def begin_table(self) -> None:
        """A table or a page begins."""
        self._is_undecided = True

    def read_headings(self, row: CellRow) -> None:
        """A heading row. Raises TableError if it fits no layout."""
        self._fitting = self._headings.read(row)
        self._is_undecided = self._is_headed = True

    def read_title(self, text: str) -> None:
        """A title, above the headings or below them."""
        self._titles.append(text)
        self._is_undecided = True

    def measure(self, ends: tuple[int, ...]) -> None:
        """The right edges of the columns of a table without headings."""
        self._fitting = tuple(replace(columns, ends=ends) for columns in self._fitting)

    def choose(self, texts: Sequence[str]) -> HeadedColumns:
        """The columns of a row with these texts. Raises TableError if the layout is not clear."""
        position = self._position_in(texts)
        if self._is_undecided or self._current is None:
            self._current = self._decided(position)
            self._titles = []
            self._is_undecided = self._is_headed = False
        printed = self._printed.setdefault(self._current, _Printed())
        if position is not None:
            printed.add(position)
        return next(columns for columns in self._fitting if columns.layout == self._current)

    def _position_in(self, texts: Sequence[str]) -> int | None:
        columns = self._fitting[0]
        text = matching_key(columns.position_in(texts))
        return int(text) if text.isdecimal() and len(text) <= POSITION_DIGITS else None

    def _decided(self, position: int | None) -> TableLayout:
        candidates = self._candidates()
        if len(candidates) == 1:
            return candidates[0]
        # The current table first, because a table may go on where others could.
        in_order = sorted(candidates, key=lambda layout: layout != self._current)
        for layout in in_order:
            if self._follows(layout, position):
                return layout
        for layout in in_order:
            if self._may_follow(layout, position):
                raise self._unclear(candidates, position, after=layout)
        unused = [layout for layout in candidates if layout not in self._printed]
        if not self._is_headed and not self._titles and self._current:
            place = self._headings.layouts.index
            unused = [layout for layout in unused if place(layout) > place(self._current)]
        if not unused:
            raise self._unclear(candidates, position)
        return unused[0]

    def _candidates(self) -> list[TableLayout]:
        """The layouts that the headings fit, and the nearest title names, if it names any."""
        fitting = [columns.layout for columns in self._fitting]
        named = [layouts_named_in(title, self._headings) for title in self._titles]
        nearest = next(filter(None, reversed(named)), None)
        if nearest is None:
            return fitting
        found = [layout for layout in fitting if layout in nearest]
        if not found:
            shown = next(title for title in reversed(self._titles) if title)
            raise TableError(
                f"the title {shortened(shown)!r} names the table {_names(nearest)}, but the "
                f"headings below it are those of {_names(fitting)}",
                remedy="Check the document, and the titles and columns in scrapers/registers",
            )
        return found

    def _follows(self, layout: TableLayout, position: int | None) -> bool:
        printed = self._printed.get(layout)
        if printed is None:
            return False
        if position is None or not printed.positions:
            return layout == self._current and not self._is_headed
        return printed.is_followed_by(position)

    def _may_follow(self, layout: TableLayout, position: int | None) -> bool:
        printed = self._printed.get(layout)
        if printed is None or position is None or not printed.positions:
            return False
        return printed.may_be_followed_by(position)

    def _unclear(
        self,
        candidates: Sequence[TableLayout],
        position: int | None,
        after: TableLayout | None = None,
    ) -> TableError:
        where = "without positions" if position is None else f"that begins with no. {position}"
        found = "continues no table"
        if after:
            found = f"leaves a gap after no. {self._printed[after].highest} of {after.name}"
        return TableError(
            f"a part {where} {found}, and may be of {_names(candidates)}",
            remedy="Check the document: a title above each table (已备案, 已登记) makes it clear",
        )


def _names(layouts: Sequence[TableLayout]) -> str:
    return " or ".join(layout.name for layout in layouts)
