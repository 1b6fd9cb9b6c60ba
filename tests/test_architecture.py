"""The rules of the layout: which packages may import which, no circles, and modules of one page."""

import ast
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
    """The modules that a module names in its imports, wherever in it they are."""
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


def test_no_circle_of_imports():
    graph = {name: found & set(MODULES) - {name} for name, found in IMPORTS.items()}
    # Raises CycleError, which names the circle.
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
def test_a_package_knows_nothing_of_those_behind_it(package, foreign):
    known = [
        f"{name} imports {item}"
        for name, found in IMPORTS.items()
        if is_below(name, package)
        for item in found
        if any(is_below(item, other) for other in foreign)
    ]
    assert known == []


def test_only_the_entry_and_the_settings_are_at_the_top():
    at_top = {path.stem for path in (PROJECT / "orchestration").glob("*.py")}
    assert at_top == {"__init__", "definitions", "settings"}


def test_modules_are_of_readable_length():
    lengths = {name: path.read_text().count("\n") for name, path in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}
    assert median(lengths.values()) <= MEDIAN
