"""How well sectors, inputs and outputs are read: measured against filings that people have read.

`make quality` prints it for the shipped filings, as the replica words their purposes; given a file
of real purposes it prints both. The rows marked `is_held_out` in the seed `filing_labels` were kept
aside until the terms were nearly settled, so what is measured on them, and most of all on those of
entities that no other row has, is nearest to what to expect of filings to come; on the others the
figures flatter.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from orchestration.classification.rules import classify, load_rules
from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register
from scrapers.replica.wording import purpose

# Floors of the accuracy on labels that two readings agree on.
FLOORS = {"sector": 0.86, "inputs": 0.95, "outputs": 0.97}
CHANCE = 2  # standard errors by which a figure may miss its floor: with few labels it jumps

SHOWN_PAIRS = 12

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


@dataclass(frozen=True)
class Quality:
    """Agreement of readings with labels; shares from 0 to 1, `None` where nothing is labelled.

    `macro_f1` is the mean of the F1 of the sectors that occur among the labels; `confused` the
    pairs (label, reading) that differ with how often, the most frequent first.
    """

    labels: int
    sector: float | None
    macro_f1: float | None
    inputs: float | None
    outputs: float | None
    general: float | None
    confused: tuple[tuple[str, str, int], ...]

    def below(self, floors: Mapping[str, float] = FLOORS) -> dict[str, float]:
        """What misses its floor by more than chance explains with so many labels."""
        missed = {}
        for name, floor in floors.items():
            value = getattr(self, name)
            if value is None:
                continue
            if value < floor - CHANCE * sqrt(floor * (1 - floor) / self.labels):
                missed[name] = value
        return missed


def measure(labelled: pl.DataFrame) -> Quality:
    """The quality of readings, one row per filing: `sector`, `inputs`, `outputs` and with them
    `label_sector`, `label_inputs`, `label_outputs`.
    """
    is_right = pl.col("sector") == pl.col("label_sector")
    pairs = (
        labelled.filter(~is_right)
        .group_by("label_sector", "sector")
        .len()
        .sort("len", "label_sector", "sector", descending=[True, False, False])
    )
    return Quality(
        labels=labelled.height,
        sector=_share(labelled, is_right),
        macro_f1=_macro_f1(labelled),
        inputs=_share(
            labelled.drop_nulls("label_inputs"), pl.col("inputs") == pl.col("label_inputs")
        ),
        outputs=_share(
            labelled.drop_nulls("label_outputs"), pl.col("outputs") == pl.col("label_outputs")
        ),
        general=_share(labelled, pl.col("sector") == "general"),
        confused=tuple(pairs.rows()),
    )


def _share(rows: pl.DataFrame, condition: pl.Expr) -> float | None:
    return rows.select(condition.mean()).item()


def _macro_f1(labelled: pl.DataFrame) -> float | None:
    scores = []
    for sector in sorted(set(labelled["label_sector"])):
        is_label, is_read = pl.col("label_sector") == sector, pl.col("sector") == sector
        both, of_both = labelled.select(
            (is_label & is_read).sum().alias("both"), (is_label.sum() + is_read.sum()).alias("sum")
        ).row(0)
        scores.append(2 * both / of_both)
    return sum(scores) / len(scores) if scores else None


def label_columns(labels: pl.DataFrame) -> pl.DataFrame:
    """The seed `filing_labels` with its readings named apart from those to be measured."""
    return labels.rename({name: f"label_{name}" for name in ("sector", "inputs", "outputs")})


def of_new_entities(labelled: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The rows kept aside whose entity, digits 7 to 13 of the number, no other label has."""
    entity = pl.col("filing_number").str.slice(6, 7)
    known = labels.filter(~pl.col("is_held_out")).select(entity).to_series()
    return labelled.filter("is_held_out", ~entity.is_in(known.implode()))


def shipped_filings() -> pl.DataFrame:
    """The shipped filings with their texts and the year of their announcement."""
    register = load_register()
    years = {fact.batch_no: fact.published_on.year for fact in register.announcements}
    rows = [
        (
            filing.filing_number,
            filing.algorithm_name,
            filing.entity_name,
            filing.products,
            purpose(filing),
            years[batch_no],
        )
        for batch_no, filings in register.filings.items()
        for filing in filings
    ]
    columns = ["filing_number", "algorithm_name", "entity_name", "products", "purpose", "year"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def with_purposes(filings: pl.DataFrame, path: Path) -> pl.DataFrame:
    """The filings that the file names, with its purposes: tab-separated, the columns
    `filing_number` and `purpose` among others.
    """
    real = pl.read_csv(path, separator="\t", infer_schema=False, quote_char=None)
    return filings.drop("purpose").join(
        real.select("filing_number", "purpose"), on="filing_number", maintain_order="left"
    )


def read_seed(name: str) -> pl.DataFrame:
    """A seed of the dbt project, from its file."""
    numbers = {"filing_number": pl.String}
    return pl.read_csv(SEEDS / f"{name}.csv", infer_schema_length=None, schema_overrides=numbers)


def main(arguments: list[str] | None = None) -> None:
    """Print the quality; ends with status 1 where a floor is not reached."""
    parser = argparse.ArgumentParser(description="Measure the reading of sectors and modalities.")
    parser.add_argument("--purposes", type=Path, help="file of real purposes, tab-separated")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    rules, labels = load_rules(read_seed), label_columns(read_seed("filing_labels"))
    shipped = shipped_filings()
    sources = {"purposes as the replica words them": shipped}
    if options.purposes:
        sources["real purposes"] = with_purposes(shipped, options.purposes)
    failed = False
    for title, filings in sources.items():
        read = filings.hstack(classify(filings, rules))
        failed |= _print(console, title, read, labels)
    if failed:
        raise SystemExit(1)


def _print(console: Console, title: str, read: pl.DataFrame, labels: pl.DataFrame) -> bool:
    """Print the figures of one source; whether one is below its floor."""
    labelled = read.join(labels, on="filing_number", maintain_order="left")
    twice = labelled.filter(pl.col("readings") == 2)
    once = labelled.filter(pl.col("readings") == 1)
    agreed = twice.filter("is_agreed")
    sets = {
        "read twice, agreed, held out": agreed.filter("is_held_out"),
        "  of entities not seen elsewhere": of_new_entities(agreed, labels),
        "read twice, agreed": agreed,
        "read twice, all": twice,
        "read once and tuned on, sure": once.filter("is_agreed"),
        "read once and tuned on, all": once,
        **{f"read twice, agreed, {year}": rows for year, rows in _by_year(agreed)},
    }
    table = Table("labels", "rows", "sector", "macro-F1", "inputs", "outputs", title=title)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, rows in sets.items():
        if rows.height:
            found = measure(rows)
            shares = (found.sector, found.macro_f1, found.inputs, found.outputs)
            table.add_row(name, f"{found.labels:,}", *map(_percent, shares))
    console.print(table)
    pairs = Table("label", "read as", "rows", title="most confused, of those read twice")
    for label, sector, rows in measure(twice).confused[:SHOWN_PAIRS]:
        pairs.add_row(label, sector, str(rows))
    console.print(pairs)
    general = _share(read, pl.col("sector") == "general")
    console.print(f"left general: {_percent(general)} of {read.height:,} filings")
    below = measure(agreed).below()
    for name, value in below.items():
        console.print(f"below the floor of {_percent(FLOORS[name])}: {name} {_percent(value)}")
    return bool(below)


def _by_year(rows: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
    return [(year, rows.filter(pl.col("year") == year)) for year in sorted(set(rows["year"]))]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


if __name__ == "__main__":
    main()
