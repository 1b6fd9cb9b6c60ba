"""Asset keys that are used in more than one module."""

from collections.abc import Iterable

import dagster as dg

from orchestration.warehouse.manifest import read_manifest
from scrapers.registers.base import Register

CANCELLATIONS = dg.AssetKey("cancellations")
FILINGS = dg.AssetKey("filings")
RELEASE = dg.AssetKey("release")
WAREHOUSE = dg.AssetKey("warehouse")


def raw_key(register: Register) -> dg.AssetKey:
    """The key of the archived documents of a register."""
    return dg.AssetKey([register.name, "raw"])


def validated_key(register: Register) -> dg.AssetKey:
    """The key of the validated rows of a register."""
    return dg.AssetKey([register.name, "validated"])


def versions_key(register: Register) -> dg.AssetKey:
    """The key of the table of all document versions of a register, which dbt reads."""
    return dg.AssetKey([register.name, "versions"])


def all_keys(registers: Iterable[Register]) -> set[dg.AssetKey]:
    """The keys of all assets in the definitions for these registers."""
    of_registers = {
        key(register) for register in registers for key in (raw_key, validated_key, versions_key)
    }
    nodes = read_manifest()["nodes"].values()
    of_dbt = {
        dg.AssetKey(node["name"]) for node in nodes if node["resource_type"] in {"model", "seed"}
    }
    return of_registers | of_dbt | {RELEASE, WAREHOUSE}
