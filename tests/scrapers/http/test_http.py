"""The polite session: what it asks again, how long it waits, and what it never hands on."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import tenacity
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy

from scrapers.errors import (
    EmptyAnswerError,
    FetchError,
    FirewallError,
    NotFoundError,
    RefusedAddressError,
    TransientFetchError,
)
from scrapers.http.answers import LONGEST_WAIT_SECONDS, MAX_HEADER, Fetched
from scrapers.http.session import (
    ATTEMPTS,
    BACKOFF_SECONDS,
    CERTIFICATE_VARIABLES,
    DEADLINE_SECONDS,
    MAX_REDIRECTS,
    SECOND_ASKING_SECONDS,
    VAIN_PATIENCE,
    PoliteSession,
)
from tests.scrapers.registers.scripted import PAGE, SOURCE, Reply, scripted

CHALLENGE = Reply(body="<html><title>知道创宇云防御</title>请稍候</html>".encode())
SCRIPT = b"<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>"
BADGE = '<p>通知</p><img src="https://www.yunaq.com/stat3.png" alt="知道创宇云防御">'


def moved(location: str) -> Reply:
    return Reply(302, b"", {"Location": location})


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 599])
def test_what_can_get_better_is_asked_again_and_then_given_up(status):
    session, script, naps = scripted(Reply(status))
    with pytest.raises(TransientFetchError, match=f"status {status} .*{PAGE}"):
        session.get(PAGE)
    assert (len(script.requests), len(naps)) == (ATTEMPTS, ATTEMPTS - 1)


@pytest.mark.parametrize("status", [400, 401, 406, 418, 304, 204])
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


@pytest.mark.parametrize(
    "header",
    [str(int(LONGEST_WAIT_SECONDS) + 1), from_now(86_400)],
    ids=["as seconds", "as a date"],
)
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


def test_a_request_may_ask_for_less_than_the_session_allows():
    session, _, _ = scripted(Reply(body=b"x" * 51), max_bytes=100)
    assert len(session.get(PAGE, max_bytes=51).content) == 51
    with pytest.raises(FetchError, match="more than 50 bytes"):
        session.get(PAGE, max_bytes=50)


def test_headers_are_kept_up_to_a_length():
    session, _, _ = scripted(Reply(headers={"X": "y" * 60_000}))
    assert len(session.get(PAGE).headers["X"]) == MAX_HEADER + 1


def test_an_empty_answer_is_an_error_that_speaks_of_the_referer():
    session, _, _ = scripted(Reply(body=b""))
    with pytest.raises(EmptyAnswerError, match="an empty answer .*Referer"):
        session.get(PAGE)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_firewalls_page_is_known_in_both_encodings(encoding):
    challenge = "<html><title>知道创宇云防御</title></html>".encode(encoding)
    session, _, _ = scripted(Reply(body=challenge))
    with pytest.raises(FirewallError, match="challenge page .*知道创宇云防御.*FILINGS_USER_AGENT"):
        session.get(PAGE)


@pytest.mark.parametrize(
    "refusal",
    [
        CHALLENGE,
        Reply(body=SCRIPT),
        Reply(521, SCRIPT),
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
def test_a_refusal_is_asked_once_more_after_a_minute(refusal):
    session, script, naps = scripted(refusal, Reply(body=b"whole"))
    assert session.get(PAGE).content == b"whole"
    assert (len(script.requests), naps) == (2, [SECOND_ASKING_SECONDS])


def test_addresses_that_stay_refused_do_not_take_the_second_asking_from_one_that_does_not():
    refused = [Reply(403)] * 2 * (VAIN_PATIENCE - 1)
    session, _, naps = scripted(*refused, CHALLENGE, Reply())
    for _ in range(VAIN_PATIENCE - 1):
        with pytest.raises(FirewallError, match="status 403"):
            session.get(PAGE)
    assert session.get(PAGE).content == b"page"
    assert naps == [SECOND_ASKING_SECONDS] * VAIN_PATIENCE


def test_when_patience_was_in_vain_too_often_the_other_addresses_are_asked_once():
    session, script, naps = scripted(*[Reply(403)] * 2 * VAIN_PATIENCE, Reply(), Reply(503))
    for _ in range(VAIN_PATIENCE):
        with pytest.raises(FirewallError, match="status 403"):
            session.get(PAGE)
    assert session.get(PAGE).content == b"page"
    with pytest.raises(TransientFetchError, match="status 503"):
        session.get(PAGE)
    assert naps == [SECOND_ASKING_SECONDS] * VAIN_PATIENCE
    assert len(script.requests) == 2 * VAIN_PATIENCE + 2


@pytest.mark.parametrize("passing", [CHALLENGE, Reply(503, headers={"Retry-After": "0"})])
def test_patience_that_helped_makes_good_what_was_in_vain_before(passing):
    refused = [Reply(403)] * 2 * (VAIN_PATIENCE - 1)
    session, _, naps = scripted(*refused, passing, Reply(), *refused, CHALLENGE, Reply())
    for _ in range(2):
        for _ in range(VAIN_PATIENCE - 1):
            with pytest.raises(FirewallError):
                session.get(PAGE)
        assert session.get(PAGE).content == b"page"
    assert naps.count(SECOND_ASKING_SECONDS) >= 2 * VAIN_PATIENCE - 1


def test_no_attempt_starts_after_the_patience_has_ended(monkeypatch):
    clock = [0.0]
    session, script, _ = scripted(Reply(503))
    monkeypatch.setattr(tenacity.time, "monotonic", lambda: clock[0])

    def slow(*_: object) -> None:
        clock[0] += DEADLINE_SECONDS

    monkeypatch.setattr(script, "before_answer", slow)
    with pytest.raises(TransientFetchError):
        session.get(PAGE)
    assert len(script.requests) == 2 < ATTEMPTS


def test_a_session_of_one_attempt_asks_no_second_time():
    session, script, naps = scripted(CHALLENGE, attempts=1)
    with pytest.raises(FirewallError):
        session.get(PAGE)
    assert (len(script.requests), naps) == (1, [])


def test_a_page_with_the_firewalls_badge_is_handed_on_if_it_is_what_was_wanted():
    session, _, _ = scripted(Reply(body=BADGE.encode()))
    assert session.get(PAGE).content == BADGE.encode()
    assert session.get(PAGE, is_wanted=lambda fetched: True).content == BADGE.encode()


def test_a_page_with_the_firewalls_mark_is_the_firewalls_if_it_is_not_what_was_wanted():
    session, _, naps = scripted(Reply(body=BADGE.encode()))
    with pytest.raises(FirewallError, match="challenge page .*知道创宇云防御"):
        session.get(PAGE, is_wanted=lambda fetched: False)
    assert naps == [SECOND_ASKING_SECONDS]


def test_what_is_not_wanted_but_bears_no_mark_is_for_the_caller_to_judge():
    session, _, _ = scripted(Reply(body=b"<p>busy</p>", headers={"X-Via-JSL": "a,-"}))
    assert session.get(PAGE, is_wanted=lambda fetched: False).content == b"<p>busy</p>"


def test_what_is_wanted_is_judged_by_the_whole_answer():
    session, _, _ = scripted(Reply(body=BADGE.encode(), headers={"content-type": "text/html"}))
    seen: list[Fetched] = []
    with pytest.raises(FirewallError):
        session.get(PAGE, is_wanted=lambda fetched: bool(seen.append(fetched)))
    assert (seen[0].url, seen[0].content_type) == (PAGE, "text/html")


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"%PDF-1.7"])
def test_a_document_may_hold_the_firewalls_name(head):
    session, _, _ = scripted(Reply(body=head + "知道创宇云防御".encode()))
    assert session.get(PAGE).content.startswith(head)


def test_a_redirect_within_the_source_is_followed_and_told():
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
def test_every_request_carries_a_referer_of_its_own_host(found_on, referer):
    session, script, _ = scripted(Reply())
    session.get(PAGE, referer=found_on)
    assert script.requests[0].headers["Referer"] == referer


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


def test_a_user_agent_replaces_the_honest_one_whole():
    session, script, _ = scripted(Reply(), user_agent="Mozilla/5.0 (X11)")
    session.get(PAGE)
    assert script.requests[0].headers["User-Agent"] == "Mozilla/5.0 (X11)"


def test_it_asks_for_no_packing_that_it_cannot_undo():
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert script.requests[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("entry", ["machine cac.test", "default"])
def test_a_password_in_netrc_is_never_sent(entry, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text(f"{entry} login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert "Authorization" not in script.requests[0].headers


@pytest.fixture
def no_surroundings(monkeypatch):
    """An environment without proxies and certificates."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in CERTIFICATE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.test:8080"}, "http://proxy.test:8080"),
        ({"https_proxy": "http://proxy.test:8080"}, "http://proxy.test:8080"),
        ({"ALL_PROXY": "http://proxy.test:8080"}, "http://proxy.test:8080"),
        ({"HTTP_PROXY": "http://proxy.test:8080"}, None),
        ({"HTTPS_PROXY": "http://proxy.test:8080", "NO_PROXY": "cac.test"}, None),
    ],
)
@pytest.mark.usefixtures("no_surroundings")
def test_the_proxy_of_the_environment_is_used(variables, proxy, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    session, script, _ = scripted(Reply())
    session.get(PAGE)
    assert select_proxy(PAGE, script.settings[0]["proxies"]) == proxy


@pytest.mark.parametrize("name", CERTIFICATE_VARIABLES)
@pytest.mark.usefixtures("no_surroundings")
def test_the_certificates_of_the_environment_are_used(name, tmp_path, monkeypatch):
    sent: list[object] = []

    def note(_: object, __: object, verify: object = None, **___: object) -> None:
        sent.append(verify)
        raise requests.ConnectionError("noted")

    monkeypatch.setattr(HTTPAdapter, "send", note)
    for path in (None, tmp_path):
        if path:
            monkeypatch.setenv(name, str(path))
        with pytest.raises(TransientFetchError, match="noted"):
            PoliteSession(SOURCE, attempts=1).get(PAGE)
    assert sent == [True, str(tmp_path)]
    monkeypatch.setenv(name, str(tmp_path / "gone.pem"))
    with pytest.raises(FetchError, match=f"{name} is .*gone.pem.*no such file"):
        PoliteSession(SOURCE)
