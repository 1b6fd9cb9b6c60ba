"""The events that a note can state."""

from dataclasses import dataclass
from typing import Literal

from scrapers.fields.text_keys import matching_key

EventKind = Literal[
    "algorithm_renamed",
    "entity_renamed",
    "product_renamed",
    "products_added",
    "products_removed",
    "information_changed",
    "cancelled",
    "unrecognised",
]
Subject = Literal["purpose", "model", "modality", "product", "person", "other"]


@dataclass(frozen=True)
class NoteEvent:
    """One statement of a note.

    `month` is YYYY-MM, or None if the note gives none; the latest of several. The values are as
    printed, or None if the note gives none:

    - renaming: the names before and after, without their quotes
    - products added: `new_value` lists the names; products removed: `old_value` does
    - information changed: the values before and after, if given; otherwise `new_value` is the
      clause, if it states more than `subject`
    - unrecognised: `new_value` is the clause

    `subject` is what changed, and is set only for changes of information. The keys are the
    matching keys of the values.
    """

    kind: EventKind
    month: str | None
    old_value: str | None = None
    new_value: str | None = None
    subject: Subject | None = None

    @property
    def old_key(self) -> str | None:
        return None if self.old_value is None else matching_key(self.old_value)

    @property
    def new_key(self) -> str | None:
        return None if self.new_value is None else matching_key(self.new_value)
