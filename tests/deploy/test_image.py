"""The Dockerfile: what it copies is there and not ignored, and nothing else is in the context."""

import re
import subprocess
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath

import pytest

from orchestration.settings import PROJECT_ROOT

DOCKERFILE = PROJECT_ROOT / "deploy" / "docker" / "Dockerfile"


@cache
def tracked() -> list[str]:
    """The files of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("the project is not a Git checkout")
    return listed.stdout.splitlines()


def is_ignored(path: str) -> bool:
    """Whether .dockerignore leaves a file out: the last pattern that fits it or a parent counts."""
    ignored = False
    for line in (PROJECT_ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        names = [path, *map(str, PurePosixPath(path).parents)][:-1]
        if any(fits(name, pattern) for name in names):
            ignored = not line.startswith("!")
    return ignored


def fits(name: str, pattern: str) -> bool:
    """Whether a pattern fits a path. `*` fits within one folder, `**/` any folders."""
    if pattern.startswith("**/"):
        parts = name.split("/")
        return any(fits("/".join(parts[at:]), pattern[3:]) for at in range(len(parts)))
    found, wanted = name.split("/"), pattern.split("/")
    return len(found) == len(wanted) and all(map(fnmatchcase, found, wanted))


def copied() -> list[str]:
    """The sources of COPY in the first stage, which come from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE.read_text("utf-8"), re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


@pytest.mark.parametrize("source", copied())
def test_copied_path_is_in_the_context(source):
    files = [file for file in tracked() if file == source or file.startswith(f"{source}/")]
    assert files, "there is no such file"
    assert [file for file in files if is_ignored(file)] == []


def test_context_has_nothing_but_what_is_copied():
    sent = [file for file in tracked() if not is_ignored(file)]
    sources = copied()
    others = [
        file
        for file in sent
        if not any(file == source or file.startswith(f"{source}/") for source in sources)
    ]
    assert others == []


@pytest.mark.parametrize(
    "path",
    [
        ".git/config", ".venv/bin/python", "data/raw/001/list.docx", "deploy/docker/filings.env",
        "deploy/docker/.env", "dbt_project/target/manifest.json",
        "orchestration/cli/__pycache__/main.pyc",
    ],
)  # fmt: skip
def test_secrets_data_and_leftovers_stay_out_of_the_context(path):
    assert is_ignored(path)


def test_lock_of_the_extras_has_all_of_requirements_lock():
    pins = {
        name: set(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", text, re.MULTILINE))
        for name in ("requirements.lock", "requirements-extras.lock")
        if (text := (PROJECT_ROOT / name).read_text("utf-8"))
    }
    assert (
        pins["requirements.lock"] and pins["requirements.lock"] <= pins["requirements-extras.lock"]
    )


def test_image_runs_as_another_user_than_root():
    final = DOCKERFILE.read_text("utf-8").rpartition("FROM ")[2]
    assert re.findall(r"^USER (.*)$", final, re.MULTILINE) == ["10001:10001"]
