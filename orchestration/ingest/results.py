"""The outcome of the last attempt at each document, `data/outcomes/<folder>.json`.

A folder is a batch or a cancellation notice, as in the archive. It is how the steps of a run tell
each other, and `filings status` the operator, what went wrong. `last_run.json` says how far the
last run came, `last_finished.json` when one last came to its end, and `alarms.json` which notices
the last reading of the notice list did not understand.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from scrapers.files import write_json
from scrapers.registers.cancellations import NOTICES_FOLDER
from scrapers.registers.lists import NOTICE_LIST

LAST_RUN = "last_run.json"
LAST_FINISHED = "last_finished.json"
ALARMS = "alarms.json"
FINISHED = "finished"

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """One attempt at one list or notice. `problem` is the error's message, None where all went
    well.

    `is_transient` marks a failure that another attempt may mend. Counts are filings, against
    the accepted version before; `is_new` says whether the archive gained a version. `remarks` are
    no failures, yet an operator should know them. `gone_since` is when the source first had the
    document no more, `returned` the hash of an older version that it gives instead of the one in
    use, since `returned_since`.
    """

    folder: str
    run_id: str
    attempted_at: str
    version: str | None = None
    problem: str | None = None
    is_transient: bool = False
    is_new: bool = False
    rows: int = 0
    quarantined: int = 0
    added: int = 0
    amended: int = 0
    gone: int = 0
    remarks: Sequence[str] = ()
    gone_since: str | None = None
    returned: str | None = None
    returned_since: str | None = None


@dataclass(frozen=True)
class LastRun:
    """How far a run came: the stage it is in or stopped in, and what stopped it."""

    run_id: str
    stage: str
    at: str
    problem: str | None = None

    @property
    def is_finished(self) -> bool:
        return self.stage == FINISHED and not self.problem


class Outcomes:
    """The files below `data/outcomes/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def record(self, outcome: Outcome) -> None:
        write_json(self.root / f"{outcome.folder}.json", asdict(outcome))

    def of(self, folder: str) -> Outcome | None:
        """The last outcome of one document."""
        return _read(self.root / f"{folder}.json", Outcome)

    def forget(self, folder: str) -> None:
        """Drop the outcome of a document that the source does not publish after all."""
        (self.root / f"{folder}.json").unlink(missing_ok=True)

    def batches(self) -> list[Outcome]:
        """The last outcome of every batch ever attempted, by batch."""
        return self._matching("[0-9]*.json")

    def notices(self) -> list[Outcome]:
        """The last outcome of every cancellation notice ever attempted."""
        return self._matching(f"{NOTICES_FOLDER}/*.json")

    def all(self) -> list[Outcome]:
        """The last outcomes of everything: batches, notices, and the notice list if it failed."""
        return self.batches() + self.notices() + self._matching(f"{NOTICE_LIST}.json")

    def of_run(self, run_id: str) -> list[Outcome]:
        """What one run has recorded."""
        return [outcome for outcome in self.all() if outcome.run_id == run_id]

    def record_run(self, run: LastRun) -> None:
        write_json(self.root / LAST_RUN, asdict(run))
        if run.is_finished:
            write_json(self.root / LAST_FINISHED, asdict(run))

    def record_alarms(self, alarms: Sequence[str]) -> None:
        """Note what the notice list holds that must be looked at. No problems clear the note."""
        if list(alarms) != self.alarms():
            write_json(self.root / ALARMS, list(alarms))

    def alarms(self) -> list[str]:
        try:
            return list(json.loads((self.root / ALARMS).read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return []

    def last_run(self) -> LastRun | None:
        """How far the last run came, or None before the first."""
        return _read(self.root / LAST_RUN, LastRun)

    def last_finished(self) -> LastRun | None:
        """The last run that came to its end, or None where none has."""
        last = self.last_run()
        # A run of an earlier program version left no record but the one of the last run.
        return last if last and last.is_finished else _read(self.root / LAST_FINISHED, LastRun)

    def _matching(self, pattern: str) -> list[Outcome]:
        found = (_read(path, Outcome) for path in sorted(self.root.glob(pattern)))
        return [outcome for outcome in found if outcome is not None]


def _read(path: Path, kind: type[T]) -> T | None:
    """What a file says; None where it is missing, torn or of another program version."""
    try:
        return kind(**json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
