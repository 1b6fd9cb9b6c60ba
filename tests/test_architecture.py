"""The rules of the layout: allowed imports, no import cycles, and short modules."""

import ast
import shutil
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

from tests.support.paths import PROJECT

PACKAGES = ("scrapers", "orchestration")
LONGEST, MEDIAN = 300, 90


def name_of(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path
    for package in PACKAGES
    for path in sorted((PROJECT / package).rglob("*.py"))
}


def imports_of(path: Path) -> set[str]:
    """The modules that a module imports, including imports inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            submodules = named & set(MODULES)
            found |= submodules or {node.module}
    return found


IMPORTS = {name: imports_of(path) for name, path in MODULES.items()}


def is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_imports_have_no_cycles():
    graph = {name: found & set(MODULES) - {name} for name, found in IMPORTS.items()}
    # Raises CycleError, which names the cycle.
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


@pytest.mark.parametrize(
    ("package", "foreign"),
    [
        ("scrapers", ["orchestration", "dagster", "pandera", "dbt", "polars", "duckdb"]),
        ("scrapers.documents", ["scrapers.registers", "scrapers.archive", "scrapers.http"]),
        ("scrapers.archive", ["scrapers.registers"]),
        ("scrapers.fields", ["scrapers.registers", "scrapers.archive", "scrapers.http"]),
        ("orchestration.warehouse", ["orchestration.publication", "orchestration.defs", "dagster"]),
        ("orchestration.classification", ["dbt", "dagster", "orchestration.warehouse"]),
        ("orchestration.validation", ["dagster", "orchestration.ingest", "orchestration.defs"]),
        ("orchestration.ingest", ["dagster", "orchestration.defs", "orchestration.warehouse"]),
        ("orchestration.publication", ["dagster", "orchestration.defs", "orchestration.ingest"]),
        ("orchestration.defs", ["orchestration.cli"]),
    ],
)
def test_package_does_not_import_later_packages(package, foreign):
    known = [
        f"{name} imports {item}"
        for name, found in IMPORTS.items()
        if is_below(name, package)
        for item in found
        if any(is_below(item, other) for other in foreign)
    ]
    assert known == []


def test_top_level_has_only_definitions_and_settings():
    at_top = {path.stem for path in (PROJECT / "orchestration").glob("*.py")}
    assert at_top == {"__init__", "definitions", "settings"}


def test_modules_are_short():
    lengths = {name: path.read_text().count("\n") for name, path in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
    assert median(lengths.values()) <= MEDIAN


def test_no_leftover_of_a_merge_or_a_patch_is_tracked():
    if not shutil.which("git") or not (PROJECT / ".git").exists():
        pytest.skip("the project is not a Git checkout")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    files = listed.stdout.splitlines()
    assert "pyproject.toml" in files
    assert [file for file in files if file.endswith((".orig", ".rej"))] == []
