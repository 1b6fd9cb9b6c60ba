"""Checks of the models: matching of cancellations, and quality of the classification."""

import dagster as dg
import duckdb
import polars as pl

from orchestration.classification.measured import firm
from orchestration.classification.quality import FLOORS, SHOWN_PAIRS, measure
from orchestration.defs.asset_keys import CANCELLATIONS, FILINGS, WAREHOUSE
from orchestration.defs.checks.contracts import SHOWN_CASES
from orchestration.defs.resources import Workspace


@dg.asset_check(
    asset=CANCELLATIONS,
    name="cancelled_by_its_own_name",
    additional_deps=[WAREHOUSE],
    # A failure does not hold back the release, because such a record cancels nothing.
    blocking=False,
    description="Each cancellation record gives the name of the algorithm or of the entity that "
    "its filing number belongs to, as it appears in lists or notes. A record that matches neither "
    "cancels nothing until its notice is reviewed.",
)
def cancelled_by_its_own_name(workspace: Workspace) -> dg.AssetCheckResult:
    """Fails if a cancellation record is in doubt."""
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
    # A failure does not hold back the release, because the published facts remain correct.
    blocking=False,
    description="The accuracy of the sectors, inputs and outputs that the rules derive is not "
    "below its minimum. It is measured on filings that were read twice with the same result and "
    "not amended since (seed filing_labels), in lists kept aside when terms were chosen; the "
    "minimum is lower if there are few of them.",
)
def classification_quality(workspace: Workspace) -> dg.AssetCheckResult:
    """Fails if a measure of the classification is below its minimum."""
    with duckdb.connect(str(workspace.data.warehouse), read_only=True) as connection:
        labelled = connection.sql(
            """
            select
                labels.list_month,
                labels.readers,
                labels.first_sector,
                labels.second_sector,
                labels.sector as label_sector,
                labels.inputs as label_inputs,
                labels.outputs as label_outputs,
                filings.sector_by_rules as sector,
                filings.inputs_by_rules as inputs,
                filings.outputs_by_rules as outputs,
                lists_in_sight.list_month is null as is_held_out
            from filings
            inner join filing_labels as labels using (filing_number)
            left join lists_in_sight on labels.list_month = lists_in_sight.list_month
            where filings.review_status = 'reviewed'
            """
        ).pl()
    rows = firm(labelled)
    found, in_sight = (
        measure(rows.filter(pl.col("is_held_out") == held)) for held in (True, False)
    )
    below = found.below()
    confused = {f"{label} classified as {sector}": rows for label, sector, rows in found.confused}
    return dg.AssetCheckResult(
        passed=not below,
        description="; ".join(
            f"{name} is {value:.1%}, below its minimum of {FLOORS[name]:.0%}"
            for name, value in below.items()
        )
        or None,
        metadata={
            "labels": found.labels,
            **{
                name: round(value, 4)
                for name, value in (
                    ("sector_accuracy", found.sector),
                    ("sector_accuracy_in_sight", in_sight.sector),
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
