"""The health of the data directory in one word, with the open incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from orchestration.incidents.book import read_book
from orchestration.incidents.incident import Incident
from orchestration.incidents.report import open_incidents
from orchestration.inspection.status import Status
from orchestration.runtime.data_dir import DataDir

State = Literal["well", "failed", "overdue"]
EXIT_STATUS: dict[State, int] = {"well": 0, "failed": 1, "overdue": 2}


@dataclass(frozen=True)
class Health:
    """The open incidents, and whether a run is overdue.

    `failed_message` is why the last message could not be sent.
    """

    incidents: Sequence[Incident]
    is_overdue: bool
    failed_message: str | None = None

    @classmethod
    def of(cls, data: DataDir, status: Status, now: datetime) -> "Health":
        """The health at the time `now`."""
        incidents = open_incidents(data, status, now)
        is_overdue = status.is_overdue(now) and not status.is_running
        return cls(incidents, is_overdue, read_book(data.root).failed_message)

    @property
    def state(self) -> State:
        """`failed` if anything but a run is missing; else `overdue` or `well`."""
        if any(item.kind != "overdue" for item in self.incidents):
            return "failed"
        return "overdue" if self.is_overdue else "well"

    @property
    def exit_status(self) -> int:
        """The exit status of `filings status`."""
        return EXIT_STATUS[self.state]
