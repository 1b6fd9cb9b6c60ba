"""The polite session: where it goes, at what pace, as whom, and what it never hands on."""

import pytest
import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy

from scrapers.errors import (
    EmptyAnswerError,
    FetchError,
    FirewallError,
    RefusedAddressError,
    TransientFetchError,
)
from scrapers.http.responses import MAX_HEADER, Fetched
from scrapers.http.retries import SECOND_ASKING_SECONDS
from scrapers.http.session import CERTIFICATE_VARIABLES, MAX_REDIRECTS, PoliteSession
from tests.scrapers.registers.scripted import PAGE, SOURCE, Reply, scripted

CHALLENGE = Reply(body="<html><title>知道创宇云防御</title>请稍候</html>".encode())
BADGE = '<p>通知</p><img src="https://www.yunaq.com/stat3.png" alt="知道创宇云防御">'


def moved(location: str) -> Reply:
    return Reply(302, b"", {"Location": location})


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
