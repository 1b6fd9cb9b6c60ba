"""The specs of models and tests in a file: equal to those of dagster-dbt, and built when needed."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster_dbt.asset_specs import build_dbt_asset_specs

from orchestration.defs import dbt_specs as module
from orchestration.defs.dbt_specs import dbt_specs
from orchestration.defs.translator import TRANSLATOR
from orchestration.warehouse.manifest import read_manifest


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where the specs are kept, in place of the folder of the manifest."""
    monkeypatch.setattr(module, "SPECS_PATH", tmp_path / "specs.txt")
    dbt_specs.cache_clear()
    yield tmp_path / "specs.txt"
    dbt_specs.cache_clear()


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry per build of the specs."""
    found: list[str] = []
    build = module._built

    def built() -> dict[str, object]:
        found.append("built")
        return build()

    monkeypatch.setattr(module, "_built", built)
    return found


def again() -> module.Specs:
    """The specs as another process gets them."""
    dbt_specs.cache_clear()
    return dbt_specs()


def test_kept_specs_are_those_of_dagster_dbt(path, builds):
    dbt_specs()
    assets, checks = again()
    assert builds == ["built"]
    built = build_dbt_asset_specs(manifest=read_manifest(), dagster_dbt_translator=TRANSLATOR)
    expected = {spec.key: spec for spec in built}
    assert {spec.key for spec in assets} == set(expected)
    for spec in assets:
        plain = module._plain(expected[spec.key].metadata)
        assert spec == expected[spec.key].replace_attributes(metadata=plain)
    assert len(checks) > 100 and all(check.description for check in checks)
    assert {check.asset_key for check in checks} <= set(expected)


def test_torn_specs_are_built_again(path, builds):
    dbt_specs()
    whole = path.read_text()
    for torn in (whole[: len(whole) // 2], whole.partition("\n")[0], whole[:-1] + "\0"):
        path.write_text(torn)
        assert again()[0]
    assert len(builds) == 4


@pytest.mark.parametrize("content", ["", "{", "of another version\n{}"])
def test_specs_of_another_version_are_built_again(path, builds, content):
    path.write_text(content)
    found = again()
    assert builds == ["built"] and again() == found and builds == ["built"]


def test_specs_are_built_again_after_a_change_of_the_project(path, builds, monkeypatch):
    dbt_specs()
    monkeypatch.setattr(module, "project_sha256", lambda: "of other files")
    again()
    assert builds == ["built", "built"]


def test_specs_are_built_in_each_process_if_they_cannot_be_kept(path, builds, monkeypatch):
    def refuse(target: Path, text: str) -> None:
        raise PermissionError(target)

    monkeypatch.setattr(module, "write_text", refuse)
    assert isinstance(dbt_specs()[0][0], dg.AssetSpec) and not path.exists()
    again()
    assert builds == ["built", "built"]
