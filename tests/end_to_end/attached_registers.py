"""The two registers of attached lists, in documents that the replica did not write.

Recommendation lists are those published in May 2026. Lists of generative services are written by
python-docx and reportlab from the published rows. Both are in a folder next to the checkout.
"""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO

from docx import Document

from scrapers.registers import generative_services, recommendation
from tests.support.attached_pages import AttachedPage
from tests.support.paths import SHARED
from tests.support.service_lists import (
    EDGE_HEADINGS,
    FILED_HEADINGS,
    LATER_HEADINGS,
    REGISTERED_HEADINGS,
    Cells,
    Part,
    published_lists,
    services_docx,
    services_pdf,
)

LISTS = sorted((SHARED / "data" / "lists").glob("recommendation_*.docx"))
FACTS = SHARED / "data" / "recommendation_filings.tsv"
ARE_PUBLISHED = bool(LISTS) and bool(published_lists())
PDF_MONTHS = frozenset(
    {"2025-06", "2025-08", "2025-10", "2025-12", "2026-02", "2026-06", "2026-08", "2026-10"}
)
HEADINGS = ("序号", "算法名称", "算法类别", "主体名称", "应用产品", "主要用途", "备案编号", "备注")
NAME, CATEGORY, ENTITY, PRODUCTS, NUMBER, NOTE = map(
    HEADINGS.index, ("算法名称", "算法类别", "主体名称", "应用产品", "备案编号", "备注")
)
SWAPPED = [str(position) for position in range(340, 346)]
_TABLES = {"filed": "已备案信息", "registered": "已登记信息", "edge": "端侧服务备案信息"}


def in_words(month: str) -> str:
    """2025-03 as 2025年3月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def recommendation_label(month: str) -> str:
    return f"境内互联网信息服务算法备案清单（{in_words(month)}）"


def services_label(month: str) -> str:
    attachment = "附件7：" if month == "2025-08" else ""
    return f"{attachment}生成式人工智能服务已备案和已登记信息（{in_words(month)}）"


def recommendation_page() -> AttachedPage:
    """The page of recommendation algorithms with all lists of May 2026."""
    contents = {path.stem.partition("_")[2]: path.read_bytes() for path in LISTS}
    return AttachedPage(
        recommendation.PAGE,
        {recommendation_label(month): content for month, content in contents.items()},
    )


def services_page() -> AttachedPage:
    """The page of generative services with all lists; those of PDF_MONTHS are .pdf files."""
    return AttachedPage(
        generative_services.PAGE,
        {services_label(m): services_list(m, tables) for m, tables in published_lists().items()},
    )


def services_list(month: str, tables: Mapping[str, list[Cells]]) -> bytes:
    """A list of services by table. In a .pdf, all tables have the headings of the first one."""
    is_pdf = month in PDF_MONTHS
    filed = LATER_HEADINGS if month >= "2025-03" else FILED_HEADINGS
    headings = {
        "filed": filed,
        "registered": filed if is_pdf else REGISTERED_HEADINGS,
        "edge": EDGE_HEADINGS,
    }
    parts = [
        Part(headings[name], rows, title=f"{_TABLES[name]}（{in_words(month)}）")
        for name, rows in tables.items()
    ]
    return services_pdf(*parts, split_rows=True) if is_pdf else services_docx(*parts)


def recommendation_list(month: str) -> bytes:
    """A list with the published rows of a month, and with the scenario as the purpose."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["list_month"] == month
        ]
    cells = [
        (
            row["position"], row["algorithm_name"], row["category"], row["entity_name"],
            row["products"], row["scenario"], f"网信算备{row['filing_number']}号", row["note"],
        )
        for row in rows
    ]  # fmt: skip
    return services_docx(Part(HEADINGS, cells))


def cells_in(content: bytes) -> list[Cells]:
    """The rows of a recommendation list as python-docx reads them, without its headings."""
    (table,) = Document(BytesIO(content)).tables
    rows = [tuple(cell.text for cell in row.cells) for row in table.rows]
    assert rows[0] == HEADINGS
    return rows[1:]


def edited(content: bytes, edit: Callable[[Cells], Cells | None]) -> bytes:
    """A recommendation list with each row edited; a row that becomes None is removed."""
    rows = [changed for cells in cells_in(content) if (changed := edit(cells)) is not None]
    return services_docx(Part(HEADINGS, rows))


def with_cell(cells: Cells, place: int, text: str) -> Cells:
    """A row with another text in one place."""
    return (*cells[:place], text, *cells[place + 1 :])


def service_row(month: str, table: str, cells: Cells) -> tuple:
    """The row of `generative_services` for a printed row.

    In six rows of 2025-03, service and company are printed in each other's column.
    """
    position, region, service, entity, number, passed, *devices = cells
    if month == "2025-03" and position in SWAPPED and table == "filed":
        service, entity = entity, service
    day, late, _ = passed.partition("（补登")
    passed_on = date(*map(int, day.strip().split("/")))
    shown = (table, int(position), region, service, entity, number, passed_on, bool(late))
    return (month, *shown, devices[0] if devices else None)
