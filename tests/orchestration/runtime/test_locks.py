"""The lock files: every package with its version and hashes, and no registry."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from orchestration.settings import PROJECT_ROOT

LOCKS = [
    "requirements.lock",
    "requirements-extras.lock",
    "requirements-dev.lock",
    "requirements-spark.lock",
    "divisions.lock",
]

PINNED = re.compile(
    r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.!+]+( ; [^\n\\]+)? \\\n"
    r"(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+"
    r"(    # .*\n)*"
)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_every_package_by_hash(name):
    packages = re.split(r"^(?=\S)", (PROJECT_ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    assert packages
    assert [package for package in packages if not PINNED.fullmatch(package)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_registry(name):
    assert not re.search(r"://|^\s*-(?!-hash)", (PROJECT_ROOT / name).read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_leaves_out_what_downloads_a_binary_when_it_is_installed(name):
    pinned = _pinned(name)
    assert pinned
    assert pinned.isdisjoint(_excluded())


def test_packages_of_the_lock_ask_only_for_one_another_and_for_what_is_excluded():
    pinned = _pinned("requirements.lock")
    assert _asked_for(pinned) - pinned == _excluded() == {"dbt-core-experimental-parser"}


def test_locks_are_installed_without_what_their_packages_ask_for_besides():
    files = [PROJECT_ROOT / "Makefile", *(PROJECT_ROOT / "deploy").rglob("Dockerfile*")]
    lines = [line for file in files for line in file.read_text().splitlines()]
    installs = [line for line in lines if re.search(r"install .*-r requirements", line)]
    assert len(installs) >= 4
    assert [line for line in installs if "--no-deps" not in line] == []


def _pinned(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)", (PROJECT_ROOT / lock).read_text(), re.MULTILINE))


def _excluded() -> set[str]:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
    return set(project["tool"]["uv"]["exclude-dependencies"])


def _asked_for(packages: set[str]) -> set[str]:
    """What the installed ones of the packages require on this machine, without extras."""
    requirements = [Requirement(text) for package in packages for text in _requires(package)]
    return {
        canonicalize_name(requirement.name)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }


def _requires(package: str) -> list[str]:
    try:
        return requires(package) or []
    except PackageNotFoundError:
        return []  # for another platform
