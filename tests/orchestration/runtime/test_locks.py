"""The lock files: every package with its version and hashes, and no registry."""

import re

import pytest

from orchestration.settings import PROJECT_ROOT

PINNED = re.compile(
    r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.!+]+( ; [^\n\\]+)? \\\n"
    r"(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+"
    r"(    # .*\n)*"
)


@pytest.mark.parametrize("name", ["requirements.lock", "divisions.lock"])
def test_lock_pins_every_package_by_hash(name):
    packages = re.split(r"^(?=\S)", (PROJECT_ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    assert packages
    assert [package for package in packages if not PINNED.fullmatch(package)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "divisions.lock"])
def test_lock_names_no_registry(name):
    assert not re.search(r"://|^\s*-(?!-hash)", (PROJECT_ROOT / name).read_text(), re.MULTILINE)
