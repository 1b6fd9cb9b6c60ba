"""The specs of the dbt models and tests, kept in a file next to the manifest.

Only dagster-dbt can build them, and it imports dbt, which takes a third of a run that builds
nothing. Therefore they are built again only when the dbt project or a program has changed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._serdes import deserialize_value, serialize_value

from orchestration.warehouse.manifest import read_manifest
from orchestration.warehouse.project import TARGET_DIR, project_sha256
from scrapers.files import write_text

SPECS_PATH = TARGET_DIR / "specs.txt"
_SOURCES = (Path(__file__), Path(__file__).with_name("translator.py"))
# Objects of dagster-dbt that lead from an asset to the manifest, for selections in dbt's syntax.
_OF_DAGSTER_DBT = {
    "dagster_dbt/manifest",
    "dagster_dbt/dagster_dbt_translator",
    "dagster_dbt/project",
}

Specs = tuple[Sequence[dg.AssetSpec], Sequence[dg.AssetCheckSpec]]


@cache
def dbt_specs() -> Specs:
    """The specs of all models, seeds and sources, and those of all data tests.

    Raises DbtError if the project does not parse.
    """
    fingerprint = _fingerprint()
    known = _kept(fingerprint)
    if known is None:
        known = _built()
        # A project that cannot be written to, as in a container, builds them in each process.
        with suppress(OSError):
            content = serialize_value(known)
            write_text(SPECS_PATH, f"{_first_line(fingerprint, content)}\n{content}")
    return (
        [dg.AssetSpec(**attributes) for attributes in known["assets"]],
        [dg.AssetCheckSpec(**attributes) for attributes in known["checks"]],
    )


def _kept(fingerprint: str) -> Mapping[str, Any] | None:
    """The attributes in the file, or None if there is none or it is another or a torn one."""
    try:
        first, _, content = SPECS_PATH.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    # Only the version of Dagster that wrote the content can certainly read it.
    if first != _first_line(fingerprint, content):
        return None
    return deserialize_value(content, dict)


def _first_line(fingerprint: str, content: str) -> str:
    return f"{fingerprint} {hashlib.sha256(content.encode()).hexdigest()}"


def _fingerprint() -> str:
    """The hash of everything that the specs depend on."""
    versions = [version(package) for package in ("dagster", "dagster-dbt")]
    digest = hashlib.sha256(" ".join([project_sha256(), *versions]).encode())
    for path in _SOURCES:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _built() -> dict[str, Any]:
    """The attributes of the specs, built by dagster-dbt."""
    from dagster_dbt.asset_utils import build_dbt_specs

    from orchestration.defs.translator import TRANSLATOR

    assets, checks = build_dbt_specs(
        translator=TRANSLATOR,
        manifest=read_manifest(),
        select="fqn:*",
        exclude="resource_type:unit_test",
        selector="",
        io_manager_key=None,
        project=None,
    )
    return {
        "assets": [_asset_attributes(spec) for spec in sorted(assets, key=lambda spec: spec.key)],
        "checks": [_check_attributes(spec) for spec in sorted(checks, key=lambda spec: spec.key)],
    }


def _asset_attributes(spec: dg.AssetSpec) -> dict[str, Any]:
    return {
        "key": spec.key,
        "deps": [dep.asset_key for dep in spec.deps],
        "description": spec.description,
        "metadata": _plain(spec.metadata),
        "skippable": spec.skippable,
        "group_name": spec.group_name,
        "code_version": spec.code_version,
        "owners": list(spec.owners),
        "tags": dict(spec.tags),
    }


def _check_attributes(spec: dg.AssetCheckSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "asset": spec.asset_key,
        "description": spec.description,
        "additional_deps": [dep.asset_key for dep in spec.additional_deps],
        "blocking": spec.blocking,
        "metadata": _plain(spec.metadata or {}),
    }


def _plain(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if name not in _OF_DAGSTER_DBT}
