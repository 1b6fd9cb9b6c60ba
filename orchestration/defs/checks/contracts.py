"""Checks of a register: its contract, and whether the latest version of each document is in use.

They cover the latest versions of all documents, not only of those in the run. Otherwise a failed
check would pass in a later run over other documents.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import dagster as dg
import polars as pl

from orchestration.defs.asset_keys import versions_key
from orchestration.ingest.results import IngestResults
from orchestration.runtime.texts import literal
from orchestration.validation.contracts.base import Contract
from orchestration.validation.results import ValidationResult
from orchestration.validation.store import ValidatedStore
from scrapers.errors import MAX_LINES, first_lines
from scrapers.registers.base import Register

ACCEPTED = "accepted"
SHOWN_CASES = 10


def check_specs(register: Register, contract: Contract) -> list[dg.AssetCheckSpec]:
    """One asset check per check of the contract, and one for the acceptance gates."""
    asset = versions_key(register)
    document = register.terms.document
    of_contract = [
        dg.AssetCheckSpec(name, asset=asset, description=description)
        for name, description in contract.checks.items()
    ]
    accepted = dg.AssetCheckSpec(
        ACCEPTED,
        asset=asset,
        description=f"The announcements were read and understood, the last attempt at each "
        f"{document} succeeded, and its latest version is in use. A version is held back if too "
        "many rows break the contract, are gone or were amended, if it has fewer rows than it "
        "states, or if it has the rows of another document.",
    )
    return [*of_contract, accepted]


def check_results(store: ValidatedStore, ingested: IngestResults) -> Iterator[dg.AssetCheckResult]:
    """The results of the checks in `check_specs`.

    `ingested` has the last attempts. A document that could not be fetched or read has no new
    version in the store, where the last good version stays in use.
    """
    asset, contract = versions_key(store.register), store.contract
    latest = store.latest_results()
    none = pl.DataFrame(schema=dict(contract.quarantine_columns))
    quarantined = [result for result in latest if result.rows_quarantined]
    cases = pl.concat([none, *map(store.quarantine, quarantined)])
    for name in contract.checks:
        failures = cases.filter(pl.col("check_name") == name)
        yield _contract_result(asset, name, failures, contract, latest)
    yield _accepted_result(store.register, latest, ingested)


def _contract_result(
    asset: dg.AssetKey,
    name: str,
    failures: pl.DataFrame,
    contract: Contract,
    latest: Sequence[ValidationResult],
) -> dg.AssetCheckResult:
    place = contract.place
    shown = [place.document, place.row, "column_name", "failure_value", "document_sha256"]
    cases = failures.head(SHOWN_CASES).select(shown).to_dicts()
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=name,
        passed=failures.is_empty(),
        # The rows are in quarantine already. An operator should look, but the run continues.
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "rows_checked": sum(result.rows_listed for result in latest),
            "failures": failures.height,
            "top_cases": dg.MetadataValue.json(cases),
        },
    )


def _accepted_result(
    register: Register, latest: Sequence[ValidationResult], ingested: IngestResults
) -> dg.AssetCheckResult:
    refused = {
        result.folder: f"{result.folder}: {result.reason or result.status}"
        for result in latest
        if result.status != "accepted"
    }
    attempts = [*ingested.of_register(register), ingested.of_discovery(register)]
    failed = {item.folder: item.problem for item in attempts if item and item.problem}
    alarms = ingested.alarms(register)
    problems = refused | failed
    messages = [*problems.values(), *(f"announcement not understood: {item}" for item in alarms)]
    return dg.AssetCheckResult(
        asset_key=versions_key(register),
        check_name=ACCEPTED,
        passed=not messages,
        # The UI renders it as Markdown.
        description="\n\n".join(map(literal, first_lines(messages))) or None,
        metadata={
            "documents": len(latest),
            "documents_refused": len(refused),
            "failed": len(failed),
            "not_understood": len(alarms),
            "problems": dict(islice(problems.items(), MAX_LINES)),
        },
    )
