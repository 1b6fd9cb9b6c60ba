"""Asset checks of our own: the contract's, and whether every batch of a run came through.

dbt's tests appear as checks too, on the models; they are declared with dbt. Contract checks speak
of the latest version of every list, not only of those of the run, so that a later run over other
batches cannot turn them green.
"""

from collections.abc import Iterable, Iterator

import dagster as dg
import polars as pl

from orchestration.contracts import CHECKS, QUARANTINE_COLUMNS
from orchestration.keys import RELEASE, VALIDATED_FILINGS
from orchestration.resources import Register
from orchestration.validated import ValidatedStore
from orchestration.verdicts import Verdict
from scrapers.lists import batch_key

SHOWN_CASES = 10

CONTRACT_CHECK_SPECS = [
    dg.AssetCheckSpec(name, asset=VALIDATED_FILINGS, description=description)
    for name, description in CHECKS.items()
] + [
    dg.AssetCheckSpec(
        "list_accepted",
        asset=VALIDATED_FILINGS,
        description="The latest version of each list is in use: not unreadable, and not held back "
        "because it shrank or because too many of its rows break the contract.",
    )
]


def contract_check_results(
    validated: ValidatedStore, batch_nos: Iterable[int]
) -> Iterator[dg.AssetCheckResult]:
    """One result a check, over the latest version of every list."""
    latest = [verdicts[-1] for number in batch_nos if (verdicts := validated.verdicts(number))]
    readable = [verdict for verdict in latest if verdict.status != "unreadable"]
    none = pl.DataFrame(schema=QUARANTINE_COLUMNS)
    cases = pl.concat([none, *(validated.quarantine(verdict) for verdict in readable)])
    for name in CHECKS:
        yield _contract_result(name, cases.filter(pl.col("check_name") == name), readable)
    refused = [verdict for verdict in latest if verdict.status != "accepted"]
    yield dg.AssetCheckResult(
        asset_key=VALIDATED_FILINGS,
        check_name="list_accepted",
        passed=not refused,
        metadata={
            "lists": len(latest),
            "refused": {batch_key(item.batch_no): item.reason or item.status for item in refused},
        },
    )


@dg.asset_check(
    asset=RELEASE,
    name="every_batch_came_through",
    blocking=True,
    description="Each batch that the run asked for was fetched and accepted. A batch that failed "
    "fails the run here, after the good ones have been published.",
)
def every_batch_came_through(
    context: dg.AssetCheckExecutionContext, register: Register
) -> dg.AssetCheckResult:
    # A run that repeats this step alone has recorded nothing itself: then the last word counts.
    outcomes = [
        outcome for outcome in register.outcomes.all() if outcome.run_id == context.run.run_id
    ] or register.outcomes.all()
    problems = {
        batch_key(outcome.batch_no): outcome.problem for outcome in outcomes if outcome.problem
    }
    for problem in problems.values():
        context.log.error(problem)
    return dg.AssetCheckResult(
        passed=not problems,
        # The UI reads it as Markdown, where the ~ of an address would strike words out.
        description="\n\n".join(problems.values()).replace("~", "\\~") or None,
        metadata={"batches": len(outcomes), "problems": problems},
    )


def _contract_result(
    name: str, cases: pl.DataFrame, verdicts: list[Verdict]
) -> dg.AssetCheckResult:
    shown = cases.head(SHOWN_CASES)
    return dg.AssetCheckResult(
        asset_key=VALIDATED_FILINGS,
        check_name=name,
        passed=cases.is_empty(),
        # Quarantine has dealt with the rows already; somebody should look, nothing need stop.
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "rows_checked": sum(verdict.rows_listed for verdict in verdicts),
            "failures": cases.height,
            "top_cases": dg.MetadataValue.json(
                shown.select(
                    "batch_no", "row_no", "column_name", "failure_value", "document_sha256"
                ).to_dicts()
            ),
        },
    )
