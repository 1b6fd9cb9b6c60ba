"""Builds lists and the stores for them: rows → a .docx in an archive → validation results.

stores = Stores(tmp_path)
stores.archive_list(2, [make_filing_row(1), make_filing_row(2)])
state = stores.validate("002")
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from orchestration.runtime.file_hashes import RECORD
from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.deep_synthesis import CONTRACT
from orchestration.validation.results import DocumentState, ValidationResult
from orchestration.validation.reviews import Reviews
from orchestration.validation.store import ValidatedStore
from orchestration.validation.tables import write_tables
from orchestration.validation.validator import NO_TABLES, Validator
from scrapers.archive.facts import Facts
from scrapers.archive.sidecar import Version
from scrapers.archive.store import Archive
from scrapers.documents import DocumentTable, Row
from scrapers.errors import FilingsError
from scrapers.http.responses import Fetched
from scrapers.registers import DEEP_SYNTHESIS
from scrapers.registers.deep_synthesis import LIST_TABLE
from tests.support.docx_builder import HEADINGS, make_docx, row, table
from tests.support.registers import check_digit
from tests.support.tables import make_row, read_list

FIRST_FETCH = datetime(2025, 5, 19, 2, tzinfo=UTC)


def make_filing_number(serial: int, kind: str = "01", region: str = "110108") -> str:
    """A valid filing number, different for every serial."""
    digits = f"{region}{serial:07d}{kind}25001"
    return digits + check_digit(digits)


def make_filing_row(serial: int, **changes: str) -> Row:
    """A row that meets the contract; `row_no` is set by `make_list_table`."""
    cells = {
        "algorithm_name": f"算法{serial}",
        "role": "服务提供者",
        "entity_name": f"公司{serial}",
        "products": f"产品{serial}（APP）",
        "purpose": "应用于文本生成场景。",
        "filing_number": f"网信算备{make_filing_number(serial)}号",
    }
    return make_row(LIST_TABLE, 0, **(cells | changes))


def make_filing_rows(count: int, first: int = 1) -> list[Row]:
    return [make_filing_row(serial) for serial in range(first, first + count)]


def with_cells(item: Row, **cells: str) -> Row:
    """The row with some of its cells replaced."""
    return replace(item, cells={**item.cells, **cells})


def with_positions(rows: Sequence[Row]) -> list[Row]:
    """The rows with printed positions, counted from 1."""
    return [with_cells(item, position=str(position)) for position, item in enumerate(rows, 1)]


def make_list_table(rows: Sequence[Row]) -> DocumentTable:
    return DocumentTable(tuple(replace(item, row_no=n) for n, item in enumerate(rows, 1)))


def make_list_document(rows: Sequence[Row]) -> bytes:
    return make_docx(table(row(*HEADINGS), *(row(*item.cells.values()) for item in rows)))


@dataclass
class Stores:
    """An archive and a validated store in one folder. Each document is fetched a day later."""

    root: Path
    reviewed: Mapping[str, int] = field(default_factory=dict)
    approved: Collection[str] = ()
    contract: Contract = CONTRACT
    fetches: int = 0
    fetched_from: str | None = None

    @property
    def archive(self) -> Archive:
        return Archive(self.root / "raw")

    def validated(self) -> ValidatedStore:
        """A fresh store, as a new run opens it."""
        return ValidatedStore(
            self.root / "validated",
            self.archive,
            DEEP_SYNTHESIS,
            self.contract,
            Reviews(self.reviewed, frozenset(self.approved)),
        )

    def validate(
        self, folder: str, known_tables: Mapping[str, DocumentTable] = NO_TABLES
    ) -> DocumentState:
        return Validator(self.validated()).validate(folder, known_tables)

    def validate_archived(self) -> dict[str, FilingsError]:
        return Validator(self.validated()).validate_archived()

    def write_tables(self) -> pl.DataFrame:
        return write_tables(self.validated())

    def archive_list(
        self, batch_no: int, rows: Sequence[Row], page_of: int | None = None
    ) -> Version:
        content = make_list_document(rows)
        return self.archive_bytes(batch_no, content, read_list(content).sha256, page_of)

    def archive_bytes(
        self, batch_no: int, content: bytes, content_sha256: str, page_of: int | None = None
    ) -> Version:
        """Archive any bytes as a list, even bytes that cannot be parsed.

        `page_of` is the batch on whose page the list was found, if it is another one.
        """
        self.fetches += 1
        at = FIRST_FETCH + timedelta(days=self.fetches)
        url = f"https://cac.test/list-{batch_no}"
        version, _ = self.archive.store(
            f"{batch_no:03d}",
            "list",
            Fetched(url, url, content, {}, at, self.fetched_from),
            suffix="docx",
            media_type="application/zip",
            content_sha256=content_sha256,
            facts=Facts(
                title=f"第{batch_no}批",
                label="清单",
                month="2025-05",
                published_on=date(2025, 5, 19),
                page_url=f"https://cac.test/2025-05/19/c_{page_of or batch_no}.htm",
                kind="docx",
            ),
        )
        return version

    def validated_files(self) -> dict[str, bytes]:
        """The content of all files, without the record of their stamps and the index."""
        root = self.root / "validated"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.suffix != ".sqlite" and path.is_file() and path.name != RECORD
        }


def archive_and_validate(
    stores: Stores, *versions: list[Row], batch_no: int = 2
) -> list[ValidationResult]:
    """Archive versions one after another, and validate each of them as a run does."""
    latest = []
    for rows in versions:
        stores.archive_list(batch_no, rows)
        latest.append(stores.validate(f"{batch_no:03d}").latest)
    return latest


def make_history(stores: Stores) -> None:
    """Archive and validate two batches with several versions, of which one is held back."""
    first = [make_filing_rows(count) for count in (30, 31, 3)]
    archive_and_validate(stores, *first, batch_no=1)
    amended = [
        make_filing_row(31, note="x"),
        *make_filing_rows(29, first=32),
        *make_filing_rows(11, first=100),
    ]
    archive_and_validate(stores, make_filing_rows(30, first=31), amended)
    stores.write_tables()
