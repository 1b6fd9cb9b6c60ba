"""The models: the dbt project as assets, its tests as checks, built in this process.

Sources of the dbt project are the files that `list_versions` and `cancellation_notices` stand for,
so the models follow the state after validation, whatever batches a run was about.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.defs.asset_keys import CANCELLATION_NOTICES, LIST_VERSIONS
from orchestration.defs.resources import Register
from orchestration.runtime.progress import Step, tell
from orchestration.warehouse import manifest as dbt
from orchestration.warehouse.cache import bring_up_to_date
from orchestration.warehouse.tables import TableFacts
from scrapers.errors import FilingsError, first_lines


class Translator(DagsterDbtTranslator):
    """Plain names as asset keys, the folder as group, and two upstreams for all sources."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            is_of_notices = dbt_resource_props["name"].startswith("cancellation")
            return CANCELLATION_NOTICES if is_of_notices else LIST_VERSIONS
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        return dbt_resource_props["fqn"][1]


TRANSLATOR = Translator(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))


@dbt_assets(
    manifest=dbt.read_manifest(),
    dagster_dbt_translator=TRANSLATOR,
    exclude="resource_type:unit_test",
)
def models(context: dg.AssetExecutionContext, register: Register) -> Iterator[Any]:
    """Build the warehouse; a failing test of severity error stops the run before publication."""
    tell(Step("models"))
    register.record_stage(context.run.run_id, "models")
    try:
        built, is_new = bring_up_to_date(register.data_dir)
    except FilingsError as error:
        register.record_stage(context.run.run_id, "models", str(error))
        raise dg.Failure(str(error), allow_retries=False) from error
    message = _message(built, is_new)
    context.log.info(message)
    tell(Step("models", message))
    for warning in first_lines(built.warnings):
        context.log.warning(warning)
    for event in built.events:
        result = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
        for told in result.to_default_asset_events(
            manifest=dbt.read_manifest(), dagster_dbt_translator=TRANSLATOR, context=context
        ):
            yield _with_facts(told, built.tables) if isinstance(told, dg.Output) else told
    if built.failures:
        problem = "\n".join(first_lines(built.failures))
        register.record_stage(context.run.run_id, "models", problem)
        raise dg.Failure(problem, allow_retries=False)


def _message(built: dbt.Build, is_new: bool) -> str:
    if built.failures:
        return f"models failed: {len(built.failures)} nodes"
    return "models built and tested" if is_new else "models as before: nothing they read changed"


def _with_facts(
    output: dg.Output, tables: dict[str, TableFacts]
) -> dg.Output | dg.MaterializeResult:
    """The output of a table with its rows, its first rows, and its content as data version."""
    facts = tables.get(output.output_name)
    if facts is None:
        return output
    return dg.MaterializeResult(
        asset_key=output.output_name,
        metadata={
            **output.metadata,
            "dagster/row_count": facts.rows,
            "preview": dg.MetadataValue.md(facts.preview),
        },
        data_version=dg.DataVersion(facts.content_hash),
    )
