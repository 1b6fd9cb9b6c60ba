"""The dbt models as assets and the dbt tests as checks, built in this process.

All models are built together, and only if one of their inputs has changed. Only then is each model
recorded as materialized, and each test as evaluated. Therefore the job selects neither, but only
`warehouse`, which stands for the build as a whole. Their events are logged here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.asset_keys import WAREHOUSE, versions_key
from orchestration.defs.assets.materializations import DATA_VERSION_TAG
from orchestration.defs.assets.step_retries import stopped
from orchestration.defs.dbt_specs import dbt_specs
from orchestration.defs.resources import Workspace
from orchestration.runtime.progress import MODELS, ProgressEvent, emit
from orchestration.warehouse.build_cache import bring_up_to_date
from orchestration.warehouse.builds import Build
from orchestration.warehouse.manifest import read_manifest
from orchestration.warehouse.tables import TableFacts
from scrapers.errors import FilingsError, first_lines
from scrapers.registers.base import Register

STAGE = MODELS

DBT_SPECS, DBT_CHECKS = dbt_specs()

Event = (
    dg.AssetMaterialization
    | dg.AssetObservation
    | dg.AssetCheckResult
    | dg.AssetCheckEvaluation
    | dg.MaterializeResult[Any]
)


def build_models_assets(registers: Sequence[Register]) -> dg.AssetsDefinition:
    """Build the assets of all models, and the asset `warehouse` of the build as a whole."""
    warehouse = dg.AssetSpec(
        WAREHOUSE,
        # The job selects no models, so dependencies on the registers order its steps.
        deps=[*(spec.key for spec in DBT_SPECS), *map(versions_key, registers)],
        description="The build of all models, `data/warehouse.duckdb`. The database is private to "
        "the pipeline. It may be deleted; the next run rebuilds it.",
        group_name="warehouse",
        kinds={"dbt", "duckdb"},
    )

    @dg.multi_asset(
        name="models",
        specs=[*DBT_SPECS, warehouse],
        check_specs=DBT_CHECKS,
        can_subset=True,
        allow_arbitrary_check_specs=True,
        description="Build and test all models if any of their inputs has changed.",
    )
    def models(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[Event]:
        emit(ProgressEvent(STAGE))
        with workspace.stage(context.run.run_id, STAGE):
            yield from _build(context, workspace)

    return models


def _build(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[Event]:
    """Build the warehouse; a failing test of severity error stops the run before publication."""
    run_id = context.run.run_id
    try:
        built, is_new = bring_up_to_date(workspace.data)
    except FilingsError as error:
        raise stopped(workspace, run_id, STAGE, str(error)) from error
    message = _message(built, is_new)
    context.log.info("models %s", message)
    if not built.failures:
        emit(ProgressEvent(STAGE, message, ending="done" if is_new else "unchanged"))
    for warning in first_lines(built.warnings):
        context.log.warning(warning)
    # What an operator selected by name is recorded in any case.
    is_selected = bool({spec.key for spec in DBT_SPECS} & context.selected_asset_keys)
    are_checks_selected = bool(
        {spec.key for spec in DBT_CHECKS} & context.selected_asset_check_keys
    )
    if is_new or is_selected or are_checks_selected:
        yield from _events(context, built, with_models=is_new or is_selected)
    if built.failures:
        raise stopped(workspace, run_id, STAGE, "\n".join(first_lines(built.failures)))
    if WAREHOUSE in context.selected_asset_keys:
        yield dg.MaterializeResult(
            asset_key=WAREHOUSE,
            data_version=dg.DataVersion(built.content_hash),
            metadata={"is_new": is_new, "tables": len(built.tables)},
        )


def _events(
    context: dg.AssetExecutionContext, built: Build, *, with_models: bool
) -> Iterator[Event]:
    """The events of a build, node by node, or those of its tests only."""
    # It imports dbt, which a run that builds nothing does not need.
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

    from orchestration.defs.translator import TRANSLATOR

    for event in built.events:
        message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
        # With a context, the results of tests that were not selected would not be evaluations.
        for result in message.to_default_asset_events(
            manifest=read_manifest(), dagster_dbt_translator=TRANSLATOR
        ):
            if isinstance(result, dg.AssetCheckEvaluation):
                yield _check(context, result)
            elif isinstance(result, dg.AssetMaterialization):
                if with_models:
                    facts = built.tables.get(result.asset_key.to_python_identifier())
                    yield _materialization(context, result, facts)
            elif isinstance(result, dg.AssetObservation):
                yield result


def _check(
    context: dg.AssetExecutionContext, evaluation: dg.AssetCheckEvaluation
) -> dg.AssetCheckEvaluation | dg.AssetCheckResult:
    """The event of a test, in the form that Dagster requires of a check that was selected."""
    if evaluation.asset_check_key not in context.selected_asset_check_keys:
        return evaluation
    return dg.AssetCheckResult(
        asset_key=evaluation.asset_key,
        check_name=evaluation.check_name,
        passed=evaluation.passed,
        severity=evaluation.severity,
        metadata=evaluation.metadata,
    )


def _materialization(
    context: dg.AssetExecutionContext, made: dg.AssetMaterialization, facts: TableFacts | None
) -> dg.AssetMaterialization | dg.MaterializeResult[Any]:
    """The event of a node. Tables have a row count, a preview, and a data version."""
    key = made.asset_key
    metadata: dict[str, Any] = dict(made.metadata)
    tags = {}
    if facts:
        metadata["dagster/row_count"] = facts.rows
        metadata["preview"] = dg.MetadataValue.md(facts.preview)
        tags[DATA_VERSION_TAG] = facts.content_hash
    if key not in context.selected_asset_keys:
        return dg.AssetMaterialization(key, metadata=metadata, tags=tags)
    version = dg.DataVersion(facts.content_hash) if facts else None
    return dg.MaterializeResult(asset_key=key, metadata=metadata, data_version=version)


def _message(built: Build, is_new: bool) -> str:
    if built.failures:
        return f"failed: {len(built.failures)} nodes"
    return "built and tested" if is_new else "unchanged: their inputs are the same"
