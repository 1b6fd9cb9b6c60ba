"""Which errors are retried, after which waits, and when the session stops retrying."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import tenacity

from scrapers.errors import (
    FetchError,
    FirewallError,
    NotFoundError,
    TransientFetchError,
)
from scrapers.http.responses import LONGEST_WAIT_SECONDS
from scrapers.http.retries import (
    ATTEMPTS,
    BACKOFF_SECONDS,
    MAX_FAILED_ADDRESSES,
    REFUSAL_WAIT_SECONDS,
    RETRY_WINDOW_SECONDS,
)
from scrapers.http.session import DEADLINE_SECONDS
from tests.scrapers.registers.scripted import PAGE, Reply, scripted

CHALLENGE = Reply(body="<html><title>知道创宇云防御</title>请稍候</html>".encode())
SCRIPT = b"<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 599])
def test_transient_status_is_retried_up_to_the_limit(status):
    session, script, naps = scripted(Reply(status))
    with pytest.raises(TransientFetchError, match=f"status {status} .*{PAGE}"):
        session.get(PAGE)
    assert (len(script.requests), len(naps)) == (ATTEMPTS, ATTEMPTS - 1)


@pytest.mark.parametrize("status", [400, 401, 406, 418, 304, 204])
def test_permanent_status_is_not_retried(status):
    session, script, naps = scripted(Reply(status))
    with pytest.raises(FetchError, match=f"status {status}") as caught:
        session.get(PAGE)
    assert not isinstance(caught.value, TransientFetchError | NotFoundError)
    assert (len(script.requests), naps) == (1, [])


def test_other_request_errors_are_not_retried():
    session, script, _ = scripted(requests.exceptions.InvalidHeader("X"))
    with pytest.raises(FetchError, match="the request failed") as caught:
        session.get(PAGE)
    assert not isinstance(caught.value, TransientFetchError) and len(script.requests) == 1


def test_defaults_of_the_retry_policy():
    assert (ATTEMPTS, BACKOFF_SECONDS, REFUSAL_WAIT_SECONDS) == (4, 1, 60)
    assert (RETRY_WINDOW_SECONDS, MAX_FAILED_ADDRESSES, LONGEST_WAIT_SECONDS) == (120, 5, 60)


@pytest.mark.parametrize("status", [404, 410])
def test_missing_page_is_not_found_without_retry(status):
    session, script, _ = scripted(Reply(status))
    with pytest.raises(NotFoundError):
        session.get(PAGE)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectionError("reset by peer"),
        requests.ReadTimeout("too slow"),
        Reply(503),
        Reply(body=b"half", headers={"Content-Length": "8"}),
    ],
    ids=["broken connection", "timeout", "busy", "truncated body"],
)
def test_transient_error_that_passes_is_not_raised(trouble):
    session, script, _ = scripted(trouble, trouble, Reply(body=b"whole"))
    assert session.get(PAGE).content == b"whole"
    assert len(script.requests) == 3


def test_backoff_grows_exponentially():
    session, _, naps = scripted(Reply(500))
    with pytest.raises(TransientFetchError):
        session.get(PAGE)
    bounds = [(BACKOFF_SECONDS * 2**n, BACKOFF_SECONDS * (2**n + 1)) for n in range(3)]
    assert all(low <= nap <= high for nap, (low, high) in zip(naps, bounds, strict=True))


def test_busy_server_with_script_page_and_retry_after_is_retried_then():
    session, _, naps = scripted(Reply(503, SCRIPT, {"Retry-After": "3"}), Reply())
    session.get(PAGE)
    assert naps == [3]


def from_now(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), (" 7 ", 7), ("0", 0), ("60", 60)])
def test_retry_after_in_seconds_sets_the_wait(header, seconds):
    session, _, naps = scripted(Reply(429, headers={"Retry-After": header}), Reply())
    session.get(PAGE)
    assert naps == [seconds]


@pytest.mark.parametrize(("seconds_from_now", "seconds"), [(30, 30), (-30, 0)])
def test_retry_after_as_date_sets_the_wait(seconds_from_now, seconds):
    header = from_now(seconds_from_now)
    session, _, naps = scripted(Reply(429, headers={"Retry-After": header}), Reply())
    session.get(PAGE)
    assert naps == [pytest.approx(seconds, abs=5)]


@pytest.mark.parametrize(
    "header",
    [str(int(LONGEST_WAIT_SECONDS) + 1), from_now(86_400)],
    ids=["as seconds", "as a date"],
)
def test_retry_after_over_the_limit_is_not_retried(header):
    session, _, naps = scripted(Reply(429, headers={"Retry-After": header}), Reply())
    with pytest.raises(FetchError, match="asks to wait") as raised:
        session.get(PAGE)
    assert not isinstance(raised.value, TransientFetchError) and naps == []


def test_single_attempt_does_not_retry_busy_server():
    session, _, naps = scripted(Reply(503), Reply(), attempts=1)
    with pytest.raises(TransientFetchError):
        session.get(PAGE)
    assert naps == []


@pytest.mark.parametrize(
    "header",
    ["soon", "-5", "1.5", "²", "Wed, 99 Foo 2026 25:00:00 GMT", "Wed, 21 Oct 2026 07:28:00 -0000"],
)
def test_invalid_retry_after_leaves_the_backoff(header):
    session, _, naps = scripted(Reply(503, headers={"Retry-After": header}), Reply())
    session.get(PAGE)
    assert BACKOFF_SECONDS <= naps[0] <= 2 * BACKOFF_SECONDS


@pytest.mark.parametrize(
    "refusal",
    [
        CHALLENGE,
        Reply(body=SCRIPT),
        Reply(521, SCRIPT),
        Reply(521),
        Reply(404, SCRIPT),
        Reply(503, SCRIPT),
        Reply(403),
        Reply(405),
        Reply(412),
        Reply(body=b""),
        Reply(body=b"<html><body></body></html>"),
        Reply(302, b"", {"Location": "https://www.yunaq.com/denied"}),
    ],
    ids=lambda reply: f"{reply.status} {reply.body[:20]!r}",
)
def test_refusal_is_retried_once_after_a_minute(refusal):
    session, script, naps = scripted(refusal, Reply(body=b"whole"))
    assert session.get(PAGE).content == b"whole"
    assert (len(script.requests), naps) == (2, [REFUSAL_WAIT_SECONDS])


def test_busy_server_is_retried_after_a_refusal():
    busy = Reply(503, headers={"Retry-After": "0"})
    session, _, naps = scripted(Reply(403), busy, Reply(body=b"whole"))
    assert session.get(PAGE).content == b"whole"
    assert naps == [REFUSAL_WAIT_SECONDS, 0]


def test_refusal_is_retried_while_failed_addresses_are_below_limit():
    refused = [Reply(403)] * 2 * (MAX_FAILED_ADDRESSES - 1)
    session, _, naps = scripted(*refused, CHALLENGE, Reply())
    for _ in range(MAX_FAILED_ADDRESSES - 1):
        with pytest.raises(FirewallError, match="status 403"):
            session.get(PAGE)
    assert session.get(PAGE).content == b"page"
    assert naps == [REFUSAL_WAIT_SECONDS] * MAX_FAILED_ADDRESSES


def test_requests_are_not_retried_once_failed_addresses_reach_limit():
    session, script, naps = scripted(*[Reply(403)] * 2 * MAX_FAILED_ADDRESSES, Reply(), Reply(503))
    for _ in range(MAX_FAILED_ADDRESSES):
        with pytest.raises(FirewallError, match="status 403"):
            session.get(PAGE)
    assert session.get(PAGE).content == b"page"
    with pytest.raises(TransientFetchError, match="status 503"):
        session.get(PAGE)
    assert naps == [REFUSAL_WAIT_SECONDS] * MAX_FAILED_ADDRESSES
    assert len(script.requests) == 2 * MAX_FAILED_ADDRESSES + 2


def test_success_without_retry_does_not_reset_failed_addresses():
    failed = [Reply(403)] * 2 * (MAX_FAILED_ADDRESSES - 1)
    session, _, naps = scripted(*failed, Reply(), Reply(403), Reply(403), Reply(503))
    for _ in range(MAX_FAILED_ADDRESSES - 1):
        with pytest.raises(FirewallError):
            session.get(PAGE)
    assert session.get(PAGE).content == b"page"
    with pytest.raises(FirewallError):
        session.get(PAGE)
    with pytest.raises(TransientFetchError, match="status 503"):
        session.get(PAGE)
    assert naps == [REFUSAL_WAIT_SECONDS] * MAX_FAILED_ADDRESSES


@pytest.mark.parametrize("passing", [CHALLENGE, Reply(503, headers={"Retry-After": "0"})])
def test_successful_retry_resets_failed_addresses(passing):
    refused = [Reply(403)] * 2 * (MAX_FAILED_ADDRESSES - 1)
    session, _, naps = scripted(*refused, passing, Reply(), *refused, CHALLENGE, Reply())
    for _ in range(2):
        for _ in range(MAX_FAILED_ADDRESSES - 1):
            with pytest.raises(FirewallError):
                session.get(PAGE)
        assert session.get(PAGE).content == b"page"
    assert naps.count(REFUSAL_WAIT_SECONDS) >= 2 * MAX_FAILED_ADDRESSES - 1


def test_no_attempt_starts_after_the_retry_window(monkeypatch):
    clock = [0.0]
    session, script, _ = scripted(Reply(503))
    monkeypatch.setattr(tenacity.time, "monotonic", lambda: clock[0])

    def slow(*_: object) -> None:
        clock[0] += DEADLINE_SECONDS

    monkeypatch.setattr(script, "before_answer", slow)
    with pytest.raises(TransientFetchError):
        session.get(PAGE)
    assert len(script.requests) == 2 < ATTEMPTS


def test_single_attempt_does_not_retry_refusal():
    session, script, naps = scripted(CHALLENGE, attempts=1)
    with pytest.raises(FirewallError):
        session.get(PAGE)
    assert (len(script.requests), naps) == (1, [])
