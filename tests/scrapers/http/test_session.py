"""The polite session: hosts, rate limit, headers, proxies, and responses that it refuses."""

from types import SimpleNamespace

import pytest

from scrapers.errors import (
    EmptyResponseError,
    FetchError,
    FirewallError,
    NotFoundError,
    RefusedAddressError,
    TransientFetchError,
)
from scrapers.http import session as session_module
from scrapers.http.deadlines import Deadline
from scrapers.http.firewall import MAX_INSPECTED_BYTES
from scrapers.http.responses import MAX_HEADER, Fetched
from scrapers.http.retries import REFUSAL_WAIT_SECONDS
from scrapers.http.session import (
    DEADLINE_SECONDS,
    MAX_REDIRECTS,
    TIMEOUT_SECONDS,
    PoliteSession,
)
from tests.scrapers.registers.scripted import PAGE, SOURCE, Reply, Script, scripted

CHALLENGE = Reply(body="<html><title>知道创宇云防御</title>请稍候</html>".encode())
BADGE = '<p>通知</p><img src="https://www.yunaq.com/stat3.png" alt="知道创宇云防御">'


def moved(location: str) -> Reply:
    return Reply(302, b"", {"Location": location})


def test_response_is_accepted_up_to_the_size_limit():
    session, _, _ = scripted(Reply(body=b"x" * 100), Reply(body=b"x" * 101), max_bytes=100)
    assert len(session.get(PAGE).content) == 100
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        session.get(PAGE)


def test_request_can_lower_the_size_limit():
    session, _, _ = scripted(Reply(body=b"x" * 51), max_bytes=100)
    assert len(session.get(PAGE, max_bytes=51).content) == 51
    with pytest.raises(FetchError, match="larger than 50 bytes"):
        session.get(PAGE, max_bytes=50)


def test_request_cannot_raise_the_size_limit():
    session, _, _ = scripted(Reply(body=b"x" * 101), max_bytes=100)
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        session.get(PAGE, max_bytes=200)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"x" * (MAX_INSPECTED_BYTES + 1)),
        Reply(404, b"half", {"Content-Length": "8"}),
        Reply(404, b"half", {"Content-Encoding": "gzip"}),
        Reply(404, b"half", {"Content-Encoding": "br"}),
    ],
    ids=["too large", "truncated", "not gzip", "unknown encoding"],
)
def test_unreadable_body_of_an_error_does_not_hide_its_status(reply):
    session, _, _ = scripted(reply)
    with pytest.raises(NotFoundError, match="status 404"):
        session.get(PAGE)


def test_header_values_are_cut():
    session, _, _ = scripted(Reply(headers={"X": "y" * 60_000}))
    assert len(session.get(PAGE).headers["X"]) == MAX_HEADER + 1


def test_empty_response_is_an_error_that_mentions_referer():
    session, _, _ = scripted(Reply(body=b""))
    with pytest.raises(EmptyResponseError, match=r"empty response .*Referer"):
        session.get(PAGE)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_firewall_page_is_recognised_in_both_encodings(encoding):
    challenge = "<html><title>知道创宇云防御</title></html>".encode(encoding)
    session, _, _ = scripted(Reply(body=challenge))
    with pytest.raises(FirewallError, match=r"challenge page .*知道创宇云防御.*FILINGS_USER_AGENT"):
        session.get(PAGE)


def test_page_with_firewall_badge_is_returned_if_wanted():
    session, _, _ = scripted(Reply(body=BADGE.encode()))
    assert session.get(PAGE).content == BADGE.encode()
    assert session.get(PAGE, is_wanted=lambda fetched: True).content == BADGE.encode()


def test_page_with_firewall_badge_is_an_error_if_unwanted():
    session, _, naps = scripted(Reply(body=BADGE.encode()))
    with pytest.raises(FirewallError, match=r"challenge page .*知道创宇云防御"):
        session.get(PAGE, is_wanted=lambda fetched: False)
    assert naps == [REFUSAL_WAIT_SECONDS]


def test_unwanted_page_without_marker_is_returned():
    session, _, _ = scripted(Reply(body=b"<p>busy</p>", headers={"X-Via-JSL": "a,-"}))
    assert session.get(PAGE, is_wanted=lambda fetched: False).content == b"<p>busy</p>"


def test_is_wanted_receives_the_whole_response():
    session, _, _ = scripted(Reply(body=BADGE.encode(), headers={"content-type": "text/html"}))
    seen: list[Fetched] = []
    with pytest.raises(FirewallError):
        session.get(PAGE, is_wanted=lambda fetched: bool(seen.append(fetched)))
    assert (seen[0].url, seen[0].content_type) == (PAGE, "text/html")


def test_redirect_within_source_sets_final_url_and_referer():
    session, script, _ = scripted(moved("/there.htm"), moved("https://beian.test/b"), Reply())
    fetched = session.get(PAGE, referer="https://cac.test/from")
    assert (fetched.url, fetched.final_url) == (PAGE, "https://beian.test/b")
    assert [(request.url, request.headers["Referer"]) for request in script.requests] == [
        (PAGE, "https://cac.test/from"),
        ("https://cac.test/there.htm", "https://cac.test/from"),
        ("https://beian.test/b", "https://beian.test/"),
    ]


