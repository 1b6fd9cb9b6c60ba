"""Files that count as at rest at once, so that a test need not wait."""

from pathlib import Path

import pytest

from orchestration.runtime import file_hashes


def let_files_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files that were just written count as at rest."""
    monkeypatch.setattr("scrapers.stamps.AT_REST_NS", -(10**9))


def count_hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are hashed from now on."""
    hashed: list[str] = []
    sha256_of = file_hashes.sha256_of

    def counted(path: Path) -> str | None:
        hashed.append(path.name)
        return sha256_of(path)

    monkeypatch.setattr(file_hashes, "sha256_of", counted)
    return hashed


def count_opened(monkeypatch: pytest.MonkeyPatch, suffix: str) -> list[Path]:
    """The files with this suffix that are read from now on, by `Path.read_bytes`."""
    opened: list[Path] = []
    read_bytes = Path.read_bytes

    def counted(path: Path) -> bytes:
        if path.suffix == suffix:
            opened.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    return opened
