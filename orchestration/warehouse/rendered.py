"""The manifest that builds run: its SQL is rendered, so that dbt does not render it again.

dbt renders the Jinja of every model and test in each build, which takes as long as the SQL. The
result depends on the project only, so it is kept in the manifest when the project is parsed.
Import this module inside functions, not at the top of a module: dbt is slow to import.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.manifest import read_manifest

_JINJA = re.compile(r"\{[{%#]")


@cache
def rendered_manifest() -> Manifest:
    """The manifest with the compiled SQL of each node in place of its Jinja."""
    manifest = dict(read_manifest())
    nodes = manifest["nodes"].items()
    return Manifest.from_dict(manifest | {"nodes": {key: _rendered(node) for key, node in nodes}})


def _rendered(node: Mapping[str, Any]) -> dict[str, Any]:
    """The node with its compiled SQL, or as it is if dbt must render it: Python, seeds."""
    code = node.get("compiled_code")
    if not code or node["language"] != "sql" or _JINJA.search(code):
        return dict(node)
    rendered = {**node, "raw_code": code}
    if "test_metadata" in node:
        # dbt renders the arguments of a test even if its SQL has no use for them.
        rendered["test_metadata"] = {**node["test_metadata"], "kwargs": {}}
    return rendered
