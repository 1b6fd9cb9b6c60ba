"""The alerts of nights: one message for every fault, and one when all is well again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from orchestration.defs.resources import Workspace
from orchestration.incidents.book import read_book
from orchestration.incidents.health import Health
from orchestration.incidents.report import current_time, report
from orchestration.incidents.sending import Sender
from orchestration.inspection.status import read_status
from orchestration.settings import AlertSettings
from scrapers.registers import REGISTERS

ALERTS = AlertSettings(alert_url="https://alerts.invalid/")
PROBLEM, WELL_AGAIN = "problem", "well_again"


@dataclass(frozen=True)
class Reported:
    """The events of the messages that a night sent, and the exit status of `filings status`.

    `began` and `ended` are the incidents that opened and closed in it, by key.
    """

    events: list[str]
    exit_status: int
    began: set[str]
    ended: set[str]


def report_night(workspace: Workspace) -> Reported:
    """Report the end of a night, and keep the messages instead of sending them."""
    before = set(read_book(workspace.data.root).entries)
    sent: list[Mapping[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sender, "post", lambda sender, address, message: sent.append(message))
        assert report(workspace.data, ALERTS) == []
    # The clock of the program, which the test may have set.
    health = Health.of(workspace.data, read_status(workspace.data), current_time())
    after = set(read_book(workspace.data.root).entries)
    events = [message["event"] for message in sent]
    return Reported(events, health.exit_status, after - before, before - after)


def needs_operator(workspace: Workspace, failed: Mapping[str, str]) -> bool:
    """Whether a document failed, or an announcement could not be read or understood."""
    return bool(failed) or any(workspace.results.alarms(register) for register in REGISTERS)


def assert_reported_once(night: Reported, *, was_bad: bool, is_bad: bool) -> None:
    """Check the messages of a night, by whether it and the night before needed an operator."""
    assert night.exit_status == int(is_bad)
    if not was_bad or not is_bad:
        assert bool(night.began) is (is_bad and not was_bad)
        assert bool(night.ended) is (was_bad and not is_bad)
    expected = [PROBLEM] if night.began else []
    assert night.events == expected + ([WELL_AGAIN] if night.ended else [])
