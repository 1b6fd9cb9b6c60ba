"""Damage that a power cut, a disk or a person does to a file."""

from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], None]


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def unlink(path: Path) -> None:
    path.unlink()


DAMAGES: tuple[Damage, ...] = (halve, empty, overwrite, flip_a_bit, unlink)


def damage_files(root: Path, pattern: str, damage: Damage) -> dict[Path, bytes]:
    """Damage every file of a pattern in a folder, and return the previous contents."""
    found = {path: path.read_bytes() for path in root.glob(pattern) if path.is_file()}
    for path in found:
        # The files of a release are read-only.
        path.parent.chmod(0o755)
        path.chmod(0o644)
        damage(path)
    assert found, f"nothing to damage at {pattern}"
    return found
