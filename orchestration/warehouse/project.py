"""The dbt project: its location, and a hash of everything that parsing depends on."""

import hashlib
from importlib.metadata import version

from orchestration.settings import PROJECT_ROOT
from scrapers.errors import FilingsError

PROJECT_DIR = PROJECT_ROOT / "dbt_project"
SEEDS_DIR = PROJECT_DIR / "seeds"
TARGET_DIR = PROJECT_DIR / "target"

_SOURCE_SUFFIXES = {".sql", ".py", ".yml", ".md"}


class DbtError(FilingsError):
    """dbt failed to parse, build or document the project."""


def project_sha256() -> str:
    """The hash of the project files, the dbt versions and the location of the project."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(PROJECT_DIR.rglob("*")):
        if path.suffix in _SOURCE_SUFFIXES and TARGET_DIR not in path.parents:
            digest.update(str(path.relative_to(PROJECT_DIR)).encode() + path.read_bytes())
    # The manifest has the file names of seeds, not their contents.
    for path in sorted((PROJECT_DIR / "seeds").glob("*.csv")):
        digest.update(path.name.encode())
    digest.update(str(PROJECT_DIR).encode())
    return digest.hexdigest()
