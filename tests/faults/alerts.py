"""The alerts of nights: every fault is told once, and once when all is well again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from orchestration.defs.resources import Workspace
from orchestration.incidents.health import Health
from orchestration.incidents.report import current_time, report
from orchestration.inspection.status import read_status
from orchestration.settings import AlertSettings
from scrapers.registers import REGISTERS

ALERTS = AlertSettings(alert_url="https://alerts.invalid/")
PROBLEM, WELL_AGAIN = "problem", "well_again"


@dataclass(frozen=True)
class Told:
    """The events of the messages that a night sent, and the exit status of `filings status`."""

    events: list[str]
    exit_status: int


def tell_operator(workspace: Workspace) -> Told:
    """Report the end of a night, and keep the messages instead of sending them."""
    sent: list[Mapping[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "orchestration.incidents.report.post",
            lambda address, message, attempts: sent.append(message),
        )
        assert report(workspace.data, ALERTS) == []
    # The clock of the program, which the test may have set.
    health = Health.of(workspace.data, read_status(workspace.data), current_time())
    return Told([message["event"] for message in sent], health.exit_status)


def needs_operator(workspace: Workspace, failed: Mapping[str, str]) -> bool:
    """Whether a document failed, or an announcement could not be read or understood."""
    return bool(failed) or any(workspace.results.alarms(register) for register in REGISTERS)


def assert_told_once(told: Told, *, was_bad: bool, is_bad: bool) -> None:
    """Check the messages of a night, by whether it and the night before needed an operator."""
    assert told.exit_status == int(is_bad)
    if was_bad and is_bad:
        # Another fault may have come, or one of several may be over.
        assert len(set(told.events)) == len(told.events)
    else:
        expected = {(False, True): [PROBLEM], (True, False): [WELL_AGAIN], (False, False): []}
        assert told.events == expected[was_bad, is_bad]
