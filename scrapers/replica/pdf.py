"""Cancellation notices and deep-synthesis lists as PDF, in the layout of the source."""

from collections.abc import Mapping, Sequence

from scrapers.replica.facts import CancellationFact, FilingFact
from scrapers.replica.pdf_tables import PdfTable, table_pdf
from scrapers.replica.wording import ROLES, list_title, printed_number, purpose

_CANCELLATION_WIDTHS = (32.0, 110.0, 72.0, 110.0, 130.0, 150.0, 100.0, 60.0)  # points
_LIST_WIDTHS = (32.0, 110.0, 72.0, 110.0, 140.0, 150.0, 95.0, 60.0)


def cancellation_pdf(rows: Sequence[CancellationFact], filings: Mapping[str, FilingFact]) -> bytes:
    """One cancellation notice; its purposes come from `filings`, by filing number."""
    heading = [
        "序号",
        "算法名称",
        "角色",
        "主体名称",
        "应用产品",
        "主要用途",
        "备案编号",
        "注销时间",
    ]
    cells = [
        [
            str(position),
            row.algorithm_name,
            row.role,
            row.entity_name,
            row.products,
            purpose(filings[row.filing_number]) if row.filing_number in filings else "见原备案。",
            printed_number(row.filing_number),
            row.cancelled_month,
        ]
        for position, row in enumerate(rows, 1)
    ]
    title = "注销备案编号的算法清单"
    return table_pdf([PdfTable(title, [heading, *cells], _CANCELLATION_WIDTHS)])


def list_pdf(list_month: str, rows: Sequence[FilingFact], repeats_heading: bool = False) -> bytes:
    """A filing list as PDF with printed positions, which the source may serve as a .docx file.

    `repeats_heading` repeats the heading on each page.
    """
    heading = ["序号", "算法名称", "角色", "主体名称", "应用产品", "主要用途", "备案编号", "备注"]
    cells = [
        [
            row.position or str(position),
            row.algorithm_name,
            ROLES[row.role],
            row.entity_name,
            row.products,
            purpose(row),
            printed_number(row.filing_number),
            row.note,
        ]
        for position, row in enumerate(rows, 1)
    ]
    title = list_title(list_month)
    return table_pdf([PdfTable(title, [heading, *cells], _LIST_WIDTHS, repeats_heading)])
