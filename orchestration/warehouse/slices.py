"""Which models a change of some documents concerns, and how.

The rows of most tables depend only on rows of the same holder: the company with a code, or a
service. `meta.holder` of a model is an SQL expression for the holder of a row. After a change of
some documents, these tables get new rows for the holders concerned. All other tables, which count
over the whole register, are made again from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from orchestration.warehouse.manifest import read_manifest

# The tag of data tests that compare with facts about whole lists, so that a slice cannot pass them.
WHOLE_LISTS = "whole_lists"


@dataclass(frozen=True)
class Slices:
    """The nodes of the dbt project, and how they follow a change.

    `holders` are the tables made by holder, with the expression for the holder of a row.
    `of_slice` are the selectors of the nodes to build for some holders only, and `of_whole` those
    of the nodes to build from the tables of all holders. `seeds` are the tables that no document
    changes.
    """

    holders: Mapping[str, str]
    of_slice: tuple[str, ...]
    of_whole: tuple[str, ...]
    seeds: tuple[str, ...]


@cache
def read_slices() -> Slices:
    """The nodes of the project as its manifest declares them."""
    nodes: Mapping[str, Any] = read_manifest()["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    tables = {
        key: node
        for key, node in models.items()
        if not node["config"]["materialized"].endswith("view")
    }
    holders = {key: node for key, node in tables.items() if "holder" in node["config"]["meta"]}
    needed = _with_upstream(holders, models)
    tests = {key: _models_of(node) for key, node in nodes.items() if _is_test_of_models(node)}
    of_slice = [
        key
        for key, read in tests.items()
        if read <= needed
        and not read.isdisjoint(holders)
        and WHOLE_LISTS not in nodes[key]["tags"]
        # A warning names all its cases, not only those of some holders.
        and nodes[key]["config"]["severity"].lower() == "error"
    ]
    of_whole = [key for key in (*tables, *tests) if key not in holders and key not in of_slice]
    return Slices(
        holders={node["name"]: node["config"]["meta"]["holder"] for node in holders.values()},
        of_slice=tuple(_selector(nodes[key]) for key in (*needed, *of_slice)),
        of_whole=tuple(_selector(nodes[key]) for key in of_whole),
        seeds=tuple(node["name"] for node in nodes.values() if node["resource_type"] == "seed"),
    )


def _with_upstream(keys: Iterable[str], models: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """These models and all models that they read."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in models and key not in found:
            found.add(key)
            waiting += models[key]["depends_on"]["nodes"]
    return found


def _is_test_of_models(node: Mapping[str, Any]) -> bool:
    return node["resource_type"] == "test" and bool(_models_of(node))


def _models_of(node: Mapping[str, Any]) -> set[str]:
    return {key for key in node["depends_on"]["nodes"] if key.startswith("model.")}


def _selector(node: Mapping[str, Any]) -> str:
    """Selects one node: its name alone would select the whole project `filings` as well."""
    return ".".join(node["fqn"])
