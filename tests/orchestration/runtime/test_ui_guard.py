"""The guard of the Dagster UI: refused and allowed requests."""

import asyncio
from typing import Any

import pytest

from orchestration.runtime.ui.guard import (
    EMBEDDED,
    FOREIGN_HOST,
    FOREIGN_ORIGIN,
    NOT_JSON,
    QUERY_IN_ADDRESS,
    Guard,
    refusal,
)

HOST = "127.0.0.1:3000"
ORIGIN = f"http://{HOST}"
JSON = ("content-type", "application/json")
MUTATION = "/graphql?query=mutation{wipeAssets}"

Header = tuple[str, str]


def asked(method: str, address: str, *headers: Header, host: str | None = HOST) -> dict[str, Any]:
    """The ASGI scope of a request. The method WEBSOCKET stands for a handshake."""
    path, _, query = address.partition("?")
    sent = [("host", host), *headers] if host is not None else list(headers)
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent],
    }
    if method == "WEBSOCKET":
        del scope["method"]
        scope |= {"type": "websocket", "extensions": {"websocket.http.response": {}}}
    return scope


def fetched(site: str, mode: str, dest: str) -> tuple[Header, ...]:
    """The Sec-Fetch headers of a browser."""
    return ("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)


def answer(app: Any, scope: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages that the app sends for one request."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("nothing of a body is needed")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:3000", "127.0.0.1", "localhost:3000", "LOCALHOST:65535", "[::1]:3000", "[::1]"],
)
def test_loopback_host_is_allowed_with_any_port(host):
    own = ("origin", f"http://{host}")
    assert refusal(asked("GET", "/assets", host=host)) is None
    assert refusal(asked("POST", "/graphql", own, JSON, host=host)) is None
    assert refusal(asked("WEBSOCKET", "/graphql", own, host=host)) is None


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:3000",
        "127.0.0.1.evil.example",
        "localhost.evil.example:3000",
        "evil.example@127.0.0.1",
        "127.0.0.1:3000@evil.example",
        "127.0.0.1:",
        "127.0.0.1:3000:3000",
        "127.0.0.1\n",
        "127.0.0.2",
        "0.0.0.0:3000",
        "localhost.",
        "::1",
        "[::]:3000",
        "2130706433",
        "192.168.0.2:3000",
    ],
)
def test_other_host_is_refused(host):
    own = ("origin", f"http://{host}")
    for request in (
        asked("GET", "/assets", host=host),
        asked("POST", "/graphql", own, JSON, host=host),
        asked("WEBSOCKET", "/graphql", own, host=host),
    ):
        assert refusal(request) == FOREIGN_HOST


def test_second_host_header_is_refused():
    assert refusal(asked("GET", "/", ("host", "evil.example"))) == FOREIGN_HOST
    assert refusal(asked("GET", "/", ("host", HOST))) == FOREIGN_HOST


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "https://127.0.0.1:3000",
        "http://127.0.0.1",
        "http://127.0.0.1:3001",
        "http://localhost:3000",
        "http://127.0.0.1:3000.evil.example",
        "http://127.0.0.1:3000/",
        "chrome-extension://abcdefghijklmnop",
        "file://",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "WEBSOCKET"])
def test_other_origin_is_refused(method, origin):
    assert refusal(asked(method, "/graphql", ("origin", origin), JSON)) == FOREIGN_ORIGIN


def test_second_origin_header_is_refused():
    both = ("origin", ORIGIN), ("origin", "http://evil.example")
    assert refusal(asked("POST", "/graphql", *both, JSON)) == FOREIGN_ORIGIN


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", fetched("none", "navigate", "document")),
        ("GET", "/assets", fetched("same-origin", "navigate", "document")),
        ("GET", "/assets/release?view=events", fetched("cross-site", "navigate", "document")),
        ("GET", "/runs/1", fetched("same-site", "navigate", "document")),
        ("GET", "/graphql", fetched("none", "navigate", "document")),
        ("GET", "/_next/static/chunks/1.js", fetched("same-origin", "no-cors", "script")),
        ("GET", "/vendor/graphiql/graphiql.min.js?v=1", fetched("same-origin", "cors", "script")),
        ("GET", "/notebook?path=a.ipynb", fetched("same-origin", "navigate", "iframe")),
        ("HEAD", "/favicon.ico", ()),
        ("POST", "/graphql", (*fetched("same-origin", "cors", "empty"), ("origin", ORIGIN), JSON)),
        ("POST", "/graphql", (("content-type", "application/json; charset=utf-8"),)),
        ("WEBSOCKET", "/graphql", (("origin", ORIGIN),)),
        # Some browsers label the UI's own handshake cross-site.
        (
            "WEBSOCKET",
            "/graphql",
            (*fetched("cross-site", "websocket", "empty"), ("origin", ORIGIN)),
        ),
        ("WEBSOCKET", "/graphql", ()),
    ],
)
def test_requests_of_ui_user_and_program_are_allowed(method, path, headers):
    assert refusal(asked(method, path, *headers)) is None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something-new"])
@pytest.mark.parametrize(
    ("method", "mode", "dest"),
    [
        ("GET", "no-cors", "image"),
        ("GET", "no-cors", "script"),
        ("GET", "navigate", "iframe"),
        ("GET", "navigate", "object"),
        ("GET", "cors", "empty"),
        ("HEAD", "no-cors", "empty"),
        ("POST", "navigate", "document"),
        ("POST", "no-cors", "empty"),
        ("WEBSOCKET", "websocket", "empty"),
    ],
)
def test_requests_of_other_pages_are_refused(site, method, mode, dest):
    assert refusal(asked(method, "/assets", *fetched(site, mode, dest), JSON)) == EMBEDDED


