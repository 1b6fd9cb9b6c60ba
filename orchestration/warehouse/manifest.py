"""The manifest of the dbt project, and the marts in it.

The manifest does not depend on the data directory. It is parsed again only when a file of the
project has changed. dbt is imported only where it runs, because most runs do not need it.
"""

import fcntl
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.warehouse.compared import read_compared
from orchestration.warehouse.marts import Mart
from orchestration.warehouse.project import TARGET_DIR, project_sha256
from scrapers.files import write_text

MANIFEST_PATH = TARGET_DIR / "manifest.json"
_FINGERPRINT = TARGET_DIR / "manifest.sha256"


def prepare_manifest() -> Path:
    """Parse the project if it has changed, and return the path of its manifest.json.

    A manifest that is up to date is used even if the project cannot be written to, as in a
    container. Raises DbtError if the project does not parse.
    """
    fingerprint = project_sha256()
    if _is_up_to_date(fingerprint):
        return MANIFEST_PATH
    TARGET_DIR.mkdir(exist_ok=True)
    with (TARGET_DIR / ".lock").open("w") as lock:
        # The webserver, the daemon and the code server load the definitions at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_up_to_date(fingerprint):
            from orchestration.warehouse.in_process import parse

            parse()
            write_text(_FINGERPRINT, fingerprint)
    return MANIFEST_PATH


def _is_up_to_date(fingerprint: str) -> bool:
    """Whether the manifest is that of these files. The fingerprint is written after it."""
    known = _FINGERPRINT.read_text() if _FINGERPRINT.exists() else ""
    return known == fingerprint and MANIFEST_PATH.exists()


@cache
def read_manifest() -> Mapping[str, Any]:
    """The prepared manifest as plain data."""
    manifest: dict[str, Any] = json.loads(prepare_manifest().read_bytes())
    return manifest


def marts() -> list[Mart]:
    """The models in `models/marts/`, sorted by name: the tables of a release.

    Raises DbtError if a mart does not declare in full how it is compared.
    """
    nodes = read_manifest()["nodes"].values()
    found = [node for node in nodes if node["resource_type"] == "model" and "marts" in node["fqn"]]
    keys = dict(key for node in nodes if (key := _tested_key(node)))
    return sorted(
        (_mart(node, keys.get(node["unique_id"], ())) for node in found),
        key=lambda mart: mart.name,
    )


def _tested_key(node: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """The model and the columns that a data test checks to be its key; None for other nodes.

    A key with columns that can be null is none to the programs that read a table schema.
    """
    test = node.get("test_metadata") or {}
    arguments = test.get("kwargs", {})
    if test.get("name") == "is_key" and not arguments.get("nullable"):
        return node["attached_node"], tuple(arguments["columns"])
    if test.get("name") == "unique":
        return node["attached_node"], (arguments["column_name"],)
    return None


def _mart(node: Mapping[str, Any], key: tuple[str, ...]) -> Mart:
    changes = node["config"]["meta"].get("changes")
    return Mart(
        node["name"],
        _one_line(node["description"]),
        {name: _one_line(item["description"]) for name, item in node["columns"].items()},
        read_compared(node["name"], changes) if changes else None,
        key,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
