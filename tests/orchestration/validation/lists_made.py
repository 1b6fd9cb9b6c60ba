"""Made-up lists and the stores over them: rows → a .docx in an archive → verdicts.

stores = Stores(tmp_path)
stores.archive_list(2, [filing_row(1), filing_row(2)])
state = stores.validated().judge("002", {})
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.validation.gates import Reviews
from orchestration.validation.lists import ValidatedLists
from orchestration.validation.results import Verdict
from scrapers.archive.sidecar import Version
from scrapers.archive.store import Archive
from scrapers.documents import ListRow, ListTable, read_list
from scrapers.http.answers import Fetched
from tests.support.docx_making import HEADINGS, docx, row, table
from tests.support.registers import check_digit

FIRST_FETCH = datetime(2025, 5, 19, 2, tzinfo=UTC)


def number(serial: int, kind: str = "01", region: str = "110108") -> str:
    """A valid filing number of its own for every serial."""
    digits = f"{region}{serial:07d}{kind}25001"
    return digits + check_digit(digits)


def filing_row(serial: int, **changes: str) -> ListRow:
    """A row that meets the contract; `row_no` is set by `list_table`."""
    row = ListRow(
        row_no=0,
        algorithm_name=f"算法{serial}",
        role="服务提供者",
        entity_name=f"公司{serial}",
        products=f"产品{serial}（APP）",
        purpose="应用于文本生成场景。",
        filing_number=f"网信算备{number(serial)}号",
    )
    return row._replace(**changes)


def filing_rows(count: int, first: int = 1) -> list[ListRow]:
    return [filing_row(serial) for serial in range(first, first + count)]


def numbered(rows: Sequence[ListRow]) -> list[ListRow]:
    """The rows with their positions printed, from 1."""
    return [row._replace(position=str(position)) for position, row in enumerate(rows, 1)]


def list_table(rows: Sequence[ListRow]) -> ListTable:
    return ListTable(tuple(item._replace(row_no=n) for n, item in enumerate(rows, 1)))


def list_document(rows: Sequence[ListRow]) -> bytes:
    return docx(table(row(*HEADINGS), *(row(*item[1:]) for item in rows)))


@dataclass
class Stores:
    """An archive and a validated store below one folder; each fetch is a day later."""

    root: Path
    reviewed: Mapping[str, int] = field(default_factory=dict)
    found_right: Collection[str] = ()
    fetches: int = 0

    @property
    def archive(self) -> Archive:
        return Archive(self.root / "raw")

    def validated(self) -> ValidatedLists:
        """A fresh store, as a new run opens it."""
        reviews = Reviews(self.reviewed, frozenset(self.found_right))
        return ValidatedLists(self.root / "validated", self.archive, reviews)

    def archive_list(
        self, batch_no: int, rows: Sequence[ListRow], page_of: int | None = None
    ) -> Version:
        content = list_document(rows)
        return self.archive_bytes(batch_no, content, read_list(content).sha256, page_of)

    def archive_bytes(
        self, batch_no: int, content: bytes, content_sha256: str, page_of: int | None = None
    ) -> Version:
        """Archive any bytes as a list, as a reader of another age may have done.

        `page_of` is the batch whose page it was found on, where that is another one.
        """
        self.fetches += 1
        at = FIRST_FETCH + timedelta(days=self.fetches)
        url = f"https://cac.test/list-{batch_no}"
        version, _ = self.archive.store(
            f"{batch_no:03d}",
            "list",
            Fetched(url, url, content, {}, at),
            suffix="docx",
            media_type="application/zip",
            content_sha256=content_sha256,
            facts={
                "page_url": f"https://cac.test/2025-05/19/c_{page_of or batch_no}.htm",
                "page_title": f"第{batch_no}批",
                "announced_on": "2025-05-19",
                "label": "清单",
                "list_month": "2025-05",
                "kind": "docx",
            },
        )
        return version

    def validated_files(self) -> dict[str, bytes]:
        root = self.root / "validated"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }


def judged(stores: Stores, *versions: list, batch_no: int = 2) -> list[Verdict]:
    """Archive the versions one after the other, judging each as a run would."""
    latest = []
    for rows in versions:
        stores.archive_list(batch_no, rows)
        latest.append(stores.validated().judge(f"{batch_no:03d}", {}).latest)
    return latest
