"""The parts of a contract: how the rows of a register's documents are validated and stored.

The checks are Pandera checks, built from `vocabulary`. Everything that differs between registers is
a field of `Contract`, so the store and the validator do not refer to any register by name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

import pandera.polars as pa
import polars as pl

from orchestration.validation.contracts.frames import (
    NO_EXCEPTIONS,
    ContractResult,
    Exceptions,
    Waived,
    as_columns,
    check_rows,
)
from orchestration.validation.quarantine import check_columns
from orchestration.validation.results import ValidationResult
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.documents.table import DocumentTable

Columns = Mapping[str, pl.DataType | type[pl.DataType]]
NO_COLUMNS: Columns = MappingProxyType({})


@dataclass(frozen=True)
class Place:
    """The names of the columns that locate a row: its document, the version, and its row number.

    `counts` is the prefix of the columns that count rows. With `is_number`, the `document` column
    is an integer, made from a document key that consists of digits. `Register.key_of_value` is the
    way back.
    """

    document: str = "document_key"
    version: str = "document_version"
    row: str = "row_no"
    counts: str = "rows"
    is_number: bool = False

    def value(self, key: str) -> str | int:
        """The value of the `document` column for a document key."""
        return int(key) if self.is_number else key

    @property
    def columns(self) -> Columns:
        """The columns of document and version with their types."""
        document = pl.Int32 if self.is_number else pl.String
        return {self.document: document, self.version: pl.String}


@dataclass(frozen=True)
class Tables:
    """The tables of a register that dbt reads, as file names without suffix.

    `versions` has one row per version of each document. `rows` combines the rows of all accepted
    versions, and `quarantine` the quarantine of all versions in use. If these two are None, dbt
    reads the files of the single versions instead.
    """

    versions: str
    rows: str | None = None
    quarantine: str | None = None

    @property
    def names(self) -> list[str]:
        return [name for name in (self.versions, self.rows, self.quarantine) if name]


@dataclass(frozen=True)
class ReviewSeed:
    """A dbt seed with row counts entered by a reviewer.

    `file` is its name, `document` and `rows` are the columns of document and count, and `where`
    gives the values that other columns must have for a row of the seed to be used.
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
    """What a contract may know of the other documents of its register (see `other_documents`)."""

    def sharing(self, keys: Collection[str], more_than: float) -> Iterable[str]: ...

    def with_content(self, content_sha256: str) -> Iterable[str]: ...

    def versions(self, folder: str) -> list[Version] | None: ...

    def in_use_at(self, folder: str, moment: datetime) -> ValidationResult | None: ...

    def keys(self, result: ValidationResult) -> frozenset[str]: ...


Misplaced = Callable[[OtherDocuments, Version, DocumentTable], str | None]
"""Returns why the rows of a document may belong to another document, or None."""


def never_misplaced(others: OtherDocuments, version: Version, table: DocumentTable) -> str | None:
    """Default for registers that do not compare documents with each other."""
    return None


def highest_position(table: DocumentTable) -> int:
    """Default for registers whose positions begin with 1 in each document."""
    return table.highest_position


def no_stated_count(facts: Facts) -> int | None:
    """Default for registers whose source does not state the number of rows."""
    return None


@dataclass(frozen=True)
class Contract:
    """The conditions for a row to be accepted, and the columns that are stored of it.

    About rows:

    - `version`: raise it when a check changes, or when documents are parsed differently. All
      documents are then validated again.
    - `module`: the path of the contract's module, for messages.
    - `checks`: the description of each check, by name.
    - `schema`: returns the Pandera schema for one document.
    - `frame`: turns a document into the frame that the schema checks.
    - `derive`: adds columns to accepted rows.
    - `row_columns`: the stored columns, after those that locate the row.
    - `identity`: the columns that identify a row in quarantine.
    - `reviewed_key`: the column of the frame by which a reviewed exception names a row.
    - `unchanged`: stored columns that are ignored when versions are compared.

    About documents:

    - `place`, `tables`, `review`: names of columns, tables and the seed of reviews.
    - `document_columns`: facts about a document in the table of versions.
    - `month_column`, `date_column`: those of its month and its date of publication, if it has them.
    - `stated_rows`: returns the number of rows that the source states, or None.
    - `numbered_rows`: returns the number of rows that the printed positions count.
    - `tolerated_gaps`: the share of positions that a first version may skip.
    - `misplaced`: returns why the rows may belong to another document, or None.
    - `tolerated_rows`: how many rows may break the contract in a document of any length.
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
    reviewed_key: str | None = None
    unchanged: Sequence[str] = ()
    place: Place = field(default_factory=Place)
    document_columns: Mapping[str, DocumentColumn] = field(default_factory=lambda: DOCUMENT_COLUMNS)
    month_column: str = "month"
    date_column: str = "published_on"
    stated_rows: Callable[[Facts], int | None] = no_stated_count
    numbered_rows: Callable[[DocumentTable], int] = highest_position
    tolerated_gaps: float = 0
    misplaced: Misplaced = never_misplaced
    tolerated_rows: int = 0
    review: ReviewSeed | None = None

    @property
    def identity_columns(self) -> list[str]:
        """The columns of accepted rows by which a reader recognises a row."""
        return [name for name in self.identity if name in self.row_columns]

    @property
    def accepted_columns(self) -> Columns:
        """The columns of accepted rows."""
        return {**self.place.columns, self.place.row: pl.Int32, **self.row_columns}

    @property
    def quarantine_columns(self) -> Columns:
        """The columns of the quarantine, which has one row per failed check."""
        return {
            **self.place.columns,
            "document_sha256": pl.String,
            self.place.row: pl.Int32,
            **check_columns(self.identity),
        }

    def apply(
        self,
        table: DocumentTable,
        version: Version,
        key: str,
        exceptions: Exceptions = NO_EXCEPTIONS,
    ) -> ContractResult:
        """Split a document into accepted rows and the failed checks of the other rows.

        `exceptions` are failed checks that a reviewer accepted.
        """
        waived = Waived(self.reviewed_key, exceptions) if self.reviewed_key else None
        schema = self.schema(version.facts)
        checked = check_rows(self.frame(table), schema, self.identity, waived)
        place = {
            self.place.document: pl.lit(self.place.value(key)),
            self.place.version: pl.lit(version.version),
            self.place.row: pl.col("row_no"),
        }
        accepted = self.derive(checked.good_rows).with_columns(**place)
        quarantine = checked.failures.with_columns(**place, document_sha256=pl.lit(version.sha256))
        return ContractResult(
            as_columns(accepted, self.accepted_columns),
            as_columns(quarantine, self.quarantine_columns),
            checked.failed_rows,
        )
