"""How releases compare the rows of a mart, as its meta `changes` in dbt declares it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.runtime.counts import counted
from orchestration.warehouse.project import DbtError


@dataclass(frozen=True)
class Noun:
    """A noun in the singular and in the plural."""

    one: str
    many: str

    def counted(self, count: int) -> str:
        """A count with its noun, such as `1,234 filings`."""
        return counted(count, self.one, self.many)


@dataclass(frozen=True)
class Compared:
    """The mart of a register: its columns by their meaning, and the nouns for its rows and lists.

    `rows` and `documents` are those nouns. `key` identifies a row. `document` is the column that
    names the list of a row, and `document_format` turns its value into the `document_key` of the
    other marts. A difference in a `printed` or a `status` column is a change. `place` has the
    columns about where a row was found, which are not compared. All other columns are derived.
    `feed_month` is the column with the month of a list, for registers whose lists have entries in
    the feed. Registers are sorted by `order`.
    """

    register: str
    order: int
    rows: Noun
    documents: Noun
    key: str
    name: str
    document: str
    document_format: str
    printed: tuple[str, ...]
    status: tuple[str, ...]
    place: tuple[str, ...]
    feed_month: str | None = None

    @property
    def has_batches(self) -> bool:
        """Whether the lists of the register are the numbered batches."""
        return self.document == "batch_no"

    def document_key(self, document: object) -> str:
        """The `document_key` of a list, from its value in the column `document`."""
        return self.document_format.format(document)


def read_compared(mart: str, meta: Mapping[str, Any]) -> Compared:
    """Read the meta `changes` of a mart. Raises DbtError if the meta is incomplete."""
    try:
        return Compared(
            register=meta["register"],
            order=meta["order"],
            rows=Noun(*meta["rows"]),
            documents=Noun(*meta["documents"]),
            key=meta["key"],
            name=meta["name"],
            document=meta["document"],
            document_format=meta.get("document_format", "{}"),
            printed=tuple(meta["printed"]),
            status=tuple(meta["status"]),
            place=tuple(meta["place"]),
            feed_month=meta.get("feed_month"),
        )
    except (KeyError, TypeError) as error:
        raise DbtError(
            f"the meta `changes` of the mart {mart} is incomplete: {error}",
            remedy=f"Complete it in dbt_project/models/marts/{mart}.yml; see filings.yml there",
        ) from error
