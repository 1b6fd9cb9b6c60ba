"""A clause and its context, as the clause parsers receive it."""

from dataclasses import dataclass

from scrapers.fields.notes.events import EventKind, NoteEvent, Subject
from scrapers.fields.notes.note_text import NoteText

_PRODUCT_EVENTS = frozenset({"product_renamed", "products_added", "products_removed"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, its month, and the last event before it in the note."""

    text: NoteText
    month: str | None
    last: NoteEvent | None = None

    @property
    def normalised(self) -> str:
        return self.text.normalised

    @property
    def is_after_products(self) -> bool:
        """Whether the preceding event is about products."""
        last = self.last
        return last is not None and (last.kind in _PRODUCT_EVENTS or last.subject == "product")

    def event(self, kind: EventKind, old: str | None = None, new: str | None = None) -> NoteEvent:
        return NoteEvent(kind, self.month, old or None, new or None)

    def information(
        self, subject: Subject, old: str | None = None, new: str | None = None
    ) -> NoteEvent:
        return NoteEvent("information_changed", self.month, old or None, new or None, subject)
