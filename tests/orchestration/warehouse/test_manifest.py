"""The manifest of the dbt project, and the keys of marts as the data tests in it check them."""

from collections.abc import Mapping
from pathlib import Path
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


def redirect(monkeypatch: pytest.MonkeyPatch, target: Path) -> Path:
    """Keep the manifest in another folder, and return where it then is."""
    monkeypatch.setattr(manifest, "TARGET_DIR", target)
    monkeypatch.setattr(manifest, "MANIFEST_PATH", target / "manifest.json")
    monkeypatch.setattr(manifest, "_FINGERPRINT", target / "manifest.sha256")
    return target / "manifest.json"


def test_manifest_that_is_up_to_date_is_used_without_writing(monkeypatch, tmp_path):
    """As in a container, whose file system is read-only."""
    path = redirect(monkeypatch, tmp_path)
    path.write_text("{}")
    (tmp_path / "manifest.sha256").write_text(manifest.project_sha256())
    before = sorted(tmp_path.iterdir())
    assert manifest.prepare_manifest() == path
    assert sorted(tmp_path.iterdir()) == before


def test_manifest_of_other_files_is_made_again(monkeypatch, tmp_path):
    path = redirect(monkeypatch, tmp_path)
    path.write_text("{}")
    (tmp_path / "manifest.sha256").write_text("of other files")
    monkeypatch.setattr(
        "orchestration.warehouse.in_process.parse", lambda: path.write_text('{"nodes": {}}')
    )
    assert manifest.prepare_manifest().read_text() == '{"nodes": {}}'
    assert (tmp_path / "manifest.sha256").read_text() == manifest.project_sha256()
