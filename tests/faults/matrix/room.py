"""Refreshes with a full disk, and with a limit on the size of files."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.faults.limits import largest_file
from tests.faults.matrix.trial import NEWS, Bench, Trial, complaint, run
from tests.faults.memory import Used
from tests.faults.refreshes import Refreshes

KIND = "no room on the disk"
MEGABYTE = 1024 * 1024
ROOM = (0.5, 1, 2, 3, 4, 6, 8, 10, 12, 14)  # megabytes
LARGEST = (64, 256, 1_024, 4_096, 16_384)  # kilobytes
ENOUGH = 512 * MEGABYTE


class NoMountError(Exception):
    """This user cannot mount a file system."""


def trials(bench: Bench) -> Iterator[Trial]:
    """Limits on file size, then full disks. Raises NoMountError if mounting is not allowed."""
    for size in LARGEST:
        denied = largest_file(size * 1024)
        yield bench.tried(
            f"files of up to {size:,} kB", bench.copied(), partial(_short, bench, denied)
        )
    for megabytes in ROOM:
        with _small_disk(bench) as disk:
            refreshes = bench.released.copied_to(disk)
            yield bench.tried(
                f"{megabytes} MB left", refreshes, partial(_on_full_disk, bench, disk, megabytes)
            )


def _short(
    bench: Bench, denied: Callable[[], None] | None, refreshes: Refreshes
) -> tuple[str, Used]:
    bench.tell(NEWS)
    done, used = run(refreshes, denied)
    return complaint(done), used


def _on_full_disk(
    bench: Bench, disk: Path, megabytes: float, refreshes: Refreshes
) -> tuple[str, Used]:
    _resize(disk, _used(disk) + int(megabytes * MEGABYTE))
    try:
        return _short(bench, None, refreshes)
    finally:
        _resize(disk, ENOUGH)


@contextmanager
def _small_disk(bench: Bench) -> Iterator[Path]:
    """A resizable file system in memory."""
    disk = Path(tempfile.mkdtemp(dir=bench.folder))
    if os.geteuid() or not shutil.which("mount"):
        raise NoMountError("mounting a file system in memory needs root")
    mounted = _mount("-t", "tmpfs", "-o", f"size={ENOUGH}", "tmpfs", str(disk))
    if mounted.returncode:
        raise NoMountError(mounted.stderr.strip())
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _resize(disk: Path, size: int) -> None:
    resized = _mount("-o", f"remount,size={size}", str(disk))
    if resized.returncode:
        raise NoMountError(resized.stderr.strip())


def _mount(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)


def _used(disk: Path) -> int:
    found = os.statvfs(disk)
    return (found.f_blocks - found.f_bfree) * found.f_frsize
