"""Expected events of notes."""

from scrapers.fields.notes import NoteEvent


def event(kind: str, old: str | None = None, new: str | None = None) -> NoteEvent:
    return NoteEvent(kind, None, old, new)


def algorithm(old: str | None = None, new: str | None = None) -> NoteEvent:
    return event("algorithm_renamed", old, new)


def entity(old: str | None = None, new: str | None = None) -> NoteEvent:
    return event("entity_renamed", old, new)


def product(old: str | None = None, new: str | None = None) -> NoteEvent:
    return event("product_renamed", old, new)


def added(names: str | None = None) -> NoteEvent:
    return event("products_added", None, names)


def removed(names: str | None = None) -> NoteEvent:
    return event("products_removed", names)


def changed(subject: str, old: str | None = None, new: str | None = None) -> NoteEvent:
    return NoteEvent("information_changed", None, old, new, subject)


def dated(month: str, event: NoteEvent) -> NoteEvent:
    return NoteEvent(event.kind, month, event.old_value, event.new_value, event.subject)


CANCELLED = event("cancelled")
MODEL, PURPOSE, PERSON = changed("model"), changed("purpose"), changed("person")
MODALITY, PRODUCT = changed("modality"), changed("product")
RENAMED = entity("甲公司", "乙公司")


def each_line(texts: str) -> list[str]:
    """The notes of a block, one per line. A literal \\n is a line break in the cell."""
    return [text.replace("\\n", "\n") for text in texts.strip().splitlines()]
