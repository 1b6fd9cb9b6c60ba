"""The retry policy: which errors are retried, how often, and for how long.

Broken connections and busy servers are retried with exponential backoff. A refusal by the firewall
and an empty response are retried once, after a minute.
"""

from collections.abc import Callable
from dataclasses import dataclass

import tenacity

from scrapers.errors import EmptyResponseError, FirewallError, TransientFetchError
from scrapers.http.responses import LONGEST_WAIT_SECONDS, Fetched

ATTEMPTS = 4
BACKOFF_SECONDS = 1.0
# No attempt starts later than this after the first one, so that attempts that all end at the
# deadline do not add up.
RETRY_WINDOW_SECONDS = 120.0
REFUSAL_WAIT_SECONDS = 60.0
# After this many addresses have failed despite retries, the session stops retrying.
MAX_FAILED_ADDRESSES = 5

Request = Callable[[], Fetched]


@dataclass
class Retries:
    """The retries of one session: at most `attempts` per address; `sleep` waits for seconds.

    Retries are for faults that pass. `failed_addresses` counts the addresses that failed despite
    retries since a retry last succeeded.
    """

    attempts: int
    sleep: Callable[[float], None]
    failed_addresses: int = 0

    def run(self, request: Request) -> Fetched:
        """Send a request and retry it as needed. Raises the error of the last attempt."""
        if self.attempts == 1 or self.failed_addresses >= MAX_FAILED_ADDRESSES:
            return request()
        try:
            fetched, was_retried = self._run_with_retries(request)
        except (TransientFetchError, FirewallError, EmptyResponseError):
            self.failed_addresses += 1
            raise
        if was_retried:
            self.failed_addresses = 0
        return fetched

    def _run_with_retries(self, request: Request) -> tuple[Fetched, bool]:
        """The response, and whether it took more than one attempt."""
        attempts = self._retrying()
        try:
            return attempts(request), attempts.statistics["attempt_number"] > 1
        except (FirewallError, EmptyResponseError):
            self.sleep(REFUSAL_WAIT_SECONDS)
        return self._retrying()(request), True

    def _retrying(self) -> tenacity.Retrying:
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientFetchError),
            stop=tenacity.stop_after_attempt(self.attempts)
            | tenacity.stop_before_delay(RETRY_WINDOW_SECONDS),
            wait=_wait_between_attempts,
            sleep=self.sleep,
            reraise=True,
        )


_backoff = tenacity.wait_exponential_jitter(
    initial=BACKOFF_SECONDS, max=LONGEST_WAIT_SECONDS, jitter=BACKOFF_SECONDS
)


def _wait_between_attempts(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    retry_after = error.retry_after if isinstance(error, TransientFetchError) else None
    return _backoff(state) if retry_after is None else retry_after
