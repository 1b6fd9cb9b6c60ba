"""`make calibrate`: write the figures that follow from labels and rules.

These are the seeds `sector_calibration` and `measured_accuracy`, and the tables and the plot of
docs/accuracy.md.
"""

from pathlib import Path

import polars as pl

from orchestration.classification.calibration import (
    labelled_registrations,
    labels_calibration,
    rules_calibration,
    with_rules,
)
from orchestration.classification.guide import GUIDE, PLOT, plot, tables, with_tables
from orchestration.classification.measured import firm, measure_accuracy
from orchestration.classification.quality import reliability, with_confidence_left_out
from orchestration.classification.rules import load_rules
from orchestration.classification.shipped import SEEDS, read_seed, shipped_filings


def figures() -> dict[str, str]:
    """The text of each file by its path."""
    # Only the sectors of the rules are used, not their old confidence.
    rules = load_rules(read_seed)
    labelled = with_rules(shipped_filings(), rules)
    checks = read_seed("check_labels")
    rows = firm(labelled)
    held_out = rows.filter("is_held_out")
    calibration = pl.concat([labels_calibration(labelled, checks), rules_calibration(held_out)])
    measured = measure_accuracy(labelled, checks, labelled_registrations(rules))
    left_out = with_confidence_left_out(rows)
    guide = with_tables(GUIDE.read_text(encoding="utf-8"), tables(left_out, measured))
    return {
        str(SEEDS / "sector_calibration.csv"): calibration.write_csv(),
        str(SEEDS / "measured_accuracy.csv"): measured.write_csv(),
        str(GUIDE): guide,
        str(PLOT): plot(reliability(left_out.filter("is_held_out"))),
    }


def main() -> None:
    """Write the files."""
    for path, text in figures().items():
        Path(path).write_bytes(text.encode())


if __name__ == "__main__":
    main()
