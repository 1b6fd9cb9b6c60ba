"""The transport: a `requests` adapter that answers from a `Site` instead of the network."""

from collections.abc import Mapping
from http.client import responses
from io import BytesIO
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from scrapers.replica.site import Site


class ReplicaAdapter(BaseAdapter):
    """Mount it on a session for "https://": no request leaves the process, unknown ones are 404."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site = site
        self._builder = HTTPAdapter()

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | None = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """The site's answer as a whole Response; `stream` leaves the body to be read."""
        answer = self.site.answer(request.method or "GET", request.url or "", request.headers)
        raw = HTTPResponse(
            body=BytesIO(answer.body),
            headers={**answer.headers, "Content-Length": str(len(answer.body))},
            status=answer.status,
            reason=responses.get(answer.status, ""),
            preload_content=False,
            request_method=request.method,
        )
        return self._builder.build_response(request, raw)

    def close(self) -> None:
        """Nothing is held open."""
        self._builder.close()
