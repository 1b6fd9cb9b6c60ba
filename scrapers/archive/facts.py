"""What was learned about a document on the way to it, as its sidecar keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# Fields that earlier versions of this program named by the kind of document.
_EARLIER_NAMES = {
    "notice_id": "key",
    "page_title": "title",
    "list_month": "month",
    "announced_on": "published_on",
}


@dataclass(frozen=True)
class Facts:
    """Facts about a document that its bytes do not hold; None where unknown.

    `key` names the document within its register. `month` (YYYY-MM) is the month that its label
    names, `kind` the format (docx, pdf), `returns_to` the older version whose content it has. For
    rejected bytes, `problem` says why, and `count` how many documents of the series there were.
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
        """Facts in a sidecar, also of earlier versions. Raises ValueError, TypeError."""
        named = {_EARLIER_NAMES.get(name, name): value for name, value in facts.items()}
        if published_on := named.get("published_on"):
            named["published_on"] = date.fromisoformat(published_on)
        if count := named.get("count"):
            named["count"] = int(count)
        return cls(**named)

    def to_sidecar(self) -> dict[str, str]:
        """The facts that are known, as text."""
        return {name: str(value) for name, value in vars(self).items() if value is not None}


NO_FACTS = Facts()
