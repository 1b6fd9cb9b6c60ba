"""What a note can say: the events, and what a change of information is about."""

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
    """One thing that a note says.

    `month` is YYYY-MM, None where the note gives none; of several months the latest. Values are
    as printed, None where the note gives none:

    - of a renaming the names before and after, without their quotes
    - of added products `new_value` is the list of names, of removed ones `old_value`
    - of changed information the values before and after, where the note has them; else
      `new_value` is the clause where it says more than `subject` does
    - of an unrecognised clause `new_value` is the clause

    `subject` says what information has changed, and is None for every other kind. The keys are
    the values in their normalised for matching.
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
