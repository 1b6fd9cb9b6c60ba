"""A list of generative AI services as a Word or PDF document of up to three tables.

The tables of filed, registered and edge services follow one another, each below its title. In .docx
lists the registered table has headings of its own. In .pdf lists, which exist since 2025-06, it has
those of the filed table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scrapers.replica.docx_parts import title
from scrapers.replica.docx_tables import (
    EMPTY_PARAGRAPH,
    REPEATED_ROW,
    docx_bytes,
    paragraph,
    plain_row,
    table,
)
from scrapers.replica.generative import EDGE, FILED, REGISTERED, ServiceFact, ServiceList
from scrapers.replica.pdf_tables import PORTRAIT, PdfTable, table_pdf
from scrapers.replica.wording import month_label

PDF_MONTHS = frozenset({"2025-06", "2026-08"})

_TITLES = {
    FILED: "生成式人工智能服务已备案信息",
    REGISTERED: "生成式人工智能服务已登记信息",
    EDGE: "端侧生成式人工智能服务已备案信息",
}
_REGISTERED_HEADINGS = ("序号", "属地", "应用/功能名称", "登记单位", "上线编号", "登记时间")
_DEVICES_HEADING = "适用场景"
_DOCX_WIDTHS = (800, 1500, 2900, 3500, 3700, 1700, 1400)  # twentieths of a point
# Narrow enough that long names and numbers need several lines.
_PDF_WIDTHS = (30.0, 56.0, 110.0, 120.0, 120.0, 76.0)  # points
_EDGE_PDF_WIDTHS = (30.0, 50.0, 96.0, 108.0, 108.0, 62.0, 58.0)


@dataclass(frozen=True)
class _Table:
    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


def service_document(listed: ServiceList) -> bytes:
    """One list as .pdf bytes if its month is in `PDF_MONTHS`, and as .docx bytes otherwise."""
    return _pdf(listed) if listed.month in PDF_MONTHS else _docx(listed)


def _docx(listed: ServiceList) -> bytes:
    blocks: list[str] = []
    for part in _tables(listed, _REGISTERED_HEADINGS):
        widths = _DOCX_WIDTHS[: len(part.headings)]
        rows = [plain_row([*map(paragraph, cells)], widths) for cells in part.rows]
        heading = plain_row([*map(paragraph, part.headings)], widths, REPEATED_ROW)
        blocks += [title(part.title), table([heading, *rows], widths), EMPTY_PARAGRAPH]
    return docx_bytes(blocks)


def _pdf(listed: ServiceList) -> bytes:
    widths = {len(_PDF_WIDTHS): _PDF_WIDTHS, len(_EDGE_PDF_WIDTHS): _EDGE_PDF_WIDTHS}
    return table_pdf(
        [
            PdfTable(part.title, [part.headings, *part.rows], widths[len(part.headings)])
            for part in _tables(listed, listed.headings)
        ],
        PORTRAIT,
    )


def _tables(listed: ServiceList, registered_headings: tuple[str, ...]) -> Iterator[_Table]:
    """The tables that have rows; the filed table is printed in any case."""
    headings = {
        FILED: listed.headings,
        REGISTERED: registered_headings,
        EDGE: (*listed.headings, _DEVICES_HEADING),
    }
    for name, names in headings.items():
        services = listed.table(name)
        if services or name == FILED:
            rows = [_cells(service)[: len(names)] for service in services]
            yield _Table(f"{_TITLES[name]}（{month_label(listed.month)}）", names, rows)


def _cells(service: ServiceFact) -> tuple[str, ...]:
    return (
        service.position,
        service.region,
        service.service_name,
        service.entity_name,
        service.service_number,
        service.passed_on,
        service.devices,
    )
