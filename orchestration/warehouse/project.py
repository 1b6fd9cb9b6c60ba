"""The dbt project: where it is, and a hash of all that its parsing depends on."""

import hashlib
from importlib.metadata import version

from orchestration.settings import PROJECT_ROOT
from scrapers.errors import FilingsError

PROJECT_DIR = PROJECT_ROOT / "dbt_project"
SEEDS_DIR = PROJECT_DIR / "seeds"
TARGET_DIR = PROJECT_DIR / "target"

_SOURCE_SUFFIXES = {".sql", ".py", ".yml", ".md"}


class DbtError(FilingsError):
    """The dbt project does not parse."""


def project_sha256() -> str:
    """Hash of what the parsed project depends on: its files, dbt's version, where it lies."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(PROJECT_DIR.rglob("*")):
        if path.suffix in _SOURCE_SUFFIXES and TARGET_DIR not in path.parents:
            digest.update(str(path.relative_to(PROJECT_DIR)).encode() + path.read_bytes())
    # The manifest names the seeds' files, not their contents, so their names are enough.
    for path in sorted((PROJECT_DIR / "seeds").glob("*.csv")):
        digest.update(path.name.encode())
    digest.update(str(PROJECT_DIR).encode())
    return digest.hexdigest()
