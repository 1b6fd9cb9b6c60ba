"""What a build of the warehouse did."""

import hashlib
from dataclasses import dataclass
from typing import Any

from orchestration.warehouse.tables import TableFacts


@dataclass(frozen=True)
class Build:
    """What a build did: dbt's structured result events; what failed and what only warned, in words;
    and the tables that are in the warehouse now.
    """

    events: list[dict[str, Any]]
    failures: list[str]
    warnings: list[str]
    tables: dict[str, TableFacts]

    @property
    def content_hash(self) -> str:
        """One hash over the content of all tables."""
        contents = sorted((name, facts.content_hash) for name, facts in self.tables.items())
        return hashlib.sha256(repr(contents).encode()).hexdigest()
