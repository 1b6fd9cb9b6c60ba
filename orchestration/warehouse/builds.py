"""The result of a build of the warehouse."""

import hashlib
from dataclasses import dataclass
from typing import Any

from orchestration.warehouse.tables import TableFacts


@dataclass(frozen=True)
class Build:
    """A build: dbt's result events, messages of failures and warnings, and the resulting tables."""

    events: list[dict[str, Any]]
    failures: list[str]
    warnings: list[str]
    tables: dict[str, TableFacts]

    @property
    def content_hash(self) -> str:
        """One hash over the contents of all tables."""
        contents = sorted((name, facts.content_hash) for name, facts in self.tables.items())
        return hashlib.sha256(repr(contents).encode()).hexdigest()
