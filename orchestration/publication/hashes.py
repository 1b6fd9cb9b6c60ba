"""Hashes that decide whether a run makes a new release: of its tables, and of its presentation."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from orchestration.runtime import texts
from orchestration.warehouse import marts as mart_files
from orchestration.warehouse.marts import Mart

# What tables look like as documents: this package, and the libraries that write for it.
_PRESENTING = (
    "duckdb", "xlsxwriter", "altair", "vl-convert-python", "jinja2", "lxml", "cn2an",
)  # fmt: skip


def content_sha256(folder: Path) -> str:
    """One hash over all marts: equal exactly when every Parquet file is."""
    digest = hashlib.sha256()
    for path in sorted((folder / "parquet").glob("*.parquet")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def presentation_sha256(marts: Sequence[Mart]) -> str:
    """One hash over what makes documents of the marts: a new program makes a new release."""
    digest = hashlib.sha256(repr([(name, version(name)) for name in _PRESENTING]).encode())
    digest.update(
        repr([(mart.name, mart.description, dict(mart.columns)) for mart in marts]).encode()
    )
    others = [Path(module.__file__) for module in (mart_files, texts)]
    for path in [*others, *sorted(Path(__file__).parent.rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
