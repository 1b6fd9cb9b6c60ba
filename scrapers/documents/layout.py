"""The layout of a register's tables: columns by heading, and how the key of a row is printed.

A register declares its layouts and passes them to the readers, which depend on no register.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# The field of the column that numbers the rows, if a table has one.
POSITION = "position"
# Printed positions have at most this many digits.
POSITION_DIGITS = 6


@dataclass(frozen=True)
class Column:
    """A column of a register's table.

    `heading` is the printed heading, and `aliases` are other wordings of it. A table may lack an
    `optional` column. `words` are the values of its cells if its vocabulary is closed. If it is not
    `spaced`, white space in its cells has no meaning and is removed: a number wraps anywhere.
    """

    heading: str
    aliases: tuple[str, ...] = ()
    optional: bool = False
    words: frozenset[str] = frozenset()
    spaced: bool = True

    @property
    def wordings(self) -> tuple[str, ...]:
        return (self.heading, *self.aliases)


@dataclass(frozen=True)
class KeyGrammar:
    """How to recognise the key that identifies a row, such as a filing number.

    Documents are read in another process, so the functions must be at module level (for pickle).
    """

    # The word for a key in messages.
    noun: str
    # Every complete key in a text, in one form, without what is printed around it.
    keys_in: Callable[[str], list[str]]
    # Every complete key in a text, and every part that can only belong to a key that is cut off.
    keys_or_parts_in: Callable[[str], list[str]]
    is_key: Callable[[str], bool]
    # Whether a text is printed like a key, although it may be too long or too short.
    is_key_of_any_length: Callable[[str], bool]
    # Whether a text consists of two or more keys.
    is_several_keys: Callable[[str], bool]


@dataclass(frozen=True)
class TableLayout:
    """A kind of table: its columns by field name, in the order of the fields.

    `key` is the field that identifies a row; its heading identifies the heading row. `name`
    distinguishes the tables of a register that has several, and `noun` is the word for the document
    in messages. `title` is a regular expression that a title above such a table matches; it is used
    where a register has several layouts (see `layout_choice`). Without a `grammar`, the readers do
    not look for rows outside tables, and do not separate rows by their keys.
    """

    columns: Mapping[str, Column] = field(hash=False)
    key: str
    name: str = ""
    noun: str = "list"
    grammar: KeyGrammar | None = None
    title: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        """The heading of each column, without its aliases."""
        return tuple(column.heading for column in self.columns.values())

    @property
    def key_column(self) -> Column:
        return self.columns[self.key]
