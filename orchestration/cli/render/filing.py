"""A filing: the fields of its list, derived fields, and its history."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from orchestration.cli.render.layout import (
    place,
    show_facts,
    show_timeline,
    show_title,
    show_versions,
)
from orchestration.cli.render.registration import show_elsewhere
from orchestration.cli.render.text import line, percent
from orchestration.cli.show.filing import Filing, FilingRow
from orchestration.publication.purposes import OF_A_ROW
from orchestration.runtime.counts import counted

# The threshold in the description of the column `sector_margin`.
UNCERTAIN_MARGIN = 1
# Values of `sector_source` and `review_status`. The classification is slow to import.
REVIEWED, AMENDED = "reviewed", "amended"
_ALERT = "bold red"


def show_filing(console: Console, filing: Filing) -> None:
    """Print a filing with its history, and its versions if there are several."""
    row = filing.row
    console.print(line(row.algorithm_name, "bold"))
    for warning in _warnings(row):
        console.print(line(warning, _ALERT))
    console.print()
    show_facts(console, _facts(filing), source=row.source_url)
    show_title(console, "history")
    show_timeline(console, filing.events, with_numbers=False)
    show_versions(console, filing.versions)
    show_elsewhere(console, filing.elsewhere)


def _warnings(row: FilingRow) -> Iterator[str]:
    """Reasons why the filing is not in force, or its values are not from the current list."""
    if row.is_cancelled:
        when = f" in {row.cancelled_month}" if row.cancelled_month else ""
        source = (row.cancellation_source or "").replace("both", "notice and note")
        yield f"CANCELLED{when} by {source}"
    if row.list_status == "withdrawn_from_list":
        yield f"WITHDRAWN: no longer in the list; values are from version {row.list_version}"
    if row.list_status == "quarantined":
        yield f"IN QUARANTINE: the row is invalid; values are from version {row.list_version}"


def _facts(filing: Filing) -> Iterator[tuple[str, Text]]:
    row = filing.row
    yield "number", line(row.filing_number)
    yield "role", line(row.role.replace("_", " "))
    count = filing.entity_filings
    others = f"{row.entity_id}, {count} filing{'' if count == 1 else 's'}"
    yield "entity", line(f"{row.entity_name} ({others})")
    yield "place", line(place(row.province_name, row.city_name, row.district_name))
    announced = f"list of {row.list_month}, announced {row.announced_on}, row {row.row_no}"
    yield "batch", line(f"{row.batch_no}, {announced}")
    products = [f"{item.product_name} ({item.kind.replace('_', ' ')})" for item in filing.products]
    yield "products", line(", ".join(products) or "none")
    yield "purpose", line(row.purpose)
    if row.purpose_origin:
        yield "", line(OF_A_ROW.get(row.purpose_origin, row.purpose_origin), "dim")
    yield from _sector(row)
    yield "technique", line(f"{row.inputs} → {row.outputs}{_technique(row)}")
    yield "", line(row.modality_evidence, "dim")
    if row.note:
        yield "note", line(row.note)
    if row.amended_at:
        yield "amended", line(f"{row.amended_at:%Y-%m-%d %H:%M} UTC (first seen by the archive)")


def _sector(row: FilingRow) -> Iterator[tuple[str, Text]]:
    """The sector, where it is from, and what the rules derive, with their evidence."""
    if row.sector_source == REVIEWED:
        others = {row.sector_runner_up} - {row.sector_by_rules, None}
        or_else = "".join(f", or else {other}" for other in others)
        yield "sector", line(f"{row.sector}{_confidence(row.sector_confidence)}{or_else}")
        readers = counted(row.reader_count or 1, "reader", "readers")
        yield "", line(f"reviewed by {readers} on {row.read_on}")
        sure = "" if row.confidence_by_rules is None else f", {percent(row.confidence_by_rules)}"
        yield "", line(f"by rules: {row.sector_by_rules}{sure}")
    else:
        confidence = _confidence(row.sector_confidence)
        by_rules = f", by rules{confidence}" if row.sector_source else ""
        yield "sector", line(f"{row.sector}{by_rules}{_runner_up(row)}")
    if row.review_status == AMENDED:
        yield "", line("amended since it was reviewed: due for another reading", "yellow")
    yield "", line(row.sector_evidence, "dim")


def _confidence(share: float | None) -> str:
    return "" if share is None else f", confidence {percent(share)}"


def _runner_up(row: FilingRow) -> str:
    if not row.sector_runner_up:
        return ""
    uncertain = ", uncertain" if row.sector_margin < UNCERTAIN_MARGIN else ""
    return f", ahead of {row.sector_runner_up} by {row.sector_margin:g}{uncertain}"


def _technique(row: FilingRow) -> str:
    names = ("multimodal", row.is_multimodal), ("cross-modal", row.is_cross_modal)
    applicable = [name for name, is_so in names if is_so]
    return "".join(
        f", {name}" for name in (*applicable, *([] if row.is_generative else ["not generative"]))
    )
