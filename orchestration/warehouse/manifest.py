"""The dbt project as the rest of the program sees it: its manifest, its marts, what a build found.

The manifest does not depend on the data directory; it is parsed again only when a file of the
project has changed. dbt itself is imported where it runs, in `dbt_runner`: most runs need neither.
"""

import fcntl
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse.marts import Mart
from orchestration.warehouse.tables import TableFacts
from scrapers.errors import FilingsError
from scrapers.files import write_text

PROJECT_DIR = PROJECT_ROOT / "dbt_project"
TARGET_DIR = PROJECT_DIR / "target"
MANIFEST_PATH = TARGET_DIR / "manifest.json"
WAREHOUSE = "warehouse.duckdb"

_FINGERPRINT = TARGET_DIR / "manifest.sha256"
_SOURCE_SUFFIXES = {".sql", ".py", ".yml", ".md"}


class DbtError(FilingsError):
    """The dbt project does not parse."""


@dataclass(frozen=True)
class Build:
    """What a build did: dbt's structured result events; what failed and what only warned, in words;
    and the tables that are in the warehouse now."""

    events: list[dict[str, Any]]
    failures: list[str]
    warnings: list[str]
    tables: dict[str, TableFacts]


def prepare_manifest() -> Path:
    """Parse the project if it has changed since; the path of its manifest.json.

    Raises DbtError when the project does not parse.
    """
    TARGET_DIR.mkdir(exist_ok=True)
    with open(TARGET_DIR / ".lock", "w") as lock:
        # Webserver, daemon and code server load the definitions at the same moment.
        fcntl.flock(lock, fcntl.LOCK_EX)
        fingerprint = project_sha256()
        known = _FINGERPRINT.read_text() if _FINGERPRINT.exists() else ""
        if known != fingerprint or not MANIFEST_PATH.exists():
            from orchestration.warehouse.runner import parse

            parse()
            write_text(_FINGERPRINT, fingerprint)
    return MANIFEST_PATH


@cache
def read_manifest() -> Mapping[str, Any]:
    """The prepared manifest as plain data."""
    return json.loads(prepare_manifest().read_bytes())


def marts() -> list[Mart]:
    """The models in `models/marts/`, by name: what a release publishes."""
    nodes = read_manifest()["nodes"].values()
    found = [node for node in nodes if node["resource_type"] == "model" and "marts" in node["fqn"]]
    return sorted(
        (
            Mart(
                node["name"],
                _one_line(node["description"]),
                {name: _one_line(item["description"]) for name, item in node["columns"].items()},
            )
            for node in found
        ),
        key=lambda mart: mart.name,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def project_sha256() -> str:
    """Hash of what the parsed project depends on: its files, dbt's version, where it lies."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(PROJECT_DIR.rglob("*")):
        if path.suffix in _SOURCE_SUFFIXES and TARGET_DIR not in path.parents:
            digest.update(str(path.relative_to(PROJECT_DIR)).encode() + path.read_bytes())
    # The manifest names the seeds' files, not their contents, so their names are enough.
    for path in sorted((PROJECT_DIR / "seeds").glob("*.csv")):
        digest.update(path.name.encode())
    digest.update(str(PROJECT_DIR).encode())
    return digest.hexdigest()
