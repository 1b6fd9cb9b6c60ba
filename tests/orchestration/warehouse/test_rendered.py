"""The manifest that builds run, whose SQL is rendered."""

from typing import Any

import pytest

from orchestration.warehouse import rendered
from orchestration.warehouse.rendered import rendered_manifest
from tests.support.paths import PROJECT

TEST: dict[str, Any] = {
    "language": "sql",
    "raw_code": "{{ test_unique(**_dbt_generic_test_kwargs) }}",
    "compiled_code": "select 1",
    "test_metadata": {"name": "unique", "kwargs": {"model": "{{ ref('filings') }}"}},
}


def test_builds_render_no_sql_of_a_model_or_a_test():
    nodes = rendered_manifest().nodes.values()
    sql = [node for node in nodes if node.language == "sql" and node.resource_type != "seed"]
    assert {node.resource_type for node in sql} == {"model", "test"}
    assert not [node.name for node in sql if "{{" in node.raw_code or "{%" in node.raw_code]
    assert not [
        node.name for node in sql if (test := getattr(node, "test_metadata", None)) and test.kwargs
    ]


def test_rendered_sql_names_only_the_warehouse_and_no_folder():
    for node in rendered_manifest().nodes.values():
        if node.language == "sql" and node.resource_type != "seed":
            assert str(PROJECT) not in node.raw_code and "/tmp" not in node.raw_code


def test_arguments_of_a_rendered_test_are_left_out():
    found = rendered._rendered(TEST)
    assert found["raw_code"] == "select 1"
    assert found["test_metadata"] == {"name": "unique", "kwargs": {}}
    assert TEST["test_metadata"]["kwargs"]


@pytest.mark.parametrize(
    "change",
    [
        {"language": "python"},
        {"compiled_code": None},
        # As if a name contained it: dbt would render it a second time.
        {"compiled_code": "select '{{ this }}'"},
    ],
    ids=["Python", "not compiled", "Jinja in the SQL"],
)
def test_other_nodes_are_rendered_by_dbt(change: dict[str, Any]):
    assert rendered._rendered(TEST | change) == TEST | change