@pytest.mark.parametrize(
    ("found_on", "referer"),
    [
        (None, "https://cac.test/"),
        ("https://cac.test/2025/c_1.htm", "https://cac.test/2025/c_1.htm"),
        ("https://cac.test/c_1.htm?a=b#top", "https://cac.test/c_1.htm?a=b"),
        ("https://cac.test/公告.htm", "https://cac.test/%E5%85%AC%E5%91%8A.htm"),
        ("https://beian.test/api/notice/list", "https://cac.test/"),
        ("http://cac.test/c_1.htm", "https://cac.test/"),
    ],
)
def test_referer_is_on_the_requested_host(found_on, referer):
    session, script, _ = scripted(Reply())
    session.get(PAGE, referer=found_on)
    assert script.requests[0].headers["Referer"] == referer


def test_redirect_to_http_stays_on_https():
    session, script, _ = scripted(moved("http://cac.test/there.htm"), Reply())
    assert session.get(PAGE).final_url == "https://cac.test/there.htm"
    assert {request.url.split(":")[0] for request in script.requests} == {"https"}


def test_redirect_outside_source_is_not_requested():
    session, script, _ = scripted(moved("https://evil.test/"), Reply())
    with pytest.raises(RefusedAddressError, match=r"https://evil\.test/.* leads outside"):
        session.get(PAGE)
    assert len(script.requests) == 1


def test_redirect_loop_ends():
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


def test_interval_counts_from_the_previous_request(monkeypatch):
    clock, sent = [0.0], []

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    monkeypatch.setattr(session_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    script = Script(Reply())
    monkeypatch.setattr(script, "before_answer", lambda: sent.append(clock[0]))
    session = PoliteSession(SOURCE, transport=script, requests_per_second=0.1, sleep=sleep)
    for _ in range(3):
        session.get(PAGE)
    assert sent == [0, 10, 20]


def test_redirects_and_retries_are_rate_limited():
    session, _, naps = scripted(
        moved("/a"), Reply(503, headers={"Retry-After": "0"}), Reply(), requests_per_second=0.1
    )
    session.get(PAGE)
    turn = pytest.approx(10, abs=1)
    assert naps == [turn, 0, turn]


def test_requests_do_not_wait_without_rate_limit():
    session, _, naps = scripted(Reply())
    session.get(PAGE)
    session.get(PAGE)
    assert naps == []


def test_request_has_connect_and_read_timeouts():
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert script.settings[0]["timeout"] == TIMEOUT_SECONDS == (10, 30)


@pytest.mark.parametrize(("given", "used"), [(None, DEADLINE_SECONDS), (7, 7)])
def test_request_has_the_deadline_of_the_session(given, used, monkeypatch):
    seconds = []

    class Recorded(Deadline):
        def __init__(self, limit: float) -> None:
            super().__init__(limit)
            seconds.append(limit)

    monkeypatch.setattr(session_module, "Deadline", Recorded)
    session = PoliteSession(SOURCE, transport=Script(Reply()), deadline_seconds=given)
    session.get(PAGE)
    assert seconds == [used]


def test_request_whose_turn_is_after_the_end_of_the_session_is_not_sent(monkeypatch):
    clock, script = [0.0], Script(Reply())

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    monkeypatch.setattr(session_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    session = PoliteSession(
        SOURCE, transport=script, requests_per_second=0.1, attempts=1, total_seconds=15, sleep=sleep
    )
    session.get(PAGE)
    session.get(PAGE)
    with pytest.raises(TransientFetchError, match="no time is left"):
        session.get(PAGE)
    assert (clock[0], len(script.requests)) == (10, 2)


def test_remembering_fetches_each_address_once_within_the_block():
    session, script, _ = scripted(Reply(body=b"1"), Reply(body=b"2"), Reply(body=b"3"))
    with session.caching():
        bodies = [session.get(url).content for url in (PAGE, PAGE + "#top", PAGE + "?a=b", PAGE)]
    assert bodies == [b"1", b"1", b"2", b"1"]
    assert session.get(PAGE).content == b"3" and len(script.requests) == 3


def test_remembering_does_not_keep_failures():
    session, _, _ = scripted(Reply(404), Reply())
    with session.caching():
        with pytest.raises(NotFoundError):
            session.get(PAGE)
        assert session.get(PAGE).content == b"page"


def test_user_agent_contains_the_contact():
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert script.requests[0].headers["User-Agent"] == "filings-register/1.0 (somebody@example.org)"


def test_user_agent_can_be_replaced():
    session, script, _ = scripted(Reply(), user_agent="Mozilla/5.0 (X11)")
    session.get(PAGE)
    assert script.requests[0].headers["User-Agent"] == "Mozilla/5.0 (X11)"


def test_only_gzip_is_requested():
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert script.requests[0].headers["Accept-Encoding"] == "gzip"
