"""Facts about a document from the pages that announce it, as stored in the sidecar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# Field names that earlier versions of this program used.
_EARLIER_NAMES = {
    "notice_id": "key",
    "page_title": "title",
    "list_month": "month",
    "announced_on": "published_on",
}


@dataclass(frozen=True)
class Facts:
    """Facts about a document that are not in its bytes; None if unknown.

    `key` identifies the document within its register. `month` (YYYY-MM) is the month in its label.
    `kind` is the format (docx or pdf). `returns_to` is the older version that has the same content.
    For a rejected document, `problem` is the reason, and `count` the number of documents in its
    series.
    """

    key: str | None = None
    title: str | None = None
    label: str | None = None
    month: str | None = None
    published_on: date | None = None
    page_url: str | None = None
    kind: str | None = None
    returns_to: str | None = None
    problem: str | None = None
    count: int | None = None

    @classmethod
    def from_sidecar(cls, facts: Mapping[str, Any]) -> "Facts":
        """Facts from a sidecar, including one with earlier field names.

        Raises ValueError or TypeError for invalid facts.
        """
        named = {_EARLIER_NAMES.get(name, name): value for name, value in facts.items()}
        if published_on := named.get("published_on"):
            named["published_on"] = date.fromisoformat(published_on)
        if count := named.get("count"):
            named["count"] = int(count)
        return cls(**named)

    def to_sidecar(self) -> dict[str, str]:
        """The known facts as strings."""
        return {name: str(value) for name, value in vars(self).items() if value is not None}


NO_FACTS = Facts()
