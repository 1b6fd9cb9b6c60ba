"""Asking again: what can get better, how often, and how long in all.

Broken connections and busy servers are asked again after waits that grow. A refusal of the firewall
and an empty answer are asked for once more after a minute.
"""

from collections.abc import Callable
from dataclasses import dataclass

import tenacity

from scrapers.errors import EmptyAnswerError, FirewallError, TransientFetchError
from scrapers.http.responses import LONGEST_WAIT_SECONDS, Fetched

ATTEMPTS = 4
BACKOFF_SECONDS = 1.0
# No attempt starts later than this after the first one, so that attempts which all end at the
# deadline do not add up.
PATIENCE_SECONDS = 120.0
SECOND_ASKING_SECONDS = 60.0
# So many addresses get all attempts and the second asking in vain; the others are asked once each.
VAIN_PATIENCE = 5

Ask = Callable[[], Fetched]


@dataclass
class Retries:
    """The retries of one session: `attempts` per address; `sleep` waits so many seconds.

    Patience is for faults that pass: `in_vain` counts the addresses that have failed in spite of
    it since one last came through by it.
    """

    attempts: int
    sleep: Callable[[float], None]
    in_vain: int = 0

    def run(self, ask: Ask) -> Fetched:
        """The answer. Raises the error of the last attempt."""
        if self.attempts == 1 or self.in_vain >= VAIN_PATIENCE:
            return ask()
        try:
            fetched, was_patient = self._patiently(ask)
        except (TransientFetchError, FirewallError, EmptyAnswerError):
            self.in_vain += 1
            raise
        if was_patient:
            self.in_vain = 0
        return fetched

    def _patiently(self, ask: Ask) -> tuple[Fetched, bool]:
        """The answer, and whether it took more than one request."""
        attempts = self._retrying()
        try:
            return attempts(ask), attempts.statistics["attempt_number"] > 1
        except (FirewallError, EmptyAnswerError):
            self.sleep(SECOND_ASKING_SECONDS)
        return self._retrying()(ask), True

    def _retrying(self) -> tenacity.Retrying:
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientFetchError),
            stop=tenacity.stop_after_attempt(self.attempts)
            | tenacity.stop_before_delay(PATIENCE_SECONDS),
            wait=_wait_between_attempts,
            sleep=self.sleep,
            reraise=True,
        )


_backoff = tenacity.wait_exponential_jitter(
    initial=BACKOFF_SECONDS, max=LONGEST_WAIT_SECONDS, jitter=BACKOFF_SECONDS
)


def _wait_between_attempts(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = getattr(error, "retry_after", None)
    return asked if asked is not None else _backoff(state)
