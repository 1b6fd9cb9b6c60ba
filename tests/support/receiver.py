"""A web server on the loopback that keeps the messages it gets: alerts, heartbeats, releases."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Received:
    """A request: its method, path and headers, and the JSON of its body, if it has one."""

    method: str
    path: str
    headers: dict[str, str]
    message: dict[str, Any]

    @property
    def keys(self) -> list[str]:
        """The keys of the incidents of the message, sorted."""
        return sorted(item["key"] for item in self.message["incidents"])


@dataclass
class Receiver:
    """The address of the server, what it has received, and the status with which it answers."""

    url: str
    received: list[Received] = field(default_factory=list)
    status: int = 204

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables that send everything to this server."""
        return {
            "FILINGS_ALERT_URL": f"{self.url}/alert",
            "FILINGS_HEARTBEAT_URL": f"{self.url}/heartbeat",
            "FILINGS_RELEASE_URL": f"{self.url}/release",
        }

    def at(self, path: str) -> list[Received]:
        """What has arrived at a path."""
        return [item for item in self.received if item.path == path]

    @property
    def alerts(self) -> list[tuple[str, list[str]]]:
        """The event and the keys of the incidents of each alert."""
        return [(item.message["event"], item.keys) for item in self.at("/alert")]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A server for the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    kept = Receiver(f"http://127.0.0.1:{server.server_port}")
    server.kept = kept  # type: ignore[attr-defined]
    thread = Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kept: Receiver = self.server.kept  # type: ignore[attr-defined]
        message = json.loads(body) if body else {}
        kept.received.append(Received(self.command, self.path, dict(self.headers), message))
        self.send_response(kept.status)
        self.end_headers()

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""
