"""Quality of the classification, measured against manually labelled filings.

`make quality` measures the shipped filings, with the purposes as worded by the replica, and also
with real purposes if given a file of them. Rows marked `is_held_out` in the seed `filing_labels`
were not used until the terms were nearly final. They are the best estimate for future filings,
especially those of entities that occur in no other row. Results on the other rows are optimistic.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from orchestration.classification.other_registers import quality_table
from orchestration.classification.rules import classify, load_rules
from orchestration.settings import PROJECT_ROOT
from scrapers.replica.facts import load_register
from scrapers.replica.wording import purpose

# The minimum accuracy on filings whose two labels agree.
FLOORS = {"sector": 0.86, "inputs": 0.95, "outputs": 0.97}
CHANCE = 2  # Standard errors by which a result may miss its floor, to allow for few labels.

SHOWN_PAIRS = 12

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


@dataclass(frozen=True)
class Quality:
    """The agreement of classes with labels, as fractions; None if there are no labels.

    `macro_f1` is the mean F1 score of the sectors among the labels. `general` is the share of
    filings classified as general. `confused` has the pairs (label, class) that differ and their
    number, the most frequent first.
    """

    labels: int
    sector: float | None
    macro_f1: float | None
    inputs: float | None
    outputs: float | None
    general: float | None
    confused: tuple[tuple[str, str, int], ...]

    def below(self, floors: Mapping[str, float] = FLOORS) -> dict[str, float]:
        """The results below their floor by more than chance allows for this number of labels."""
        missed = {}
        for name, floor in floors.items():
            value = getattr(self, name)
            if value is None:
                continue
            if value < floor - CHANCE * sqrt(floor * (1 - floor) / self.labels):
                missed[name] = value
        return missed


def measure(labelled: pl.DataFrame) -> Quality:
    """Measure classified and labelled filings, one row per filing.

    Columns: `sector`, `inputs`, `outputs`, `label_sector`, `label_inputs`, `label_outputs`.
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
    share: float | None = rows.select(condition.mean()).item()
    return share


def _macro_f1(labelled: pl.DataFrame) -> float | None:
    scores = []
    for sector in sorted(set(labelled["label_sector"])):
        is_label, is_class = pl.col("label_sector") == sector, pl.col("sector") == sector
        both, of_both = labelled.select(
            (is_label & is_class).sum().alias("both"),
            (is_label.sum() + is_class.sum()).alias("sum"),
        ).row(0)
        scores.append(2 * both / of_both)
    return sum(scores) / len(scores) if scores else None


def label_columns(labels: pl.DataFrame) -> pl.DataFrame:
    """The seed `filing_labels` with the prefix `label_` on columns that filings also have."""
    return labels.rename({name: f"label_{name}" for name in ("sector", "inputs", "outputs")})


def of_new_entities(labelled: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The held-out rows of entities (digits 7 to 13 of the number) with no other label."""
    entity = pl.col("filing_number").str.slice(6, 7)
    known = labels.filter(~pl.col("is_held_out")).select(entity).to_series()
    return labelled.filter("is_held_out", ~entity.is_in(known.implode()))


def shipped_filings() -> pl.DataFrame:
    """The shipped filings with their texts and the year of announcement."""
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
    """The filings with the purposes from a tab-separated file.

    The file must have the columns `filing_number` and `purpose`.
    """
    real = pl.read_csv(path, separator="\t", infer_schema=False, quote_char=None)
    return filings.drop("purpose").join(
        real.select("filing_number", "purpose"), on="filing_number", maintain_order="left"
    )


def read_seed(name: str) -> pl.DataFrame:
    """A seed of the dbt project, read from its CSV file."""
    numbers = {"filing_number": pl.String}
    return pl.read_csv(SEEDS / f"{name}.csv", infer_schema_length=None, schema_overrides=numbers)


def main(arguments: list[str] | None = None) -> None:
    """Print the quality; exit with status 1 if a result is below its floor."""
    parser = argparse.ArgumentParser(description="Measure the quality of the classification.")
    parser.add_argument("--purposes", type=Path, help="tab-separated file of real purposes")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    rules, labels = load_rules(read_seed), label_columns(read_seed("filing_labels"))
    shipped = shipped_filings()
    sources = {"purposes as worded by the replica": shipped}
    if options.purposes:
        sources["real purposes"] = with_purposes(shipped, options.purposes)
    failed = False
    for title, filings in sources.items():
        classified = filings.hstack(classify(filings, rules))
        failed |= _print(console, title, classified, labels)
    console.print(quality_table(rules, read_seed("registration_labels")))
    if failed:
        raise SystemExit(1)


def _print(console: Console, title: str, classified: pl.DataFrame, labels: pl.DataFrame) -> bool:
    """Print the results for one source; whether any is below its floor."""
    labelled = classified.join(labels, on="filing_number", maintain_order="left")
    twice = labelled.filter(pl.col("readings") == 2)
    once = labelled.filter(pl.col("readings") == 1)
    agreed = twice.filter("is_agreed")
    sets = {
        "two labels, agreed, held out": agreed.filter("is_held_out"),
        "  entities with no other label": of_new_entities(agreed, labels),
        "two labels, agreed": agreed,
        "two labels, all": twice,
        "one label, certain": once.filter("is_agreed"),
        "one label, all": once,
        **{f"two labels, agreed, {year}": rows for year, rows in _by_year(agreed)},
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
    pairs = Table("label", "classified as", "rows", title="most confused, two labels")
    for label, sector, count in measure(twice).confused[:SHOWN_PAIRS]:
        pairs.add_row(label, sector, str(count))
    console.print(pairs)
    general = _share(classified, pl.col("sector") == "general")
    console.print(f"classified as general: {_percent(general)} of {classified.height:,} filings")
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
