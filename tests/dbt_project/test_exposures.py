"""Exposures list the marts that each document of a release reads, and every model has a group."""

import re

from dbt.contracts.graph.manifest import Manifest

from orchestration.warehouse.manifest import marts as all_marts
from tests.support.paths import PROJECT

PUBLICATION = PROJECT / "orchestration" / "publication"


def marts(manifest: Manifest) -> set[str]:
    return {
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model" and "marts" in node.fqn
    }


def upstream(manifest: Manifest, exposure: str) -> set[str]:
    nodes = manifest.exposures[f"exposure.filings.{exposure}"].depends_on.nodes
    return {name.rsplit(".", 1)[-1] for name in nodes}


def tables_read(texts: list[str]) -> set[str]:
    """Names that follow `from` or `join` in a query."""
    return {name for text in texts for name in re.findall(r"(?:from|join) ([a-z_]+)", text)}


def test_the_workbook_depends_on_every_mart(manifest: Manifest):
    assert upstream(manifest, "workbook") == marts(manifest)


def test_the_report_depends_on_the_marts_of_its_queries(manifest: Manifest):
    queries = (PUBLICATION / "report" / "queries").glob("*.sql")
    read = tables_read([path.read_text(encoding="utf-8") for path in queries])
    assert upstream(manifest, "report") == read & marts(manifest)


def test_the_feed_depends_on_the_marts_of_its_queries(manifest: Manifest):
    paths = [*(PUBLICATION / "feed").glob("*.py"), PUBLICATION / "context.py"]
    read = tables_read([path.read_text(encoding="utf-8").replace("(", " ") for path in paths])
    # The marts of lists are named by their declaration.
    with_lists = {mart.name for mart in all_marts() if mart.compared and mart.compared.feed_month}
    assert upstream(manifest, "feed") == (read & marts(manifest)) | with_lists


def test_every_model_and_seed_has_a_group_with_an_owner(manifest: Manifest):
    groups = {group.name: group.owner.name for group in manifest.groups.values()}
    nodes = [n for n in manifest.nodes.values() if n.resource_type in ("model", "seed")]
    assert {node.config.group for node in nodes} == set(groups)
    assert all(groups.values())
