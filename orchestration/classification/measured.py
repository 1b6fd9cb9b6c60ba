"""The measured accuracy of sectors, inputs and outputs: the figures that all texts take.

`make calibrate` measures them and writes the seed `measured_accuracy`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import polars as pl

from orchestration.classification.labels import is_agreed, lists_read_twice
from orchestration.classification.measures import Accuracy, accuracy_of, kappa
from orchestration.classification.shipped import read_seed

# The labels of earlier batches were made in another way, so they are measured apart.
FIRST_NEWER = 12

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


def firm(labelled: pl.DataFrame) -> pl.DataFrame:
    """The filings of lists read twice on whose sector two readers agree, and no later one differs.

    `labelled` has `list_month`, `readers`, `first_sector`, `second_sector` and `label_sector`.
    """
    return labelled.filter(
        pl.col("list_month").is_in(lists_read_twice(labelled).implode()),
        is_agreed(),
        pl.col("label_sector") == pl.col("first_sector"),
    )


def _of_filings(labelled: pl.DataFrame, checks: pl.DataFrame) -> Iterator[_Measure]:
    is_newer = pl.col("batch_no") >= FIRST_NEWER
    newer = labelled.filter(is_newer)
    checked = labelled.drop("first_sector", "second_sector").join(checks, on="filing_number")
    yield "readers_of_labels", _agreement(newer)
    for ending, part in (("", is_newer), ("_early", ~is_newer)):
        rows = checked.filter(part)
        yield f"readers_of_checks{ending}", _agreement(rows)
        for reader in ("first", "second"):
            name = f"reviewed_sector_{reader}{ending}"
            yield name, _found(rows, "label_sector", f"{reader}_sector")
        yield from _checked(rows, ending)
    agreed = checked.filter(is_newer, is_agreed())
    of_firm = firm(newer)
    for ending, is_part in (("held_out", pl.col("is_held_out")), ("seen", ~pl.col("is_held_out"))):
        pair = "sector", "first_sector"
        yield f"rules_sector_checked_{ending}", _found(agreed.filter(is_part), *pair)
        yield f"rules_sector_{ending}", _found(of_firm.filter(is_part), "sector", "label_sector")
    all_held_out = newer.filter("is_held_out")
    yield "rules_sector_held_out_all", _found(all_held_out, "sector", "label_sector")


def _checked(rows: pl.DataFrame, ending: str) -> Iterator[_Measure]:
    """What was published and derived, compared with checks on which both readers agree."""
    for what in ("sector", "inputs", "outputs"):
        agreed = rows.filter(pl.col(f"first_{what}") == pl.col(f"second_{what}")).with_columns(
            read=pl.coalesce(f"label_{what}", what)
        )
        yield f"reviewed_{what}{ending}", _found(agreed, "read", f"first_{what}")
        if what != "sector":
            yield f"rules_{what}_checked{ending}", _found(agreed, what, f"first_{what}")


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
