"""The definitions that Dagster loads, built from the list of registers."""

from collections.abc import Sequence

import dagster as dg

from orchestration.defs import resources
from orchestration.defs.alerts import build_alert_sensors
from orchestration.defs.assets.models import build_models_assets
from orchestration.defs.assets.registers import build_register_assets
from orchestration.defs.assets.release import build_release_asset
from orchestration.defs.checks.models import cancelled_by_its_own_name, classification_quality
from orchestration.defs.checks.release import everything_came_through
from orchestration.defs.jobs import build_refresh_job, check_stores
from orchestration.defs.maintenance import build_maintenance
from orchestration.defs.policies import with_policies
from orchestration.defs.resources import Workspace
from orchestration.defs.schedules import build_schedules
from orchestration.defs.sensors import build_sensor
from orchestration.settings import NO_ALERTS, AlertSettings, Settings
from orchestration.validation.contracts.base import Contract
from orchestration.validation.contracts.lookup import contract_of
from scrapers.registers import REGISTERS
from scrapers.registers.base import Register


def make_definitions(
    contracts: Sequence[tuple[Register, Contract]],
    settings: Settings,
    alerts: AlertSettings = NO_ALERTS,
) -> dg.Definitions:
    """Build the definitions for these registers, each given with its contract."""
    workspace = Workspace.from_settings(settings)
    registers = [register for register, _ in contracts]
    assets = [build_register_assets(register, contract) for register, contract in contracts]
    assets += [build_models_assets(registers), build_release_asset(contracts)]
    checks = [cancelled_by_its_own_name, classification_quality, everything_came_through]
    maintain, maintenance = build_maintenance([*assets, *checks])
    return dg.Definitions(
        assets=with_policies(assets, registers),
        asset_checks=checks,
        jobs=[build_refresh_job(registers), check_stores, maintain],
        schedules=[*build_schedules(registers, workspace), maintenance],
        sensors=[
            build_sensor(registers, workspace, alerts),
            *build_alert_sensors(workspace, alerts),
        ],
        resources={resources.NAME: workspace},
        # Also for runs of assets started in the UI: the run lock requires a single process.
        executor=dg.in_process_executor,
    )


CONTRACTS = [(register, contract_of(register.name)) for register in REGISTERS]

defs = make_definitions(CONTRACTS, Settings.from_environment(), AlertSettings.from_environment())
