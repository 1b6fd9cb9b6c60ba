"""Notes: the cell 备注 → what it says has changed, as events.

A note is made of clauses such as 原算法名称“A”变更为“B”, 新增产品, 算法模型变更 or 已注销.

events       what a note can say
marked       the note with a normalised for reading next to it: names in quotes are tokens there
months       dates at the head of a clause and inside it
splitting    the note → clauses, each with its month, and clauses → parts
renamings, chains, products, information, additions
             the kinds of clause
reading      the whole: each clause is tried as each kind, in one order
words, nouns, names
             the vocabulary, what can change, and what is a name

A date that opens a clause holds for those after it too, one inside a clause for that clause
alone; of several months the latest counts. A clause that is none of the kinds is kept as
`unrecognised`: it is never passed over, nor taken for one that it resembles (未注销 is not a
cancellation). The time to read a note is linear in its length.
"""

from scrapers.fields.notes.events import EventKind, NoteEvent, Subject
from scrapers.fields.notes.reading import read

__all__ = ["EventKind", "NoteEvent", "Subject", "read_note"]


def read_note(text: str) -> tuple[NoteEvent, ...]:
    """The events of a note in its order; none only where it is empty."""
    return tuple(read(text))
