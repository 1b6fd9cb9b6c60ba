"""ASGI middleware that lets only the Dagster UI's own pages use the Dagster webserver.

Dagster answers any request that reaches it, and any web page open in the same browser can send one:
`<img src="http://127.0.0.1:3000/graphql?query=mutation…">` would start a run or wipe an asset.
Browsers state where a request comes from in `Host`, `Origin` and `Sec-Fetch-*`, which pages cannot
change. Other programs, such as curl, send neither Origin nor Sec-Fetch-Site.
"""

import re
from collections.abc import Set

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

# Any port is allowed, since that of an SSH tunnel differs from ours. Other names that resolve to
# this machine (DNS rebinding) are refused. Starlette's TrustedHostMiddleware cannot parse IPv6.
_OUR_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")
_NAMED_HOST = re.compile(r"(?P<name>[a-z0-9.-]+)(:\d{1,5})?")
_OUR_SITES = {"same-origin", "none"}
_READING = {"GET", "HEAD"}
# The versions of Dagster, which a health check asks for by any name or address of this machine.
_HEALTH = "/server_info"

FOREIGN_HOST = (
    "The Dagster UI only answers to the names 127.0.0.1 and localhost, and to those in "
    "FILINGS_UI_HOSTS. Use one of them to open it."
)
FOREIGN_ORIGIN = "This request comes from another page. Use the Dagster UI itself instead."
EMBEDDED = "The Dagster UI cannot be embedded in another page. Open it in a separate tab."
QUERY_IN_ADDRESS = "GraphQL queries in the URL are refused. Send them by POST as application/json."
NOT_JSON = "This request is refused. Send it by POST as application/json."


class Guard:
    """ASGI middleware that answers 403, with the reason, to requests that `refusal` refuses.

    A refused WebSocket is closed before it is accepted, which is a 403 too. Other responses may
    only be framed by the UI itself. `hosts` are the names that a proxy serves the UI under.
    """

    def __init__(self, app: ASGIApp, hosts: Set[str] = frozenset()) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_unframed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Frame-Options"] = "SAMEORIGIN"
            await send(message)

        reason = None if scope["type"] == "lifespan" else refusal(scope, self._hosts)
        if reason is None:
            await self._app(scope, receive, send_unframed)
        elif scope["type"] == "websocket":
            # No page can read the body of a refused handshake, and uvicorn logs it as an error.
            await WebSocketClose(1008, reason)(scope, receive, send)
        else:
            await PlainTextResponse(f"{reason}\n", 403)(scope, receive, send)


def refusal(scope: Scope, hosts: Set[str] = frozenset()) -> str | None:
    """Return why an HTTP request or WebSocket handshake is refused, or None if it is allowed."""
    if scope["path"] == _HEALTH and scope.get("method") in _READING:
        return None
    headers = Headers(scope=scope)
    sent = headers.getlist("host")
    schemes = _schemes(sent[0].lower(), hosts) if len(sent) == 1 else ()
    if not schemes:
        return FOREIGN_HOST
    origins = [origin.lower() for origin in headers.getlist("origin")]
    if origins and origins not in [[f"{scheme}://{sent[0].lower()}"] for scheme in schemes]:
        return FOREIGN_ORIGIN
    is_websocket = scope["type"] == "websocket"
    # Every browser sends Origin with a handshake, but they differ in Sec-Fetch-Site.
    if not (is_websocket and origins) and not _is_own_or_navigation(scope, headers):
        return EMBEDDED
    return None if is_websocket else _refused_method(scope, headers)


def _schemes(host: str, hosts: Set[str]) -> tuple[str, ...]:
    """The schemes of our own pages under this value of Host; none if the name is not ours."""
    if _OUR_HOST.fullmatch(host):
        return ("http",)
    named = _NAMED_HOST.fullmatch(host)
    # A proxy ends TLS, so that we cannot see which of the two the browser uses.
    return ("https", "http") if named and named["name"] in hosts else ()


def _is_own_or_navigation(scope: Scope, headers: Headers) -> bool:
    """Whether a request is from the UI itself, or opens a page in a tab (address bar or link)."""
    if set(headers.getlist("sec-fetch-site")) <= _OUR_SITES:
        return True
    kind = headers.getlist("sec-fetch-mode"), headers.getlist("sec-fetch-dest")
    return scope.get("method") == "GET" and kind == (["navigate"], ["document"])


def _refused_method(scope: Scope, headers: Headers) -> str | None:
    """Return why the method or the content type is refused, or None.

    Dagster runs mutations sent by GET, accepts `text/plain; application/json` as JSON, and records
    asset events from a POST without a body. Pages may send all of these without a CORS preflight.
    """
    if scope["method"] in _READING:
        # Some routes only match the start of the path.
        is_query = scope["path"].startswith("/graphql") and scope["query_string"]
        return QUERY_IN_ADDRESS if is_query else None
    kinds = [kind.partition(";")[0].strip().lower() for kind in headers.getlist("content-type")]
    return None if kinds == ["application/json"] else NOT_JSON
