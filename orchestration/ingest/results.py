"""Ingest results: the outcome of the last attempt at each document, and of the last run.

They are stored as JSON in `data/ingest_results/`, where later steps of a run and `filings status`
read them:

    <folder>.json           the last attempt at a document, by its folder in the archive
    <register>.json         the last attempt to find a register's documents, if it failed
    last_run.json           the stage that the last run reached
    last_finished.json      the last run that finished
    last_tick.json          the last tick of the sensor (see `ticks`)
    deliveries.json         the targets that did not get the latest release
    alarms/<register>.json  announcements that the last discovery did not understand
"""

import json
import os
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from orchestration.ingest.ticks import LAST_TICK
from scrapers.files import write_json
from scrapers.registers.base import Register
from scrapers.stamps import Stamp, stamp_of

LAST_RUN = "last_run.json"
LAST_FINISHED = "last_finished.json"
DELIVERIES = "deliveries.json"
ALARMS = "alarms"
FINISHED = "finished"
# The problem of a run that the user stopped, by Ctrl-C or in the Dagster UI.
STOPPED_BY_USER = "stopped by the user"
# `alarms.json` was written by an earlier version.
_OTHER_FILES = {LAST_RUN, LAST_FINISHED, LAST_TICK, DELIVERIES, "alarms.json"}

T = TypeVar("T")


