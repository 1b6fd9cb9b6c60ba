"""Checks of a register: its contract, and whether the latest version of each document is in use.

They cover the latest versions of all documents, not only of those in the run. Otherwise a failed
check would pass in a later run over other documents.
"""

from collections.abc import Iterator, Sequence

import dagster as dg
import polars as pl

from orchestration.defs.asset_keys import versions_key
from orchestration.validation.contracts.base import Contract
from orchestration.validation.results import ValidationResult
from orchestration.validation.store import ValidatedStore
from scrapers.errors import MAX_LINES
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
        description=f"The latest version of each {document} is in use. A version is held back if "
        "it is unreadable, if too many rows break the contract, are gone or were amended, if it "
        "has fewer rows than it states, or if it has the rows of another document.",
    )
    return [*of_contract, accepted]


def check_results(store: ValidatedStore) -> Iterator[dg.AssetCheckResult]:
    """The results of the checks in `check_specs`."""
    asset, contract = versions_key(store.register), store.contract
    latest = store.latest_results()
    none = pl.DataFrame(schema=dict(contract.quarantine_columns))
    readable = [result for result in latest if result.status != "unreadable"]
    cases = pl.concat([none, *map(store.quarantine, readable)])
    for name in contract.checks:
        failures = cases.filter(pl.col("check_name") == name)
        yield _contract_result(asset, name, failures, contract, latest)
    yield _accepted_result(asset, latest)


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


def _accepted_result(asset: dg.AssetKey, latest: Sequence[ValidationResult]) -> dg.AssetCheckResult:
    refused = [result for result in latest if result.status != "accepted"]
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=ACCEPTED,
        passed=not refused,
        metadata={
            "documents": len(latest),
            "documents_refused": len(refused),
            "refused": {
                result.folder: result.reason or result.status for result in refused[:MAX_LINES]
            },
        },
    )
