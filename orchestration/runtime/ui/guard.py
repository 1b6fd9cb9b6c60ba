"""The guard before the Dagster webserver: only its own pages, on this machine, may use it.

Dagster answers any request that reaches it. Any web page open in the same browser can send some:
`<img src="http://127.0.0.1:3000/graphql?query=mutation…">` would start a run or wipe an asset. A
browser says where a request comes from (`Host`, `Origin`, `Sec-Fetch-*`), and no page can change
that. Programs that are not browsers, such as curl, send neither Origin nor Sec-Fetch-Site.
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

# With any port: that of an SSH tunnel differs from ours. Starlette's TrustedHostMiddleware reads
# no IPv6 address. A foreign name that leads to this machine (DNS rebinding) is not among these.
_OUR_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")
_OUR_SITES = {"same-origin", "none"}
_READING = {"GET", "HEAD"}

FOREIGN_HOST = (
    "The Dagster UI answers only to the names 127.0.0.1 and localhost: open it by one of them."
)
FOREIGN_ORIGIN = "This request comes from another page: open the Dagster UI itself and act there."
EMBEDDED = "The Dagster UI cannot be used from within another page: open it in a tab of its own."
QUERY_IN_ADDRESS = "A GraphQL query in an address is refused: send it by POST as application/json."
NOT_JSON = "This request is refused: send it by POST as application/json."


class Guard:
    """ASGI middleware that answers 403, with the reason, to requests that `refusal` refuses.

    A WebSocket is closed before it is accepted, which is 403, too. Only the UI itself may frame
    what passes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_unframed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Frame-Options"] = "SAMEORIGIN"
            await send(message)

        reason = None if scope["type"] == "lifespan" else refusal(scope)
        if reason is None:
            await self._app(scope, receive, send_unframed)
        elif scope["type"] == "websocket":
            # No page can read the body of a refused handshake, and uvicorn logs one as an error.
            await WebSocketClose(1008, reason)(scope, receive, send)
        else:
            await PlainTextResponse(f"{reason}\n", 403)(scope, receive, send)


def refusal(scope: Scope) -> str | None:
    """Why an HTTP request or WebSocket handshake is refused, in a sentence; None if it passes."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not _OUR_HOST.fullmatch(hosts[0].lower()):
        return FOREIGN_HOST
    origins = headers.getlist("origin")
    if origins and [origin.lower() for origin in origins] != [f"http://{hosts[0].lower()}"]:
        return FOREIGN_ORIGIN
    is_websocket = scope["type"] == "websocket"
    # With a handshake every browser sends Origin; on Sec-Fetch-Site there they do not agree.
    if not (is_websocket and origins) and not _is_asked_for(scope, headers):
        return EMBEDDED
    return None if is_websocket else _refused_method(scope, headers)


def _is_asked_for(scope: Scope, headers: Headers) -> bool:
    """Whether the UI itself asks, or a person: by an address typed or a link followed to a tab."""
    if set(headers.getlist("sec-fetch-site")) <= _OUR_SITES:
        return True
    kind = headers.getlist("sec-fetch-mode"), headers.getlist("sec-fetch-dest")
    return scope.get("method") == "GET" and kind == (["navigate"], ["document"])


def _refused_method(scope: Scope, headers: Headers) -> str | None:
    """Why the method or the type of the body is refused.

    Dagster runs mutations by GET, takes `text/plain; application/json` for JSON, and records a
    report of an asset from a POST without a body: a page may send all these without asking first.
    """
    if scope["method"] in _READING:
        # Routes match from the start of the path, and not always to its end.
        is_query = scope["path"].startswith("/graphql") and scope["query_string"]
        return QUERY_IN_ADDRESS if is_query else None
    kinds = [kind.partition(";")[0].strip().lower() for kind in headers.getlist("content-type")]
    return None if kinds == ["application/json"] else NOT_JSON
