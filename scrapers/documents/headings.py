"""The heading row of a table: how it is recognised, and which declared layout it matches.

Strict on purpose: an unknown, duplicate or missing heading is an error that names it.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from scrapers.documents.cells import CellRow, are_same_edge, shown_names, shown_row
from scrapers.documents.layout import POSITION, KeyGrammar, TableLayout
from scrapers.errors import TableError
from scrapers.fields.text_keys import RADICALS, matching_key

_UPDATE_COLUMNS = (
    "If the source has changed its layout, update the register's columns in scrapers/registers"
)
# Unicode ranges with other forms of Chinese characters: radicals, enclosed and compatibility forms.
_OTHER_FORMS = (
    (0x2E80, 0x303F),
    (0x3190, 0x33FF),
    (0xF900, 0xFAFF),
    (0x1F200, 0x1F2FF),
    (0x2F800, 0x2FA1F),
)
_IDEOGRAPHS = ("\u4e00", "\u9fff")


@dataclass(frozen=True)
class HeadedColumns:
    """The columns of a table, from its heading row: the layout, and the right edge of each column.

    `places` maps each field to the index of its column; fields without a column are left out.
    `unnamed` are the indexes of columns without a heading, whose cells must be empty.
    """

    layout: TableLayout
    places: Mapping[str, int]
    ends: tuple[int, ...]
    unnamed: tuple[int, ...] = ()

    def position_in(self, texts: Sequence[str]) -> str:
        """The position of a row with a text per column; empty if the table has no such column."""
        place = self.places.get(POSITION)
        return "" if place is None else texts[place]


class Headings:
    """The headings that the tables of a document may have: those of all its layouts."""

    def __init__(self, layouts: Sequence[TableLayout]) -> None:
        self.layouts = tuple(layouts)
        keys = (layout.key_column.wordings for layout in self.layouts)
        names = dict.fromkeys(map(matching_key, chain.from_iterable(keys)))
        self._markers = [(_marker_of(name), name) for name in names]

    @cached_property
    def grammars(self) -> list[KeyGrammar]:
        """The key grammars of the layouts, without duplicates."""
        found = (layout.grammar for layout in self.layouts)
        return list(dict.fromkeys(grammar for grammar in found if grammar))

    @property
    def are_several(self) -> bool:
        """Whether tables have different layouts, so that their titles matter."""
        return len(self.layouts) > 1

    @property
    def noun(self) -> str:
        """The word for the document in messages."""
        nouns = {layout.noun for layout in self.layouts}
        return nouns.pop() if len(nouns) == 1 else "document"

    @property
    def key_headings(self) -> str:
        """The headings of the keys, for a message. Every table must have one of them."""
        names = dict.fromkeys(layout.key_column.heading for layout in self.layouts)
        return " or ".join(names)

    @property
    def shown(self) -> str:
        """All headings of each layout, for a message."""
        return " or ".join("、".join(layout.headings) for layout in self.layouts)

    def is_heading_row(self, row: CellRow) -> bool:
        """Whether a row is a heading row, which has the heading of a key."""
        # Normalising every text of a long list would take longer than the rest of the reading. Few
        # texts contain the marker of a heading.
        for marker, name in self._markers:
            for text in row.texts:
                if marker in text and matching_key(text) == name:
                    return True
        return False

    def read(self, row: CellRow) -> tuple[HeadedColumns, ...]:
        """The columns that a heading row defines, by each layout that it fits.

        Raises TableError if it fits no layout.
        """
        columns = _headed_columns(row)
        names = [name for name, _ in columns]
        fitting = [layout for layout in self.layouts if not _problem(names, layout)]
        if not fitting:
            raise self._mismatch(row, names)
        ends = tuple(end for _, end in columns)
        unnamed = tuple(place for place, name in enumerate(names) if not name)
        return tuple(
            HeadedColumns(layout, columns_by_field(names, layout), ends, unnamed)
            for layout in fitting
        )

    def likely_layout(self, row: CellRow) -> TableLayout:
        """The layout that a heading row matches, or else the first layout whose key it has."""
        names = [matching_key(text) for text in row.texts]
        with_key = [
            layout for layout in self.layouts if layout.key in columns_by_field(names, layout)
        ]
        fitting = (layout for layout in with_key if not _problem(names, layout))
        return next(fitting, with_key[0])

    def _mismatch(self, row: CellRow, names: Sequence[str]) -> TableError:
        if len(self.layouts) == 1:
            problem = _problem(names, self.layouts[0])
            return TableError(f"{problem} in {_shown(row)}", remedy=_UPDATE_COLUMNS)
        columns = chain.from_iterable(layout.columns.values() for layout in self.layouts)
        known = {matching_key(wording) for column in columns for wording in column.wordings}
        unknown = [name for name in names if name and name not in known]
        which = f", unknown heading {shown_names(unknown)}" if unknown else ""
        return TableError(
            f"headings that match no table: {_shown(row)}{which}. Expected {self.shown}",
            remedy=_UPDATE_COLUMNS,
        )


def columns_by_field(names: Sequence[str], layout: TableLayout) -> dict[str, int]:
    """The index of the column of each field; fields without a column are left out."""
    places: dict[str, int] = {}
    for field, column in layout.columns.items():
        wordings = set(map(matching_key, column.wordings))
        found = next((place for place, name in enumerate(names) if name in wordings), None)
        if found is not None:
            places[field] = found
    return places


def _problem(names: Sequence[str], layout: TableLayout) -> str:
    """Why a heading row does not match a layout; empty if it does."""
    headings = {
        matching_key(wording): column.heading
        for column in layout.columns.values()
        for wording in column.wordings
    }
    times = Counter(headings[name] for name in names if name in headings)
    unknown = [name for name in names if name and name not in headings]
    duplicate = sorted(heading for heading in layout.headings if times[heading] > 1)
    missing = [
        column.heading
        for column in layout.columns.values()
        if not times[column.heading] and not column.optional
    ]
    for problem, which in (("unknown", unknown), ("duplicate", duplicate), ("missing", missing)):
        if which:
            return f"{problem} heading {shown_names(which)}"
    return ""


def _headed_columns(row: CellRow) -> list[tuple[str, int]]:
    """Each heading and the right edge of its column, which includes any empty sliver after it."""
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


def _shown(row: CellRow) -> str:
    return shown_row(row.texts)


def _marker_of(heading: str) -> str:
    """A character that every text equal to a heading contains, for a quick test.

    It is taken from the middle, because other words often share the first or last character. Empty,
    which every text contains, if each character may also be printed in another form.
    """
    first, last = _IDEOGRAPHS
    unique = [sign for sign in heading if first <= sign <= last and sign not in _with_other_forms()]
    return unique[len(unique) // 2] if unique else ""


@cache
def _with_other_forms() -> frozenset[str]:
    """The Chinese characters that `matching_key` also produces from other characters."""
    forms = (chr(code) for first, last in _OTHER_FORMS for code in range(first, last + 1))
    made = (unicodedata.normalize("NFKC", form) for form in forms)
    return frozenset(chain(*RADICALS.values(), *made))
