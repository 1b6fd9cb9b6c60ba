"""A `requests` adapter that responds from a `Site` instead of the network."""

from collections.abc import Mapping
from http.client import responses
from io import BytesIO
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from scrapers.replica.site import Site


class ReplicaAdapter(BaseAdapter):
    """Serves requests from a `Site`, without network access. Unknown URLs return status 404.

    Mount it on a session for "https://".
    """

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.site = site
        self._builder = HTTPAdapter()

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """The response of the site. With `stream`, the body is not read yet."""
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
        """Close the adapter, which holds no connections."""
        self._builder.close()
