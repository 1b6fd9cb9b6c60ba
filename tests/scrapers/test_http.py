"""The polite session: what it asks again, how long it waits, and what it never hands on."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from scrapers.errors import FetchError, NotFoundError, RefusedAddressError, TransientFetchError
from scrapers.http import ATTEMPTS, BACKOFF_SECONDS, LONGEST_WAIT_SECONDS, MAX_REDIRECTS
from tests.scrapers.scripted import PAGE, Reply, scripted


def moved(location: str) -> Reply:
    return Reply(302, b"", {"Location": location})


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 599])
def test_what_can_get_better_is_asked_again_and_then_given_up(status):
    session, script, naps = scripted(Reply(status))
    with pytest.raises(TransientFetchError, match=f"status {status} .*{PAGE}"):
        session.get(PAGE)
    assert (len(script.requests), len(naps)) == (ATTEMPTS, ATTEMPTS - 1)


@pytest.mark.parametrize("status", [400, 401, 403, 405, 304, 204])
def test_what_cannot_get_better_is_asked_once(status):
    session, script, naps = scripted(Reply(status))
    with pytest.raises(FetchError, match=f"status {status}") as caught:
        session.get(PAGE)
    assert not isinstance(caught.value, TransientFetchError | NotFoundError)
    assert (len(script.requests), naps) == (1, [])


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_says_so(status):
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
def test_trouble_that_passes_is_not_noticed(trouble):
    session, script, _ = scripted(trouble, trouble, Reply(body=b"whole"))
    assert session.get(PAGE).content == b"whole"
    assert len(script.requests) == 3


def test_a_body_that_always_breaks_off_is_an_error_and_not_half_an_answer():
    session, _, _ = scripted(Reply(body=b"half", headers={"Content-Length": "8"}))
    with pytest.raises(TransientFetchError):
        session.get(PAGE)


def test_waits_between_attempts_grow():
    session, _, naps = scripted(Reply(500))
    with pytest.raises(TransientFetchError):
        session.get(PAGE)
    bounds = [(BACKOFF_SECONDS * 2**n, BACKOFF_SECONDS * (2**n + 1)) for n in range(3)]
    assert all(low <= nap <= high for nap, (low, high) in zip(naps, bounds, strict=True))


def from_now(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), (" 7 ", 7), ("0", 0), ("60", 60)])
def test_retry_after_is_honoured_as_seconds(header, seconds):
    session, _, naps = scripted(Reply(429, headers={"Retry-After": header}), Reply())
    session.get(PAGE)
    assert naps == [seconds]


@pytest.mark.parametrize(("seconds_from_now", "seconds"), [(30, 30), (-30, 0)])
def test_retry_after_is_honoured_as_a_date(seconds_from_now, seconds):
    header = from_now(seconds_from_now)
    session, _, naps = scripted(Reply(429, headers={"Retry-After": header}), Reply())
    session.get(PAGE)
    assert naps == [pytest.approx(seconds, abs=5)]


@pytest.mark.parametrize("header", [str(int(LONGEST_WAIT_SECONDS) + 1), from_now(86_400)])
def test_a_source_that_asks_for_a_longer_wait_than_ours_is_left_alone(header):
    session, script, naps = scripted(Reply(429, headers={"Retry-After": header}), Reply())
    with pytest.raises(FetchError, match="asks to wait") as raised:
        session.get(PAGE)
    assert not isinstance(raised.value, TransientFetchError) and naps == []


def test_a_session_may_be_given_fewer_attempts():
    session, _, naps = scripted(Reply(503), Reply(), attempts=1)
    with pytest.raises(TransientFetchError):
        session.get(PAGE)
    assert naps == []


@pytest.mark.parametrize("header", ["soon", "-5", "1.5", "²", "Wed, 99 Foo 2026 25:00:00 GMT"])
def test_a_retry_after_that_says_nothing_leaves_the_usual_wait(header):
    session, _, naps = scripted(Reply(503, headers={"Retry-After": header}), Reply())
    session.get(PAGE)
    assert BACKOFF_SECONDS <= naps[0] <= 2 * BACKOFF_SECONDS


def test_an_answer_may_be_as_large_as_the_limit_and_no_larger():
    session, _, _ = scripted(Reply(body=b"x" * 100), Reply(body=b"x" * 101), max_bytes=100)
    assert len(session.get(PAGE).content) == 100
    with pytest.raises(FetchError, match="more than 100 bytes"):
        session.get(PAGE)


def test_an_empty_answer_is_an_error_that_speaks_of_the_referer():
    session, script, _ = scripted(Reply(body=b""))
    with pytest.raises(FetchError, match="an empty answer .*Referer"):
        session.get(PAGE)
    assert len(script.requests) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_firewalls_page_is_known_in_both_encodings(encoding):
    challenge = "<html><title>知道创宇云防御</title></html>".encode(encoding)
    session, script, _ = scripted(Reply(body=challenge))
    with pytest.raises(FetchError, match="challenge page"):
        session.get(PAGE)
    assert len(script.requests) == 1


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"%PDF-1.7"])
def test_a_document_may_hold_the_firewalls_name(head):
    session, _, _ = scripted(Reply(body=head + "知道创宇云防御".encode()))
    assert session.get(PAGE).content.startswith(head)


def test_a_redirect_within_the_source_is_followed_and_told():
    session, script, _ = scripted(moved("/there.htm"), moved("https://beian.test/b"), Reply())
    fetched = session.get(PAGE, referer="https://cac.test/from")
    assert (fetched.url, fetched.final_url) == (PAGE, "https://beian.test/b")
    assert [request.url for request in script.requests] == [
        PAGE, "https://cac.test/there.htm", "https://beian.test/b",
    ]  # fmt: skip
    assert {request.headers["Referer"] for request in script.requests} == {"https://cac.test/from"}


def test_a_redirect_to_the_same_host_over_http_stays_on_https():
    session, script, _ = scripted(moved("http://cac.test/there.htm"), Reply())
    assert session.get(PAGE).final_url == "https://cac.test/there.htm"
    assert {request.url.split(":")[0] for request in script.requests} == {"https"}


def test_a_redirect_to_a_foreign_host_is_refused_before_it_is_asked():
    session, script, _ = scripted(moved("https://evil.test/"), Reply())
    with pytest.raises(RefusedAddressError, match=r"https://evil\.test/.* leads outside"):
        session.get(PAGE)
    assert len(script.requests) == 1


def test_redirects_in_a_circle_end():
    session, script, _ = scripted(moved(PAGE))
    with pytest.raises(FetchError, match="more than 5 redirects"):
        session.get(PAGE)
    assert len(script.requests) == MAX_REDIRECTS + 1


def test_requests_are_spaced_by_the_interval():
    session, _, naps = scripted(Reply(), requests_per_second=0.1)
    session.get(PAGE)
    assert naps == []
    session.get(PAGE)
    assert naps == [pytest.approx(10, abs=1)]


def test_redirects_and_retries_wait_for_their_turn_too():
    session, _, naps = scripted(
        moved("/a"), Reply(503, headers={"Retry-After": "0"}), Reply(), requests_per_second=0.1
    )
    session.get(PAGE)
    turn = pytest.approx(10, abs=1)
    assert naps == [turn, 0, turn]


def test_without_a_rate_nothing_waits():
    session, _, naps = scripted(Reply())
    session.get(PAGE)
    session.get(PAGE)
    assert naps == []


def test_it_says_who_asks():
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert script.requests[0].headers["User-Agent"] == "filings-register/1.0 (somebody@example.org)"
    assert "Referer" not in script.requests[0].headers
