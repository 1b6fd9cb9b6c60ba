"""What a reader sees during `filings review`: the answers, a filing, and what was taken."""

from collections.abc import Iterator, Sequence

from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.classification.reviews import Reading, Subject
from orchestration.cli.render.layout import plain_table, show_facts
from orchestration.cli.render.text import line, percent
from orchestration.cli.review.answers import Sector
from orchestration.publication.purposes import OF_A_ROW

_ANSWERS = {
    "finance": "a sector: its code, Chinese name or number, or a beginning",
    "finance? enterprise": "not sure; it may be enterprise",
    "i text+image": "first correct the inputs; `o image`: the outputs",
    "Enter": "skip this filing",
    "u": "take back the last reading",
    "?": "list what the sectors cover",
    "q": "end",
}


def show_legend(console: Console, sectors: Sequence[Sector]) -> None:
    """Print the number, code and Chinese name of each sector, in as many columns as fit."""
    cells = [
        Text(f"{number:>2} ").append_text(line(f"{sector.code} {sector.name_zh}"))
        for number, sector in enumerate(sectors, 1)
    ]
    console.print(Columns(cells, padding=(0, 2), column_first=True, equal=True))


def show_help(console: Console) -> None:
    """Print the answers that a reader can give."""
    console.print()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold", style="dim")
    for answer, meaning in _ANSWERS.items():
        table.add_row(Text(answer), Text(meaning))
    console.print(table)


def show_sectors(console: Console, sectors: Sequence[Sector]) -> None:
    """Print the sectors with the numbers by which they can be chosen, and what they cover."""
    table = plain_table("", "code", "name", "covers", right=[""], fixed=["", "code", "name"])
    for number, sector in enumerate(sectors, 1):
        table.add_row(str(number), *map(line, (sector.code, sector.name_zh, sector.covers)))
    console.print(table)


def show_filing_to_read(console: Console, subject: Subject, place: int, count: int) -> None:
    """Print a filing without its sector by rules or by other readers."""
    console.print()
    console.print(line(f"{subject.algorithm_name}  ({place:,} of {count:,})", "bold"))
    show_facts(console, _facts(subject))


def show_taken(console: Console, reading: Reading, subject: Subject, *, is_replaced: bool) -> None:
    """Print the sector that was taken, and what the rules derive."""
    doubt = "" if reading.is_sure else ", not sure"
    rules = f"{subject.sector_by_rules} ({percent(subject.confidence_by_rules)})"
    verb = "replaced" if is_replaced else "taken"
    console.print(line(f"{verb}: {reading.sector}{doubt}. By rules: {rules}", "green"))


def _facts(subject: Subject) -> Iterator[tuple[str, Text]]:
    yield "number", line(subject.filing_number)
    yield "batch", line(str(subject.batch_no))
    yield "entity", line(f"{subject.entity_name} ({subject.role.replace('_', ' ')})")
    yield "products", line(subject.products or "none")
    yield "purpose", line(subject.purpose)
    yield "", line(OF_A_ROW.get(subject.purpose_origin, subject.purpose_origin), "dim")
    yield "technique", line(f"{subject.inputs_by_rules} → {subject.outputs_by_rules}, by rules")
