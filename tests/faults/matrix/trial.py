"""A trial: a fault during a refresh of a copied release, then a refresh that must heal it.

bench = Bench(folder, sites)
trial = bench.tried("killed after 2.0 s", bench.copied(), fault)
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.releases import latest
from tests.faults.memory import Used, measured
from tests.faults.refreshes import Done, Refreshes, ended, first_release
from tests.faults.source import Act, announces, tell, with_batch_19
from tests.support.loopback import LoopbackSites, amend

GROWN = with_batch_19(19)
# The news that a refresh has to process: a new batch and an amendment.
NEWS = announces(amend(GROWN, 2, GROWN.filings[2][3].filing_number, products="新产品（APP）"))
LINES = 60


@dataclass(frozen=True)
class Trial:
    """The result of a trial; `wrong` is empty if it passed. Figures are those of its worst run."""

    fault: str
    wrong: str
    used: Used


class Bench:
    """A release to copy, and the release after a refresh without a fault."""

    def __init__(self, folder: Path, sites: LoopbackSites) -> None:
        self.folder, self.sites = folder, sites
        self.released = first_release(folder, sites)
        self.undisturbed = self.copied()
        self.tell(NEWS)
        done, self.usual = run(self.undisturbed)
        assert done.status == 0, done.said

    def tell(self, act: Act) -> None:
        """Change the answers of the source."""
        tell(self.sites, act)

    def copied(self) -> Refreshes:
        """A copy of the release in a new folder."""
        return self.released.copied_to(Path(tempfile.mkdtemp(dir=self.folder)))

    def tried(
        self,
        fault: str,
        refreshes: Refreshes,
        meet: Callable[[Refreshes], tuple[str, Used]],
        healing: Act = NEWS,
    ) -> Trial:
        """Run a fault on a copy, then a refresh over a healthy source that must heal it.

        `meet` runs the fault, and returns what went wrong and what the run used. `healing` is the
        act of the healthy source: NEWS, or `healthy` for no news.
        """
        wrong, used = meet(refreshes)
        wrong = wrong or self._after_fault(refreshes)
        self.tell(healing)
        done, used_healing = run(refreshes)
        expected = self.undisturbed if healing is NEWS else self.released
        wrong = wrong or _after_healing(refreshes, done, expected)
        shutil.rmtree(refreshes.data_dir.parent, ignore_errors=True)
        return Trial(fault, wrong, worst(used, used_healing))

    def _after_fault(self, refreshes: Refreshes) -> str:
        if not refreshes.is_whole():
            return f"the release has damaged files: {refreshes.damaged_files()}"
        if not any(map(refreshes.has_same_rows_as, (self.released, self.undisturbed))):
            return "the release has neither the rows before the fault nor those expected after it"
        return ""


def run(refreshes: Refreshes, before: Callable[[], None] | None = None) -> tuple[Done, Used]:
    """Run and measure a refresh in a separate process, without changing the source."""
    with refreshes.start(before) as process, measured(process.pid) as used:
        done = ended(process)
    return done, used


def _after_healing(refreshes: Refreshes, done: Done, expected: Refreshes) -> str:
    if done.status:
        return f"the next run fails: {done.said[-500:]}"
    if list((refreshes.data_dir / "published").glob(".unfinished-*")):
        return "an unfinished release is left behind"
    if not refreshes.is_whole() or not refreshes.has_same_rows_as(expected):
        return f"the release after healing is wrong: {latest(refreshes.data_dir)}"
    return ""


def complaint(done: Done) -> str:
    """What is wrong with the failure of a refresh; empty for a message that fits a screen."""
    if "Traceback" in done.said:
        return f"a traceback: {done.said[-500:]}"
    if done.status not in (0, 1):
        return f"exit status {done.status}"
    if done.status and "error:" not in done.said:
        return "no message"
    return f"{len(done.lines)} lines of messages" if len(done.lines) > LINES else ""


def worst(*used: Used) -> Used:
    """The longest time and the highest memory."""
    return Used(max(item.seconds for item in used), max(item.megabytes for item in used))
