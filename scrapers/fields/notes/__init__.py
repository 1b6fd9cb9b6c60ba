"""Parses the cell 备注 into events.

A note consists of clauses such as 原算法名称“A”变更为“B”, 新增产品, 算法模型变更 or 已注销.

events       the events that a note can state
note_text    a note with its normalised text, in which quoted names are tokens
months       dates at the start of a clause and inside it
splitting    note → clauses, each with its month; clause → parts
renamings, chains, products, information, free_form
             one parser per kind of clause
reading      the whole note: tries each parser on each clause, in a fixed order
vocabulary, nouns, names
             words, things that can change, and how names are recognised

A date at the start of a clause also applies to the following clauses; a date inside a clause
applies only to that clause. The latest of several months counts. A clause of no known kind becomes
an `unrecognised` event. It is never skipped, nor treated as a similar one: 未注销 is not a
cancellation. Parsing time is linear in the length of the note.
"""

from scrapers.fields.notes.events import EventKind, NoteEvent, Subject
from scrapers.fields.notes.reading import read

__all__ = ["EventKind", "NoteEvent", "Subject", "read_note"]


def read_note(text: str) -> tuple[NoteEvent, ...]:
    """Return the events of a note in order. Only a blank note has none."""
    return tuple(read(text))
