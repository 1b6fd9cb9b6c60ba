"""A `requests` transport with scripted responses, and a session that never waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from scrapers.http.addresses import Source
from scrapers.http.retries import ATTEMPTS
from scrapers.http.session import PoliteSession

SOURCE = Source("https://cac.test", "https://beian.test")
PAGE = "https://cac.test/page.htm"


@dataclass(frozen=True)
class Reply:
    """One response; its `headers` may state another length than that of `body`."""

    status: int = 200
    body: bytes = b"page"
    headers: Mapping[str, str] = field(default_factory=dict)


class Script(BaseAdapter):
    """Returns its responses in order, and then repeats the last one; raises exceptions."""

    def __init__(self, *answers: Reply | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.requests: list[PreparedRequest] = []
        self.settings: list[dict[str, Any]] = []

    def send(self, request: PreparedRequest, **settings: Any) -> Response:
        self.requests.append(request)
        self.settings.append(settings)
        self.before_answer()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        raw = HTTPResponse(
            BytesIO(answer.body), answer.headers, answer.status, preload_content=False
        )
        return HTTPAdapter().build_response(request, raw)

    def before_answer(self) -> None:
        """Runs between a request and its response; tests replace it."""

    def close(self) -> None:
        """Close the transport, which holds no connections."""


class Naps(list[float]):
    """A replacement for `time.sleep` that records the seconds."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def scripted(
    *answers: Reply | Exception,
    requests_per_second: float = 0,
    max_bytes: int = 1_000_000,
    attempts: int = ATTEMPTS,
    user_agent: str = "",
) -> tuple[PoliteSession, Script, Naps]:
    """A session with scripted responses, the script with its requests, and the recorded waits."""
    script, naps = Script(*answers), Naps()
    session = PoliteSession(
        SOURCE,
        transport=script,
        requests_per_second=requests_per_second,
        contact="somebody@example.org",
        user_agent=user_agent,
        max_bytes=max_bytes,
        attempts=attempts,
        sleep=naps,
    )
    return session, script, naps
