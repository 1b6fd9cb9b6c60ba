"""A `requests` transport that answers from a script, and a session over it that never waits."""

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
    """One answer; `headers` may promise more bytes than `body` holds."""

    status: int = 200
    body: bytes = b"page"
    headers: Mapping[str, str] = field(default_factory=dict)


class Script(BaseAdapter):
    """Gives its answers one by one, the last one again and again; exceptions are raised."""

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
        """For a test to replace: what happens between a request and its answer."""

    def close(self) -> None:
        """Nothing is held open."""


class Naps(list[float]):
    """Stands in for `time.sleep`: writes down how long it should have been."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def scripted(
    *answers: Reply | Exception,
    requests_per_second: float = 0,
    max_bytes: int = 1_000_000,
    attempts: int = ATTEMPTS,
    user_agent: str = "",
) -> tuple[PoliteSession, Script, Naps]:
    """A session whose source answers so, the script with its log, and the waits it would make."""
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
