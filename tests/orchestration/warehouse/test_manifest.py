"""The keys of marts, as the data tests in the manifest of the dbt project check them."""

from collections.abc import Mapping
from typing import Any

import pytest

from orchestration.warehouse import manifest


def model(name: str) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "unique_id": f"model.{name}",
        "name": name,
        "fqn": ["filings", "marts", name],
        "description": "",
        "columns": {},
        "config": {"meta": {}},
    }


def data_test(name: str, kind: str, **arguments: object) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "attached_node": f"model.{name}",
        "test_metadata": {"name": kind, "kwargs": arguments},
    }


def keys_of(monkeypatch: pytest.MonkeyPatch, *nodes: Mapping[str, Any]) -> dict[str, tuple]:
    found = {"nodes": {str(place): node for place, node in enumerate(nodes)}}
    monkeypatch.setattr(manifest, "read_manifest", lambda: found)
    return {mart.name: mart.key for mart in manifest.marts()}


def test_key_comes_from_the_data_test_of_the_mart(monkeypatch):
    assert keys_of(
        monkeypatch, model("a"), model("b"), model("c"),
        data_test("a", "is_key", columns=["x", "y"]),
        data_test("b", "unique", column_name="z"),
        data_test("c", "rows_satisfy", condition="true"),
    ) == {"a": ("x", "y"), "b": ("z",), "c": ()}  # fmt: skip


def test_key_with_a_column_that_can_be_null_is_not_stated(monkeypatch):
    nullable = data_test("a", "is_key", columns=["x", "y"], nullable=["y"])
    assert keys_of(monkeypatch, model("a"), nullable) == {"a": ()}
