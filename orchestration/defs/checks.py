"""Asset checks of our own: the contracts', whether everything a run asked for came through, and how
well filings are read.

dbt's tests appear as checks too, on the models; they are declared with dbt. Contract checks speak
of the latest version of every document, not only of those of the run, so that a later run over
other batches cannot turn them green.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import dagster as dg
import duckdb
import polars as pl

from orchestration.classification.quality import FLOORS, SHOWN_PAIRS, label_columns, measure
from orchestration.defs.asset_keys import (
    CANCELLATION_NOTICES,
    CANCELLATIONS,
    FILINGS,
    RELEASE,
    VALIDATED_FILINGS,
)
from orchestration.defs.resources import Register
from orchestration.runtime.texts import literal
from orchestration.validation.contracts.cancellation_notices import (
    CANCELLATION_CHECKS,
    CANCELLATION_QUARANTINE_COLUMNS,
)
from orchestration.validation.contracts.deep_synthesis import CHECKS, QUARANTINE_COLUMNS
from orchestration.validation.documents import ValidatedDocuments
from orchestration.validation.lists import ValidatedLists
from orchestration.validation.notices import ValidatedNotices
from orchestration.validation.results import Verdict
from orchestration.warehouse import manifest as dbt
from scrapers.documents.table import Row
from scrapers.errors import MAX_LINES, first_lines

SHOWN_CASES = 10

LIST_CHECK_SPECS = [
    dg.AssetCheckSpec(name, asset=VALIDATED_FILINGS, description=description)
    for name, description in CHECKS.items()
] + [
    dg.AssetCheckSpec(
        "list_accepted",
        asset=VALIDATED_FILINGS,
        description="The latest version of each list is in use: not unreadable, and not held back "
        "because too many of its rows break the contract, are gone or amended, because it shrank "
        "or counts higher than it has rows, because its numbers are those of another batch, or "
        "because it is far shorter than its review.",
    )
]
NOTICE_CHECK_SPECS = [
    dg.AssetCheckSpec(
        "contract",
        asset=CANCELLATION_NOTICES,
        description="Every record meets the contract. " + " ".join(CANCELLATION_CHECKS.values()),
    ),
    dg.AssetCheckSpec(
        "notice_accepted",
        asset=CANCELLATION_NOTICES,
        description="The latest version of each notice is in use: not unreadable, and not held "
        "back because too many of its records break the contract, are gone or amended, because "
        "they do not fit its title, or are those of another notice, or because it is far shorter "
        "than its review.",
    ),
]


def list_check_results(validated: ValidatedLists) -> Iterator[dg.AssetCheckResult]:
    """One result a check of the contract, and whether the latest lists are in use."""
    latest = _latest(validated)
    none = pl.DataFrame(schema=QUARANTINE_COLUMNS)
    cases = pl.concat([none, *_quarantines(validated, latest)])
    place = ["batch_no", "row_no", "column_name", "failure_value", "document_sha256"]
    for name in CHECKS:
        failures = cases.filter(pl.col("check_name") == name)
        yield _contract_result(VALIDATED_FILINGS, name, failures, place, latest)
    yield _accepted_result(VALIDATED_FILINGS, "list_accepted", latest)


def notice_check_results(validated: ValidatedNotices) -> Iterator[dg.AssetCheckResult]:
    """One result for the whole contract, and whether the latest notices are in use."""
    latest = _latest(validated)
    none = pl.DataFrame(schema=CANCELLATION_QUARANTINE_COLUMNS)
    cases = pl.concat([none, *_quarantines(validated, latest)])
    place = ["notice_id", "record_no", "check_name", "column_name", "failure_value"]
    yield _contract_result(CANCELLATION_NOTICES, "contract", cases, place, latest)
    yield _accepted_result(CANCELLATION_NOTICES, "notice_accepted", latest)


@dg.asset_check(
    asset=RELEASE,
    name="everything_came_through",
    blocking=True,
    description="Each batch that the run asked for, and each cancellation notice, was fetched and "
    "accepted. One that failed fails the run here, after the good ones have been published.",
)
def everything_came_through(
    context: dg.AssetCheckExecutionContext, register: Register
) -> dg.AssetCheckResult:
    # A run that repeats this step alone has recorded nothing itself: then the last word counts.
    outcomes = register.outcomes.of_run(context.run.run_id) or register.outcomes.all()
    problems = {outcome.folder: outcome.problem for outcome in outcomes if outcome.problem}
    told = first_lines(list(problems.values()))
    for problem in told:
        context.log.error(problem)
    return dg.AssetCheckResult(
        passed=not problems,
        # The UI reads it as Markdown.
        description="\n\n".join(map(literal, told)) or None,
        metadata={
            "documents": len(outcomes),
            "failed": len(problems),
            "problems": dict(islice(problems.items(), MAX_LINES)),
        },
    )


@dg.asset_check(
    asset=CANCELLATIONS,
    name="cancelled_by_its_own_name",
    # Red, but no reason to hold back a release: such a record cancels nothing.
    blocking=False,
    description="Each record names the filing of its number, or the filing's entity, by a name "
    "that lists or notes know. A record that fits neither waits for a review of its notice.",
)
def cancelled_by_its_own_name(register: Register) -> dg.AssetCheckResult:
    with duckdb.connect(str(register.data_dir / dbt.WAREHOUSE), read_only=True) as connection:
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
    # Red, but no reason to hold back a release: the facts in it are right all the same.
    blocking=False,
    description="Sectors, inputs and outputs agree with the seed filing_labels as often as the "
    "floors ask, on filings that two readings agree on; with few of them chance is allowed for.",
)
def classification_quality(register: Register) -> dg.AssetCheckResult:
    with duckdb.connect(str(register.data_dir / dbt.WAREHOUSE), read_only=True) as connection:
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


def _latest(validated: ValidatedDocuments[Row]) -> list[Verdict]:
    """The verdict on the latest version in every folder."""
    return [
        verdicts[-1] for folder in validated.folders() if (verdicts := validated.verdicts(folder))
    ]


def _quarantines(
    validated: ValidatedDocuments[Row], verdicts: Sequence[Verdict]
) -> Iterator[pl.DataFrame]:
    for verdict in verdicts:
        if verdict.status != "unreadable":
            yield validated.quarantine(verdict)


def _contract_result(
    asset: dg.AssetKey,
    name: str,
    cases: pl.DataFrame,
    place: Sequence[str],
    verdicts: Sequence[Verdict],
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=cases.is_empty(),
        # Quarantine has dealt with the rows already: an operator should look, and the run goes on.
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "rows_checked": sum(verdict.rows_listed for verdict in verdicts),
            "failures": cases.height,
            "failures_by_check": dict(Counter(cases["check_name"])),
            "top_cases": dg.MetadataValue.json(cases.head(SHOWN_CASES).select(place).to_dicts()),
        },
    )


def _accepted_result(
    asset: dg.AssetKey, name: str, verdicts: Sequence[Verdict]
) -> dg.AssetCheckResult:
    refused = [verdict for verdict in verdicts if verdict.status != "accepted"]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=not refused,
        metadata={
            "documents": len(verdicts),
            "documents_refused": len(refused),
            "refused": {
                verdict.folder: verdict.reason or verdict.status for verdict in refused[:MAX_LINES]
            },
        },
    )