def test_frame_is_refused_even_if_it_also_claims_to_be_a_document():
    twice = *fetched("cross-site", "navigate", "iframe"), ("sec-fetch-dest", "document")
    assert refusal(asked("GET", "/assets", *twice)) == EMBEDDED


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "address", [MUTATION, "/graphql/?query={version}", "/graphql\n?query={version}", "/graphql?x"]
)
def test_query_in_url_is_refused_even_from_the_ui(method, address):
    own = *fetched("same-origin", "navigate", "document"), ("accept", "text/html")
    assert refusal(asked(method, address, *own)) == QUERY_IN_ADDRESS


@pytest.mark.parametrize(
    "kinds",
    [
        (),
        ("",),
        ("text/plain",),
        ("text/plain; application/json",),
        ("text/plain;charset=application/json",),
        ("multipart/form-data; boundary=application/json",),
        ("application/x-www-form-urlencoded",),
        ("application/graphql",),
        ("application/json", "text/plain"),
        ("text/plain, application/json",),
    ],
)
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/graphql"),
        ("POST", MUTATION),
        ("POST", "/report_asset_materialization/release"),
        ("POST", "/report_asset_check/release"),
        ("POST", "/report_asset_observation/release"),
        ("PUT", "/graphql"),
        ("DELETE", "/assets"),
        ("OPTIONS", "/graphql"),
        ("SEARCH", "/graphql"),
    ],
)
def test_body_that_needs_no_preflight_is_refused_even_without_origin(method, address, kinds):
    headers = [("content-type", kind) for kind in kinds]
    assert refusal(asked(method, address, *headers)) == NOT_JSON


NAMED = {"filings.example.org"}


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize(
    "host", ["filings.example.org", "FILINGS.example.org", "filings.example.org:8443"]
)
def test_named_host_is_allowed_with_pages_of_its_own(scheme, host):
    own = ("origin", f"{scheme}://{host}")
    assert refusal(asked("GET", "/assets", host=host), NAMED) is None
    assert refusal(asked("POST", "/graphql", own, JSON, host=host), NAMED) is None
    assert refusal(asked("WEBSOCKET", "/graphql", own, host=host), NAMED) is None
    assert refusal(asked("GET", "/assets", host=host)) == FOREIGN_HOST


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.filings.example.org",
        "filings.example.org.evil.example",
        "filings.example.org.",
        "filings.example.org:",
        "filings.example.org:1:2",
        "filings.example.org@evil.example",
        "filings.example.org\n",
        "",
    ],
)
def test_other_name_than_the_named_host_is_refused(host):
    own = ("origin", f"https://{host}")
    assert refusal(asked("POST", "/graphql", own, JSON, host=host), NAMED) == FOREIGN_HOST


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://filings.example.org:8443",
        "https://evil.filings.example.org",
        "ftp://filings.example.org",
        "null",
    ],
)
def test_other_origin_than_the_named_host_is_refused(origin):
    request = asked("POST", "/graphql", ("origin", origin), JSON, host="filings.example.org")
    assert refusal(request, NAMED) == FOREIGN_ORIGIN


def test_named_host_changes_nothing_for_loopback():
    assert refusal(asked("POST", "/graphql", ("origin", ORIGIN), JSON), NAMED) is None
    secure = ("origin", f"https://{HOST}")
    assert refusal(asked("POST", "/graphql", secure, JSON), NAMED) == FOREIGN_ORIGIN
    frame = fetched("cross-site", "navigate", "iframe")
    assert refusal(asked("GET", "/", *frame, host="filings.example.org"), NAMED) == EMBEDDED


@pytest.mark.parametrize("host", ["10.0.0.5:3000", "webserver", None])
def test_health_check_is_answered_under_any_name(host):
    assert refusal(asked("GET", "/server_info", host=host)) is None
    assert refusal(asked("HEAD", "/server_info", host=host)) is None
    assert refusal(asked("POST", "/server_info", JSON, host=host)) == FOREIGN_HOST
    assert refusal(asked("WEBSOCKET", "/server_info", host=host)) == FOREIGN_HOST
    assert refusal(asked("GET", "/server_info/x", host=host)) == FOREIGN_HOST


def test_refused_request_gets_403_and_does_not_reach_dagster():
    async def dagster(*_: Any) -> None:
        raise AssertionError("reached")

    start, body = answer(Guard(dagster), asked("GET", MUTATION))
    assert start["status"] == 403
    assert body["body"].decode() == f"{QUERY_IN_ADDRESS}\n"
    assert (b"content-type", b"text/plain; charset=utf-8") in start["headers"]


def test_refused_websocket_is_closed_before_accept():
    async def dagster(*_: Any) -> None:
        raise AssertionError("reached")

    foreign = asked("WEBSOCKET", "/graphql", ("origin", "http://evil.example"))
    closed = {"type": "websocket.close", "code": 1008, "reason": FOREIGN_ORIGIN}
    assert answer(Guard(dagster), foreign) == [closed]


def test_allowed_response_may_only_be_framed_by_the_ui():
    async def dagster(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})

    start, body = answer(Guard(dagster), asked("GET", "/assets"))
    assert start["headers"] == [(b"x-frame-options", b"SAMEORIGIN")]
    assert body["body"] == b"page"
