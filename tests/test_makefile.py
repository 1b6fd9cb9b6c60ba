"""`make install` with a made-up Python: when it makes the virtual environment again."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import PROJECT

# Records its arguments. The environments that it makes contain a copy of it.
PYTHON = """#!/bin/sh
echo "$@" >> "{folder}/asked"
case "$*" in "-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python;; esac
"""
WITHOUT_PIP = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    if not shutil.which("make"):
        pytest.skip("make is not on this machine")
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path)
    write_program(tmp_path / "python", PYTHON.format(folder=tmp_path))
    return tmp_path


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def environments_made(checkout: Path) -> list[str]:
    """How often `make install` makes the environment, as arguments of Python."""
    (checkout / "asked").write_text("")
    subprocess.run(
        ["make", "install", f"PYTHON={checkout}/python"],
        cwd=checkout,
        capture_output=True,
        check=True,
    )
    assert (checkout / ".venv" / ".installed").exists()
    return [line for line in (checkout / "asked").read_text().splitlines() if "venv" in line]


def test_environment_without_pip_is_made_again(checkout):
    """Debian leaves one if python3-venv is missing."""
    write_program(checkout / ".venv" / "bin" / "python", WITHOUT_PIP)
    assert environments_made(checkout) == ["-m venv --clear .venv"]


def test_environment_is_made_once_and_kept_when_a_lock_changes(checkout):
    assert environments_made(checkout) == ["-m venv --clear .venv"]
    (checkout / ".venv" / ".installed").unlink()
    assert environments_made(checkout) == []
