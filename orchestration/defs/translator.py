"""Translates nodes of the dbt project to Dagster assets and checks."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject


class Translator(DagsterDbtTranslator):
    """Uses node names as asset keys, folders as groups, and test descriptions for checks.

    The asset key of a source is in its `meta.dagster.asset_key`.
    """

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        return str(dbt_resource_props["fqn"][1])

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        description = manifest["nodes"][unique_id].get("description") or spec.description
        # A test of severity error that fails already fails the step, which stops the run. Blocking
        # checks would do the same, but would be missing in runs that do not rebuild the models.
        return spec._replace(description=description, blocking=False)


# Several sources map to the same asset, the table of versions of a register.
TRANSLATOR = Translator(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
