"""Whole refreshes over the small source, in this process or in a separate one.

refreshes = Refreshes(data_dir, sites)
done = refreshes.run(healthy)
"""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest

from orchestration.publication.latest import DESCRIPTOR, descriptor
from orchestration.settings import PROJECT_ROOT
from tests.end_to_end.commands import (
    PATIENCE_SECONDS,
    REFRESH,
    CommandResult,
    environment,
    live,
    run_command,
    without_documents,
)
from tests.end_to_end.releases import latest
from tests.faults.nights import Nights
from tests.faults.source import REGISTER, Act, healthy, serves_list, tell
from tests.support.loopback import LoopbackSites
from tests.support.receiver import Receiver

# The waits before a request is repeated: the faults here do not go away.
WAITS = (
    "orchestration.defs.assets.step_retries.HTTP_RETRY_SECONDS",
    "scrapers.http.retries.REFUSAL_WAIT_SECONDS",
)


@dataclass(frozen=True)
class Done:
    """The exit status of a refresh and its output."""

    status: int
    said: str

    @property
    def lines(self) -> list[str]:
        return self.said.splitlines()


class Refreshes:
    """Refreshes over one data directory, which send their alerts to `inbox`."""

    def __init__(self, data_dir: Path, sites: LoopbackSites, inbox: Receiver | None = None) -> None:
        self.data_dir, self.sites, self.inbox = data_dir, sites, inbox

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables of each command."""
        return live(self.sites) | (self.inbox.settings if self.inbox else {})

    def copied_to(self, folder: Path, inbox: Receiver | None = None) -> "Refreshes":
        """A copy in another folder."""
        copied = shutil.copytree(self.data_dir, folder / "data", symlinks=True)
        return Refreshes(copied, self.sites, inbox)

    def run(self, act: Act, *, with_documents: bool = False) -> Done:
        """A refresh in this process over a source with this act."""
        tell(self.sites, act)
        documents = nullcontext() if with_documents else without_documents()
        with documents, pytest.MonkeyPatch.context() as patch:
            for name in WAITS:
                patch.setattr(name, 0)
            return _done(run_command(self.data_dir, "refresh", **self.settings))

    def status(self) -> Done:
        """The exit status and the output of `filings status`."""
        return _done(run_command(self.data_dir, "status", **self.settings))

    def take_alerts(self) -> list[tuple[str, list[str]]]:
        """The alerts since the last call: the event and the keys of the incidents of each."""
        if self.inbox is None:
            return []
        alerts = self.inbox.alerts
        self.inbox.received.clear()
        return alerts

    def start(self, before: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
        """Start a refresh in a separate process, which calls `before` first."""
        return subprocess.Popen(
            REFRESH,
            cwd=PROJECT_ROOT,
            env=environment(self.data_dir, **self.settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=before,  # noqa: PLW1509  sets limits only
            start_new_session=True,
        )

    def run_apart(self, act: Act, before: Callable[[], None] | None = None) -> Done:
        """A refresh in a separate process."""
        tell(self.sites, act)
        with self.start(before) as process:
            return ended(process)

    def has_same_rows_as(self, other: "Refreshes") -> bool:
        """Whether both releases have the same rows, regardless of fetch times."""
        return _rows_of(latest(self.data_dir)) == _rows_of(latest(other.data_dir))

    @property
    def content(self) -> str:
        """The content hash of the latest release."""
        return descriptor(latest(self.data_dir))["content_sha256"]

    def damaged_files(self) -> list[str]:
        """The files of the latest release that differ from its data package."""
        release = latest(self.data_dir)
        return [
            item["path"]
            for item in descriptor(release)["resources"]
            if f"sha256:{_sha256(release / item['path'])}" != item["hash"]
        ]

    def is_whole(self) -> bool:
        """Whether the latest release has all its files unchanged."""
        return (latest(self.data_dir) / DESCRIPTOR).exists() and not self.damaged_files()


def first_release(folder: Path, sites: LoopbackSites) -> Refreshes:
    """A published release over three lists, one of them amended once."""
    nights = Nights(folder, sites)
    row, *others = REGISTER.filings[3]
    earlier = serves_list(3, [replace(row, products="早先的产品（APP）"), *others])
    assert nights.pass_over(earlier, timedelta(days=-1)).failed == {}
    refreshes = Refreshes(nights.data_dir, sites)
    done = refreshes.run(healthy)
    assert done.status == 0, done.said
    return refreshes


def ended(process: "subprocess.Popen[str]") -> Done:
    """Wait for a refresh to end, or kill it and raise TimeoutExpired."""
    try:
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Done(process.returncode, said)


def _done(finished: CommandResult) -> Done:
    return Done(finished.status, finished.out + finished.err)


def _rows_of(release: Path) -> dict[str, int]:
    """A hash of the rows of each table, without times and columns that depend on fetches.

    `changes` is left out, since it depends on the previous release.
    """
    paths = (release / "parquet").glob("*.parquet")
    tables = {path.stem: pl.read_parquet(path) for path in paths if path.stem != "changes"}
    of_fetches = cs.by_name("list_version", "last_list_version", "list_versions", require_all=False)
    return {
        name: table.select(~cs.datetime() - of_fetches).hash_rows(seed=1).sum()
        for name, table in tables.items()
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
