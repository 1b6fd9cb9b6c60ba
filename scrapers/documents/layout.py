"""How a register's tables are laid out: their columns by heading, and how a row's key is printed.

A register declares its layouts; the readers of documents take them and know no register.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# The field whose column numbers the rows, where a table has one.
POSITION = "position"


@dataclass(frozen=True)
class Column:
    """A column of a register's table.

    `heading` is as printed, and `aliases` are other wordings of it. A table may lack an `optional`
    column. `words` are what its cells hold where its vocabulary is closed.
    """

    heading: str
    aliases: tuple[str, ...] = ()
    optional: bool = False
    words: frozenset[str] = frozenset()

    @property
    def wordings(self) -> tuple[str, ...]:
        return (self.heading, *self.aliases)


@dataclass(frozen=True)
class KeyGrammar:
    """What the readers need to know of the key that identifies a row, such as its number.

    A document is read in another process, so the functions must be those of a module (pickle).
    """

    # What messages call a key.
    noun: str
    # Every whole key in a text, in one form: without what may be printed around it.
    keys_in: Callable[[str], list[str]]
    # Every whole key in a text, and every part that can only be one of a key that is cut off.
    keys_or_parts_in: Callable[[str], list[str]]
    is_key: Callable[[str], bool]
    # Whether a text is printed like a key, but may be too long or too short for one.
    is_key_of_any_length: Callable[[str], bool]
    # Whether a text is two or more keys and nothing else.
    is_several_keys: Callable[[str], bool]


@dataclass(frozen=True)
class TableLayout:
    """A kind of table: its columns by field name, in the order of the fields.

    `key` is the field that identifies a row; its heading marks the row of headings. `name` says
    which table of a document it is, where a register has several, and `noun` is what messages call
    the document. Without a `grammar` rows are not looked for outside of tables, and are not told
    apart by their keys.
    """

    columns: Mapping[str, Column] = field(hash=False)
    key: str
    name: str = ""
    noun: str = "list"
    grammar: KeyGrammar | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        """The heading of each column as it is usually printed."""
        return tuple(column.heading for column in self.columns.values())

    @property
    def key_column(self) -> Column:
        return self.columns[self.key]
