"""Hashes of the tables and of their presentation; a new release is made when either changes."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from orchestration.publication.registers import compared_marts, title_of
from orchestration.runtime import counts, sql, texts
from orchestration.warehouse import compared, updates
from orchestration.warehouse import marts as mart_files
from orchestration.warehouse.marts import Mart

# The libraries whose versions affect what the documents look like.
_PRESENTING = (
    "duckdb", "xlsxwriter", "altair", "vl-convert-python", "jinja2", "lxml", "cn2an",
)  # fmt: skip


def content_sha256(folder: Path) -> str:
    """One hash over all marts, equal exactly when all Parquet files are."""
    digest = hashlib.sha256()
    for path in sorted((folder / "parquet").glob("*.parquet")):
        digest.update(path.name.encode())
        # In parts: a file of millions of rows would fill the memory.
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


def presentation_sha256(marts: Sequence[Mart]) -> str:
    """One hash over the code, libraries and descriptions that turn the marts into documents."""
    digest = hashlib.sha256(repr([(name, version(name)) for name in _PRESENTING]).encode())
    digest.update(
        repr(
            [
                (mart.name, mart.description, dict(mart.columns), mart.compared, mart.key)
                for mart in marts
            ]
        ).encode()
    )
    titles = [title_of(declared.register) for _, declared in compared_marts(marts)]
    digest.update(repr(titles).encode())
    modules = (mart_files, updates, compared, counts, sql, texts)
    others = [Path(module.__file__) for module in modules if module.__file__]
    for path in [*others, *sorted(Path(__file__).parent.rglob("*"))]:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