@dataclass(frozen=True)
class IngestResult:
    """The last attempt to ingest a document, or to find the documents of a register.

    For the latter, `discovery_of` is the title of the register, and `folder` is its name.

    `problem` is the error message, or None if the attempt succeeded, and `is_transient` is true for
    an error that may not occur again. Counts are numbers of rows, compared with the version in use
    before. `is_new` is true if a version was added to the archive. `remarks` are not errors, but
    worth an operator's attention.

    `gone_since` is when the document was first missing at the source. If the source serves an older
    version than the one in use, `returned` is the content hash of that version, and
    `returned_since` when it was first served again. Times are in ISO 8601.
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
    discovery_of: str | None = None


@dataclass(frozen=True)
class LastRun:
    """The stage that a run is in or stopped in, and the problem that stopped it, if any.

    `failures` is the number of documents and registers that failed in a run that published a
    release nevertheless. `started_at` and `at` are in ISO 8601. `trigger` is what started the run:
    `schedule`, `sensor`, `ui` or `command line`. Earlier versions recorded neither.
    """

    run_id: str
    stage: str
    at: str
    problem: str | None = None
    failures: int = 0
    started_at: str | None = None
    trigger: str | None = None

    @property
    def is_finished(self) -> bool:
        return self.stage == FINISHED and not self.problem


@dataclass(frozen=True)
class Deliveries:
    """The last publication of a release to the configured targets.

    `problems` has a message for each target that did not get it. `run_id` is empty if no run but
    `filings publish` made it.
    """

    run_id: str
    release: str
    at: str
    problems: Sequence[str] = ()


class IngestResults:
    """Reads and writes the files below `root` (`data/ingest_results/`)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def record(self, result: IngestResult) -> None:
        """Replace the result of a document."""
        write_json(self.root / f"{result.folder}.json", asdict(result))

    def of(self, folder: str) -> IngestResult | None:
        """The result of the last attempt at a document, or None."""
        return _read(self.root / f"{folder}.json", IngestResult)

    def of_discovery(self, register: Register) -> IngestResult | None:
        """The result of the last attempt to find a register's documents, if it failed."""
        return self.of(register.name)

    def forget(self, folder: str) -> None:
        """Remove the result of a document."""
        (self.root / f"{folder}.json").unlink(missing_ok=True)

    def of_register(self, register: Register) -> list[IngestResult]:
        """The results of a register's documents, sorted by folder."""
        return self._read_all(filter(register.owns, self._folders()))

    def all(self) -> list[IngestResult]:
        """All results: those of documents, and those of answers that could not be archived."""
        return self._read_all(self._folders())

    def of_run(self, run_id: str) -> list[IngestResult]:
        """The results that one run has recorded."""
        return [result for result in self.all() if result.run_id == run_id]

    def record_run(self, run: LastRun) -> None:
        """Record the stage of a run, and whether it has finished.

        When and how the run started is kept from its first record.
        """
        before = self.last_run()
        if before is None or before.run_id != run.run_id:
            before = run
        run = replace(
            run,
            failures=run.failures or before.failures,
            started_at=before.started_at or before.at,
            trigger=run.trigger or before.trigger,
        )
        write_json(self.root / LAST_RUN, asdict(run))
        if run.is_finished:
            write_json(self.root / LAST_FINISHED, asdict(run))

    def record_deliveries(self, deliveries: Deliveries) -> None:
        """Replace what is known of the targets. Nothing is written before the first problem."""
        if deliveries.problems or self.deliveries():
            write_json(self.root / DELIVERIES, asdict(deliveries))

    def deliveries(self) -> Deliveries | None:
        """The last publication to the targets; None if none has ever failed."""
        return _read(self.root / DELIVERIES, Deliveries)

    def delivery_problems(self, run_id: str | None = None) -> list[str]:
        """The problems of the targets that did not get the latest release.

        With `run_id`, only if that run published it.
        """
        found = self.deliveries()
        return list(found.problems) if found and run_id in (None, found.run_id) else []

    def record_alarms(self, register: Register, alarms: Sequence[str]) -> None:
        """Replace the alarms of a register. An empty list clears them."""
        if list(alarms) != self.alarms(register):
            write_json(self.root / ALARMS / f"{register.name}.json", list(alarms))

    def alarms(self, register: Register) -> list[str]:
        """The alarms of a register."""
        try:
            return list(json.loads((self.root / ALARMS / f"{register.name}.json").read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return []

    def last_run(self) -> LastRun | None:
        """The last run, or None if there was none."""
        return _read(self.root / LAST_RUN, LastRun)

    def last_finished(self) -> LastRun | None:
        """The last run that finished, or None if there was none."""
        last = self.last_run()
        # Earlier versions of this program only recorded the last run.
        return last if last and last.is_finished else _read(self.root / LAST_FINISHED, LastRun)

    def _folders(self) -> list[str]:
        """The folders that have a result, and the names of registers that have one, sorted."""
        found: list[str] = []
        for folder, below, names in os.walk(self.root):
            parent = Path(folder).relative_to(self.root).as_posix()
            is_root = parent == "."
            if is_root:
                below[:] = [name for name in below if name != ALARMS]
            others = _OTHER_FILES if is_root else ()
            prefix = "" if is_root else f"{parent}/"
            found += [prefix + name for name in names if _is_result(name, others)]
        return sorted((name.removesuffix(".json") for name in found), key=_path_order)

    def _read_all(self, folders: Iterable[str]) -> list[IngestResult]:
        return [result for folder in folders if (result := self.of(folder)) is not None]


def problem_texts(results: Iterable[IngestResult]) -> list[str]:
    """The problems of results as messages, each once.

    Registers that could not be discovered for the same reason, such as an unreadable response that
    they share, are named in one message.
    """
    titles: dict[str, list[str]] = {}
    for result in results:
        if result.problem:
            named = titles.setdefault(result.problem, [])
            named += [result.discovery_of] if result.discovery_of else []
    return [
        f"{', '.join(named)}: {problem}" if named else problem for problem, named in titles.items()
    ]


def _read(path: Path, kind: type[T]) -> T | None:
    """The content of a file. None if it is missing or torn, or lacks a required field.

    Fields that only a later version of the program knows are ignored.
    """
    try:
        stamp = stamp_of(path)
        if not stamp.is_at_rest:
            return _parsed(path, kind)
        return cast("T", _unchanged(path, cast("Hashable", kind), stamp))
    except (FileNotFoundError, ValueError, TypeError):
        return None


# A run looks up the results of all documents several times.
@lru_cache(maxsize=16_384)
def _unchanged(path: Path, kind: type[Any], stamp: Stamp) -> Any:
    """The content of a file; the stamp distinguishes what it held at other times."""
    return _parsed(path, kind)


def _parsed(path: Path, kind: type[T]) -> T:
    found = json.loads(path.read_bytes())
    return kind(**{name: found[name] for name in _names(kind) if name in found})


def _is_result(name: str, others: Collection[str]) -> bool:
    return name.endswith(".json") and name not in others


def _path_order(folder: str) -> list[str]:
    return folder.split("/")


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]
