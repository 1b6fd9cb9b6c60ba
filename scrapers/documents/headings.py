"""The row of headings of a table: what marks it, and which declared layout it has.

Strict on purpose: an unknown, doubled or missing heading stops the reading and names itself.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from scrapers.documents.cells import CellRow, are_same_edge, shown_names, shown_row
from scrapers.documents.layout import KeyGrammar, TableLayout
from scrapers.errors import TableError
from scrapers.fields.text_keys import RADICALS, matching_key

_FOLLOW = (
    "If the source has changed its layout, the register's columns in scrapers/registers must follow"
)
# Where Unicode has other forms of Chinese characters: radicals, enclosed and compatibility ones.
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
    """The headings of a table: its layout, which column holds each field, and where columns end.

    `places` lacks the fields of which the table has no column. `unnamed` are columns without a
    heading, in which no row may have a text.
    """

    layout: TableLayout
    places: Mapping[str, int]
    ends: tuple[int, ...]
    unnamed: tuple[int, ...] = ()


class Headings:
    """The headings that the tables of a document may have: those of each of its layouts."""

    def __init__(self, layouts: Sequence[TableLayout]) -> None:
        self.layouts = tuple(layouts)
        keys = (layout.key_column.wordings for layout in self.layouts)
        names = dict.fromkeys(map(matching_key, chain.from_iterable(keys)))
        self._signs = [(_sign_of(name), name) for name in names]

    @cached_property
    def grammars(self) -> list[KeyGrammar]:
        """How keys look in the layouts, each grammar once."""
        found = (layout.grammar for layout in self.layouts)
        return list(dict.fromkeys(grammar for grammar in found if grammar))

    @property
    def noun(self) -> str:
        """What messages call the document."""
        nouns = {layout.noun for layout in self.layouts}
        return nouns.pop() if len(nouns) == 1 else "document"

    @property
    def key_headings(self) -> str:
        """The headings one of which a table must have, for a message."""
        names = dict.fromkeys(layout.key_column.heading for layout in self.layouts)
        return " or ".join(names)

    @property
    def shown(self) -> str:
        """All headings of each layout, for a message."""
        return " or ".join("、".join(layout.headings) for layout in self.layouts)

    def are_in(self, row: CellRow) -> bool:
        """Whether a row is one of headings."""
        # Squeezing each text of a long list would cost more than all the rest of the reading; few
        # texts hold the sign of a heading.
        for sign, name in self._signs:
            for text in row.texts:
                if sign in text and matching_key(text) == name:
                    return True
        return False

    def read(self, row: CellRow) -> HeadedColumns:
        """The columns that a row of headings has.

        Raises TableError where it has those of no layout, or not of one only.
        """
        columns = _headed_columns(row)
        names = [name for name, _ in columns]
        fitting = [layout for layout in self.layouts if not _problem(names, layout)]
        if len(fitting) != 1:
            raise self._not_one(row, names, fitting)
        (layout,) = fitting
        return HeadedColumns(
            layout,
            places_of(names, layout),
            tuple(end for _, end in columns),
            tuple(place for place, name in enumerate(names) if not name),
        )

    def likely_layout(self, row: CellRow) -> TableLayout:
        """The layout that a row of headings fits, or else the first one with its key."""
        names = [matching_key(text) for text in row.texts]
        with_key = [layout for layout in self.layouts if layout.key in places_of(names, layout)]
        fitting = (layout for layout in with_key if not _problem(names, layout))
        return next(fitting, with_key[0])

    def _not_one(
        self, row: CellRow, names: Sequence[str], fitting: Sequence[TableLayout]
    ) -> TableError:
        if len(self.layouts) == 1:
            problem = _problem(names, self.layouts[0])
            return TableError(f"{problem} in {_shown(row)}", remedy=_FOLLOW)
        if fitting:
            which = " and ".join(layout.name for layout in fitting)
            return TableError(
                f"headings of several tables, {which}: {_shown(row)}",
                remedy="The register's columns in scrapers/registers must tell them apart",
            )
        return TableError(
            f"headings that are those of no table: {_shown(row)}. A table has {self.shown}",
            remedy=_FOLLOW,
        )


def places_of(names: Sequence[str], layout: TableLayout) -> dict[str, int]:
    """The number of the column that holds each field; fields without a column are left out."""
    places: dict[str, int] = {}
    for field, column in layout.columns.items():
        wordings = set(map(matching_key, column.wordings))
        found = next((place for place, name in enumerate(names) if name in wordings), None)
        if found is not None:
            places[field] = found
    return places


def _problem(names: Sequence[str], layout: TableLayout) -> str:
    """What a row of headings has too many, twice or too few; empty where it has the layout's."""
    headings = {
        matching_key(wording): column.heading
        for column in layout.columns.values()
        for wording in column.wordings
    }
    times = Counter(headings[name] for name in names if name in headings)
    unknown = [name for name in names if name and name not in headings]
    doubled = sorted(heading for heading in layout.headings if times[heading] > 1)
    missing = [
        column.heading
        for column in layout.columns.values()
        if not times[column.heading] and not column.optional
    ]
    for problem, which in (("unknown", unknown), ("doubled", doubled), ("missing", missing)):
        if which:
            return f"{problem} heading {shown_names(which)}"
    return ""


def _headed_columns(row: CellRow) -> list[tuple[str, int]]:
    """Each heading and where its column ends; an empty sliver belongs to the column before it."""
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


def _sign_of(heading: str) -> str:
    """A character that every text has that is this heading, from the middle of it.

    The first and last ones are often those of other words too. Empty, which every text has, where
    each character may also be printed in another form.
    """
    first, last = _IDEOGRAPHS
    signs = [sign for sign in heading if first <= sign <= last and sign not in _with_other_forms()]
    return signs[len(signs) // 2] if signs else ""


@cache
def _with_other_forms() -> frozenset[str]:
    """The Chinese characters that `matching_key` also makes of other characters."""
    forms = (chr(code) for first, last in _OTHER_FORMS for code in range(first, last + 1))
    made = (unicodedata.normalize("NFKC", form) for form in forms)
    return frozenset(chain(*RADICALS.values(), *made))
