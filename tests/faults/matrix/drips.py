"""Answers sent one byte at a time, with a short deadline."""

from collections.abc import Iterator
from functools import partial

import pytest

from tests.faults.matrix.trial import Bench, Trial, complaint
from tests.faults.memory import Used, measured
from tests.faults.refreshes import Refreshes
from tests.faults.source import (
    FIVE,
    Act,
    answers_list,
    answers_notice,
    answers_notice_list,
    answers_page,
    healthy,
)
from tests.support.loopback import drip_body, drip_header

KIND = "an answer that drips (deadline set to 2 s)"
DEADLINE_SECONDS = 2.0
# Four attempts, the waits between them twice, and the rest of the run.
LONGEST_SECONDS = 60.0
PLACES = {
    "the notice list": answers_notice_list,
    "a page": partial(answers_page, 2),
    "a list": partial(answers_list, 2),
    "a notice": partial(answers_notice, FIVE),
}


def trials(bench: Bench) -> Iterator[Trial]:
    """Header and body of every kind of answer."""
    for place, answers in PLACES.items():
        for part, fault in (("header", drip_header), ("body", drip_body)):
            yield bench.tried(
                f"the {part} of {place}", bench.copied(), partial(_dripped, answers(fault)), healthy
            )


def _dripped(act: Act, refreshes: Refreshes) -> tuple[str, Used]:
    with pytest.MonkeyPatch.context() as patch, measured() as used:
        patch.setattr("scrapers.http.session.DEADLINE_SECONDS", DEADLINE_SECONDS)
        done = refreshes.run(act)
    if used.seconds > LONGEST_SECONDS:
        return f"the run took {used.seconds:.0f} s", used
    return complaint(done) or ("" if done.status else "there was no message"), used
