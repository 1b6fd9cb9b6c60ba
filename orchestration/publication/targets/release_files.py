"""A release folder as the targets read it: its descriptor, its marts and its files."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publication.latest import DESCRIPTOR, descriptor, differences
from orchestration.publication.targets.delivered import TargetError
from orchestration.runtime.globs import exactly


@dataclass(frozen=True)
class Column:
    """A column of a mart, with its DuckDB type."""

    name: str
    type: str
    description: str | None


@dataclass(frozen=True)
class MartFile:
    """The Parquet file of a mart; `sha256` is the hash that the descriptor states."""

    name: str
    path: Path
    sha256: str
    rows: int
    description: str | None
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class ReleaseFiles:
    """A release folder and its descriptor."""

    folder: Path
    package: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def content_sha256(self) -> str:
        return str(self.package["content_sha256"])

    @cached_property
    def descriptor_sha256(self) -> str:
        """The hash of the descriptor, which states the hashes of all other files."""
        return hashlib.sha256((self.folder / DESCRIPTOR).read_bytes()).hexdigest()

    @cached_property
    def files(self) -> Mapping[str, tuple[int, str]]:
        """The size in bytes and the sha256 of each file except the descriptor, by its path."""
        return {
            str(item["path"]): (int(item["bytes"]), str(item["hash"]).removeprefix("sha256:"))
            for item in self.package["resources"]
        }

    def marts(self) -> list[MartFile]:
        """The marts, in the order of the descriptor."""
        with duckdb.connect() as connection:
            return [
                _mart(connection, self.folder, item)
                for item in self.package["resources"]
                if item["format"] == "parquet"
            ]

    def require_undamaged(self, names: Collection[str] | None = None) -> None:
        """Raise TargetError if one of these files (or any) is not as the descriptor states it."""
        if damage := next(differences(self.folder, names), None):
            raise TargetError(
                f"release {self.name} is damaged: {damage.path.name} {damage.found}",
                remedy="Run `filings refresh`, which replaces a damaged release",
            )

    def require_sources(self, former: object, where: str) -> None:
        """Raise TargetError if the release lacks a source of the one that is there.

        `former` is its `source`, such as `replica, live`. Releases without one are accepted.
        """
        own = self.package.get("source")
        if not _sources(former) <= _sources(own):
            raise TargetError(
                f"release {self.name} is from the source `{own}`, but the release that {where} has "
                f"is from `{former}`",
                remedy="Choose another target for each source, or add --force to `filings publish` "
                "to replace that release. Nothing was changed",
            )


def read_release(folder: Path) -> ReleaseFiles:
    """Read the descriptor of a release. Raises TargetError if there is none."""
    package = descriptor(folder)
    if "content_sha256" not in package or "resources" not in package:
        raise TargetError(
            f"{folder} is not a complete release: {DESCRIPTOR} cannot be read",
            remedy="Run `filings refresh`, and publish the latest release",
        )
    return ReleaseFiles(folder, package)


def _mart(
    connection: duckdb.DuckDBPyConnection, folder: Path, resource: Mapping[str, Any]
) -> MartFile:
    path = folder / str(resource["path"])
    described = {item["name"]: item.get("description") for item in resource["schema"]["fields"]}
    try:
        types = connection.read_parquet(exactly(path)).description
    except (duckdb.Error, OSError) as error:
        raise TargetError(f"{path} cannot be read: {error}") from error
    return MartFile(
        name=str(resource["name"]),
        path=path,
        sha256=str(resource["hash"]).removeprefix("sha256:"),
        rows=int(resource["row_count"]),
        description=resource.get("description"),
        columns=tuple(Column(item[0], str(item[1]), described.get(item[0])) for item in types),
    )


def _sources(text: object) -> set[str]:
    return set(text.split(", ")) if isinstance(text, str) and text else set()
