"""The result of the last attempt at each document, `data/ingest_results/<folder>.json`.

Folders are those of the archive. The steps of a run learn from these files, and `filings status`
shows the operator, what went wrong. `last_run.json` says how far the last run came,
`last_finished.json` when a run last finished, and `alarms/<register>.json` which announcements the
last discovery did not understand.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from scrapers.files import write_json
from scrapers.registers.base import Register

LAST_RUN = "last_run.json"
LAST_FINISHED = "last_finished.json"
ALARMS = "alarms"
FINISHED = "finished"
# The last is of an earlier version.
_NO_RESULTS = {LAST_RUN, LAST_FINISHED, "alarms.json"}

T = TypeVar("T")


@dataclass(frozen=True)
class IngestResult:
    """One attempt at one document. `problem` is the error's message, None where all went well.

    `is_transient` marks a failure that another attempt may mend. Counts are rows, against the
    accepted version before; `is_new` says whether the archive gained a version. `remarks` are not
    failures, yet an operator should know them. `gone_since` is when the source first no longer had
    the document, `returned` the hash of an older version that it gives instead of the one in use,
    since `returned_since`.
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


class IngestResults:
    """The files below `root`, `data/ingest_results/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def record(self, result: IngestResult) -> None:
        write_json(self.root / f"{result.folder}.json", asdict(result))

    def of(self, folder: str) -> IngestResult | None:
        """The last result of one document."""
        return _read(self.root / f"{folder}.json", IngestResult)

    def forget(self, folder: str) -> None:
        """Drop the result of a document that the source does not publish after all."""
        (self.root / f"{folder}.json").unlink(missing_ok=True)

    def of_register(self, register: Register) -> list[IngestResult]:
        """The last result of every document ever attempted, by folder."""
        return [result for result in self.all() if register.owns(result.folder)]

    def all(self) -> list[IngestResult]:
        """The last results of everything: documents, and answers that could not be archived."""
        paths = sorted(self.root.rglob("*.json"))
        found = (_read(path, IngestResult) for path in paths if self._is_result(path))
        return [result for result in found if result is not None]

    def of_run(self, run_id: str) -> list[IngestResult]:
        """What one run has recorded."""
        return [result for result in self.all() if result.run_id == run_id]

    def record_run(self, run: LastRun) -> None:
        write_json(self.root / LAST_RUN, asdict(run))
        if run.is_finished:
            write_json(self.root / LAST_FINISHED, asdict(run))

    def record_alarms(self, register: Register, alarms: Sequence[str]) -> None:
        """Note which announcements must be looked at. An empty list clears the note."""
        if list(alarms) != self._alarms(register.name):
            write_json(self.root / ALARMS / f"{register.name}.json", list(alarms))

    def alarms(self) -> list[str]:
        """The alarms of all registers, by the names of these."""
        names = sorted(path.stem for path in (self.root / ALARMS).glob("*.json"))
        return [alarm for name in names for alarm in self._alarms(name)]

    def last_run(self) -> LastRun | None:
        """How far the last run came, or None before the first."""
        return _read(self.root / LAST_RUN, LastRun)

    def last_finished(self) -> LastRun | None:
        """The last run that finished, or None where none has."""
        last = self.last_run()
        # A run of an earlier program version left no record but the one of the last run.
        return last if last and last.is_finished else _read(self.root / LAST_FINISHED, LastRun)

    def _alarms(self, register: str) -> list[str]:
        try:
            return list(json.loads((self.root / ALARMS / f"{register}.json").read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return []

    def _is_result(self, path: Path) -> bool:
        relative = path.relative_to(self.root)
        return relative.parts[0] not in {ALARMS, *_NO_RESULTS}


def _read(path: Path, kind: type[T]) -> T | None:
    """What a file says; None where it is missing, torn or of another program version."""
    try:
        return kind(**json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
