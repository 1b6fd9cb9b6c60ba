"""Checks of what the models say: whether cancellations and classifications can be trusted."""

import dagster as dg
import duckdb

from orchestration.classification.quality import FLOORS, SHOWN_PAIRS, label_columns, measure
from orchestration.defs.asset_keys import CANCELLATIONS, FILINGS, WAREHOUSE
from orchestration.defs.checks.contracts import SHOWN_CASES
from orchestration.defs.resources import Workspace


@dg.asset_check(
    asset=CANCELLATIONS,
    name="cancelled_by_its_own_name",
    additional_deps=[WAREHOUSE],
    # Red, but no reason to hold back a release: such a record cancels nothing.
    blocking=False,
    description="Each record names the filing of its number, or the filing's entity, by a name "
    "that lists or notes know. A record that fits neither waits for a review of its notice.",
)
def cancelled_by_its_own_name(workspace: Workspace) -> dg.AssetCheckResult:
    with duckdb.connect(str(workspace.data.warehouse), read_only=True) as connection:
        doubtful = connection.sql(
            "select filing_number, algorithm_name, entity_name, notice_id, document_sha256 "
            "from cancellations where match_status = 'in_doubt'"
        ).pl()
    return dg.AssetCheckResult(
        passed=doubtful.is_empty(),
        metadata={
            "records": doubtful.height,
            "top_cases": dg.MetadataValue.json(doubtful.head(SHOWN_CASES).to_dicts()),
        },
    )


@dg.asset_check(
    asset=FILINGS,
    name="classification_quality",
    additional_deps=[WAREHOUSE],
    # Red, but no reason to hold back a release: the facts in it are right all the same.
    blocking=False,
    description="Sectors, inputs and outputs agree with the seed filing_labels as often as the "
    "floors ask, on filings that two readings agree on; with few of them chance is allowed for.",
)
def classification_quality(workspace: Workspace) -> dg.AssetCheckResult:
    with duckdb.connect(str(workspace.data.warehouse), read_only=True) as connection:
        labels, filings = (
            connection.sql(query).pl()
            for query in (
                "from filing_labels where readings = 2 and is_agreed",
                "select filing_number, sector, inputs, outputs from filings",
            )
        )
    labelled = filings.join(label_columns(labels), on="filing_number", maintain_order="left")
    found, held_out = measure(labelled), measure(labelled.filter("is_held_out"))
    below = found.below()
    confused = {f"{label} read as {sector}": rows for label, sector, rows in found.confused}
    return dg.AssetCheckResult(
        passed=not below,
        description="; ".join(
            f"{name} {value:.1%} is below its floor of {FLOORS[name]:.0%}"
            for name, value in below.items()
        )
        or None,
        metadata={
            "labels": found.labels,
            **{
                name: round(value, 4)
                for name, value in (
                    ("sector_accuracy", found.sector),
                    ("sector_accuracy_held_out", held_out.sector),
                    ("sector_macro_f1", found.macro_f1),
                    ("inputs_accuracy", found.inputs),
                    ("outputs_accuracy", found.outputs),
                    ("left_general", found.general),
                )
                if value is not None
            },
            "most_confused": dict(list(confused.items())[:SHOWN_PAIRS]),
        },
    )
