"""`datapackage.json`: the Frictionless Data Package of a release."""

import hashlib
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from orchestration.publication.changes import Changes
from orchestration.publication.context import ReleaseContext
from orchestration.publication.registers import RELEASE_TITLE, RegisterRows
from orchestration.settings import PROJECT_ROOT

_MEDIA_TYPES = {
    ".atom": "application/atom+xml",
    ".duckdb": "application/vnd.duckdb",
    ".parquet": "application/vnd.apache.parquet",
    ".html": "text/html",
    ".md": "text/markdown",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def data_package(
    context: ReleaseContext, name: str, changes: Changes, sums: Mapping[str, str]
) -> dict[str, Any]:
    """The descriptor of the files of a release; `sums` are the hashes to state in it."""
    folder = context.folder
    described = {f"parquet/{mart.name}.parquet": mart for mart in context.marts}
    resources = []
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        relative = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        resource: dict[str, Any] = {
            "name": relative.replace("/", "-").replace(".", "-").lower().replace("_", "-"),
            "path": relative,
            "mediatype": _MEDIA_TYPES[path.suffix],
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
        if mart := described.get(relative):
            resource |= {"rows": context.rows[mart.name], "description": mart.description}
        resources.append(resource)
    return {
        "profile": "data-package",
        "name": f"filings-{name.lower()}",
        "title": RELEASE_TITLE.en,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "code_version": context.code_version,
        "source": context.source,
        **sums,
        "registers": [_register(item.listed) for item in changes.registers],
        "batches": [
            {"batch_no": number, "filings": count} for number, count in changes.batches.items()
        ],
        "sources": [
            {"title": "Cyberspace Administration of China", "path": "https://www.cac.gov.cn"}
        ],
        "resources": resources,
    }


def _register(item: RegisterRows) -> dict[str, Any]:
    """The titles of a register, and the number of its lists and of their rows."""
    return {
        "register": item.compared.register,
        "title": item.title.en,
        "title_zh": item.title.zh,
        "documents": len(item.documents),
        "rows": item.count,
    }


def code_version() -> str:
    """The version of the package, with the commit if the code is a Git checkout."""
    number = version("filings-register")
    try:
        commit = subprocess.run(
            ["git", "-C", str(PROJECT_ROOT), "rev-parse", "--short", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:  # a machine without git
        return number
    return f"{number}+{commit.stdout.strip()}" if commit.returncode == 0 else number
