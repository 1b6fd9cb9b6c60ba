"""Moments of a refresh at which it gets a signal, with the line that it prints then."""

import signal
import sys
from dataclasses import dataclass

STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}
NOTHING = "nothing was half-published. Run again to go on."
AT_START = "Stopped before anything was done.\n"


@dataclass(frozen=True)
class Moment:
    """When a signal is sent, and the words for it in the line that follows."""

    stage: str
    item: str
    words: str
    number: signal.Signals = signal.SIGINT

    @property
    def line(self) -> str:
        return f"Stopped {self.words}; {NOTHING}\n" if self.words else AT_START

    @property
    def command(self) -> list[str]:
        """A refresh that gets the signal (see `stopped_at.py`)."""
        moment = [str(int(self.number)), self.stage, self.item]
        return [sys.executable, "-m", "tests.end_to_end.stopped_at", *moment]


EARLY = [
    Moment("import", "click", ""),
    Moment("import", "dagster", "at the start"),
    Moment("discovery", "end", "during announcements"),
    Moment("deep_synthesis", "batch 001", "during Deep-synthesis algorithms"),
    Moment("models", "model ", "during models"),
    Moment("models", "test ", "during models", signal.SIGTERM),
]
LATE = [
    Moment("release", "tables", "during release"),
    Moment("release", "report", "during release", signal.SIGTERM),
    Moment("release", "in place", "during release"),
]
# In `make faults`.
MORE = [
    Moment("import", "duckdb", ""),
    Moment("discovery", "Deep", "during announcements"),
    Moment("generative_services", "", "during Generative AI services", signal.SIGTERM),
    Moment("models", "seed ", "during models"),
    Moment("models", "end", "during models"),
    Moment("release", "workbook", "during release"),
]
