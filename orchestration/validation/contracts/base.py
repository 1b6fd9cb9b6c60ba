"""What a contract says: how the rows of a register's documents are validated and stored.

The checks are Pandera's, from the small vocabulary in `vocabulary`. Everything that differs
between registers is data here, so the store and the validator know none of them by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.frames import (
    Contracted,
    as_columns,
    check_rows,
)
from orchestration.validation.quarantine import case_columns
from orchestration.validation.results import ValidationResult
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.documents.table import DocumentTable

Columns = Mapping[str, pl.DataType | type[pl.DataType]]
NO_COLUMNS: Columns = MappingProxyType({})


@dataclass(frozen=True)
class Place:
    """The columns that say where a row is: its document, the document's version, its number.

    `counts` begins the names of the columns that count rows. A number as `document` column is the
    document's key, which is then digits.
    """

    document: str = "document_key"
    version: str = "document_version"
    row: str = "row_no"
    counts: str = "rows"
    is_number: bool = False

    def value(self, key: str) -> str | int:
        """The key of a document as the column holds it."""
        return int(key) if self.is_number else key

    def key(self, value: str | int) -> str:
        """The key of the document that the column names."""
        return f"{int(value):03d}" if self.is_number else str(value)

    @property
    def columns(self) -> Columns:
        document = pl.Int32 if self.is_number else pl.String
        return {self.document: document, self.version: pl.String}


@dataclass(frozen=True)
class Tables:
    """The tables of the whole store, as file names without suffix.

    `versions` has every version of every document. `rows` and `quarantine` join the rows of all
    accepted and the quarantine of all current versions; without them dbt reads the versions' files.
    """

    versions: str
    rows: str | None = None
    quarantine: str | None = None

    @property
    def names(self) -> list[str]:
        return [name for name in (self.versions, self.rows, self.quarantine) if name]


@dataclass(frozen=True)
class ReviewSeed:
    """A dbt seed in which a person has counted rows: its file, the columns of document and count,
    and the values that other columns must have for a row to be used.
    """

    file: str
    document: str
    rows: str
    where: Mapping[str, str] = field(default_factory=dict)


DocumentColumn = tuple[pl.DataType | type[pl.DataType], Callable[[Version], object]]

DOCUMENT_COLUMNS: Mapping[str, DocumentColumn] = MappingProxyType(
    {
        "title": (pl.String, lambda version: version.facts.title),
        "label": (pl.String, lambda version: version.facts.label),
        "month": (pl.String, lambda version: version.facts.month),
        "published_on": (pl.Date, lambda version: version.facts.published_on),
        "page_url": (pl.String, lambda version: version.facts.page_url),
        "source_url": (pl.String, lambda version: version.url),
    }
)


class OtherDocuments(Protocol):
    """What a contract may ask about the other documents of its register."""

    def folders(self) -> list[str]: ...

    def versions(self, folder: str) -> list[Version] | None: ...

    def in_use_at(self, folder: str, moment: datetime) -> ValidationResult | None: ...

    def rows(self, result: ValidationResult) -> pl.DataFrame: ...


def not_misplaced(others: OtherDocuments, version: Version, table: DocumentTable) -> str | None:
    return None


def not_stated(facts: Facts) -> int | None:
    return None


@dataclass(frozen=True)
class Contract:
    """What a row must be to be accepted, and what is stored of it.

    `version` counts the contract: raise it when a check changes, or the reading of documents does,
    and all versions are validated again. `module` is the file that messages name. `schema` gives
    the Pandera schema of one document, `frame` the columns that it checks, and `derive` what is
    added to accepted rows. `row_columns` are stored after the place of a row, `unchanged` are those
    of them that do not count as a change of the row. `identity` identifies a row in quarantine.

    `document_columns` are facts about a document in the table of versions. `stated_rows` is how
    many rows the source says there are, `misplaced` why a document may not be that of its folder,
    and `spared_rows` how many rows may break the contract in a document of any length.
    """

    version: str
    module: str
    checks: Mapping[str, str]
    schema: Callable[[Facts], pa.DataFrameSchema]
    frame: Callable[[DocumentTable], pl.DataFrame]
    row_columns: Columns
    tables: Tables
    derive: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows
    identity: Sequence[str] = ()
    unchanged: Sequence[str] = ()
    place: Place = field(default_factory=Place)
    document_columns: Mapping[str, DocumentColumn] = field(default_factory=lambda: DOCUMENT_COLUMNS)
    stated_rows: Callable[[Facts], int | None] = not_stated
    misplaced: Callable[[OtherDocuments, Version, DocumentTable], str | None] = not_misplaced
    spared_rows: int = 0
    review: ReviewSeed | None = None

    @property
    def identity_columns(self) -> list[str]:
        """The columns of accepted rows that identify a row to a reader."""
        return [name for name in self.identity if name in self.row_columns]

    @property
    def accepted_columns(self) -> Columns:
        """The columns of accepted rows."""
        return {**self.place.columns, self.place.row: pl.Int32, **self.row_columns}

    @property
    def quarantine_columns(self) -> Columns:
        """The columns of the quarantine: one row per failed check of a row."""
        return {
            **self.place.columns,
            "document_sha256": pl.String,
            self.place.row: pl.Int32,
            **case_columns(self.identity),
        }

    def apply(self, table: DocumentTable, version: Version, key: str) -> Contracted:
        """Split a document into accepted rows and the failed checks of the others."""
        checked = check_rows(self.frame(table), self.schema(version.facts), self.identity)
        place = {
            self.place.document: pl.lit(self.place.value(key)),
            self.place.version: pl.lit(version.version),
            self.place.row: pl.col("row_no"),
        }
        accepted = self.derive(checked.good_rows).with_columns(**place)
        quarantine = checked.failures.with_columns(**place, document_sha256=pl.lit(version.sha256))
        return Contracted(
            as_columns(accepted, self.accepted_columns),
            as_columns(quarantine, self.quarantine_columns),
            checked.failed_rows,
        )
