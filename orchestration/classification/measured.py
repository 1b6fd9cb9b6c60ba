"""The measured accuracy of sectors, inputs and outputs: the figures that all texts take.

`make calibrate` measures them and writes the seed `measured_accuracy`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import polars as pl

from orchestration.classification.labels import is_agreed
from orchestration.classification.measures import Accuracy, accuracy_of, kappa
from orchestration.classification.shipped import read_seed

# From this batch on all filings were read twice. Of the earlier ones, mainly those in doubt were.
READ_TWICE_FROM = 12

_Measure = tuple[str, Accuracy]


@cache
def measured_accuracy() -> Mapping[str, Accuracy]:
    """The figures of the seed by the name of the measure."""
    return by_measure(read_seed("measured_accuracy"))


def by_measure(rows: pl.DataFrame) -> dict[str, Accuracy]:
    """The rows of the seed as figures by the name of the measure."""
    columns = ("labels", "correct", "share", "low", "high", "kappa")
    return {
        row["measure"]: Accuracy(*(row[name] for name in columns))
        for row in rows.iter_rows(named=True)
    }


def measure_accuracy(
    labelled: pl.DataFrame, checks: pl.DataFrame, registrations: pl.DataFrame
) -> pl.DataFrame:
    """The rows of the seed `measured_accuracy`, from which all texts take their figures.

    `labelled` are the shipped filings with `filing_labels` and what the rules derive, `checks` the
    seed `check_labels`, `registrations` the labelled ones of the other registers with what the
    rules derive.
    """
    rows = [
        {"measure": name, **vars(found)}
        for name, found in (
            *_of_filings(labelled, checks),
            *_of_registrations(registrations),
        )
    ]
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("share", "low", "high", "kappa").round(4)
    )


def _of_filings(labelled: pl.DataFrame, checks: pl.DataFrame) -> Iterator[_Measure]:
    newer = labelled.filter(pl.col("batch_no") >= READ_TWICE_FROM)
    for name, rows in (("readers_of_labels", newer), ("readers_of_checks", checks)):
        yield name, _agreement(rows)
    checked = labelled.drop("first_sector", "second_sector").join(checks, on="filing_number")
    for what in ("sector", "inputs", "outputs"):
        agreed = checked.filter(pl.col(f"first_{what}") == pl.col(f"second_{what}")).with_columns(
            read=pl.coalesce(f"label_{what}", what)
        )
        yield f"reviewed_{what}", _found(agreed, "read", f"first_{what}")
        yield f"rules_{what}_checked", _found(agreed, what, f"first_{what}")
    firm = newer.filter(is_agreed())
    for name, rows in (
        ("rules_sector_held_out", firm.filter("is_held_out")),
        ("rules_sector_seen", firm.filter(~pl.col("is_held_out"))),
    ):
        yield name, _found(rows, "sector", "label_sector")


def _of_registrations(registrations: pl.DataFrame) -> Iterator[_Measure]:
    for (register,), rows in registrations.sort("register").group_by(
        "register", maintain_order=True
    ):
        yield f"readers_of_{register}", _agreement(rows)
        agreed = rows.filter(is_agreed())
        sets = {
            "": agreed,
            "_sure": agreed.filter("is_sure"),
            "_not_general": agreed.filter(pl.col("sector") != "general"),
        }
        for name, part in sets.items():
            yield f"{register}_sector{name}", _found(part, "sector", "first_sector")


def _agreement(rows: pl.DataFrame) -> Accuracy:
    pair = rows, "first_sector", "second_sector"
    return replace(_found(*pair), kappa=kappa(*pair))


def _found(rows: pl.DataFrame, one: str, other: str) -> Accuracy:
    found = accuracy_of(rows, one, other)
    if found is None:
        msg = f"no filing has both {one} and {other}"
        raise ValueError(msg)
    return found
