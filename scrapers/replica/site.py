"""The source's two hosts as one function from a request to a response.

`Site` implements URLs and headers. The documents are built by `notices`, `pages`, `docx` and `pdf`.
It is independent of the transport, which is `adapter`, or a loopback server in tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from urllib.parse import parse_qs, quote, urlsplit

from scrapers.replica.docx import list_docx
from scrapers.replica.facts import AnnouncementFact, Register, load_register
from scrapers.replica.notices import notice_list
from scrapers.replica.pages import ATTACHMENT_PATH, announcement_page, attachment_token
from scrapers.replica.pdf import cancellation_pdf
from scrapers.replica.wording import list_title

CAC_URL = "https://www.cac.gov.cn"
BEIAN_URL = "https://beian.cac.gov.cn"
NOTICE_LIST_PATH = "/api/notice/list"
CANCELLATION_PATH = "/api/file/fileDownLoad"


@dataclass(frozen=True)
class Answer:
    """An HTTP response. The transport adds the Content-Length header."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Site:
    """Both hosts, serving one register. Thread-safe; each document is built at most once."""

    def __init__(
        self, register: Register, cac_url: str = CAC_URL, beian_url: str = BEIAN_URL
    ) -> None:
        self.register = register
        self.cac_url = cac_url.rstrip("/")
        self.beian_url = beian_url.rstrip("/")
        self._pages = {a.page_path: a for a in register.announcements}
        self._attachments = {attachment_token(a): a for a in register.announcements}
        self._built: dict[str, bytes] = {}
        self._lock = Lock()

    def answer(self, method: str, url: str, request_headers: Mapping[str, str]) -> Answer:
        """The response of the source: empty without a Referer, status 404 for an unknown URL."""
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        hosts = {self.cac_url: self._cac, self.beian_url: self._beian}
        host = next((base for base in hosts if url.startswith(base + "/")), None)
        if host and not any(name.lower() == "referer" for name in request_headers):
            return Answer(200, _kind("text/html"), b"")
        answer = hosts[host](parts.path, query) if host and method == "GET" else None
        return answer or Answer(404, _kind("text/html"), b"<html><body>404 Not Found</body></html>")

    def _cac(self, path: str, query: Mapping[str, str]) -> Answer | None:
        if path in self._pages:
            page = self._pages[path]
            return Answer(
                200, _kind("text/html"), self._cached(path, lambda: announcement_page(page))
            )
        announcement = self._attachments.get(query.get("filepath", ""))
        if path != ATTACHMENT_PATH or announcement is None:
            return None
        body = self._cached(query["filepath"], lambda: self._list(announcement))
        return _download(body, f"{list_title(announcement.list_month)}.docx")

    def _beian(self, path: str, query: Mapping[str, str]) -> Answer | None:
        if path == NOTICE_LIST_PATH:  # The source ignores the paging parameters.
            body = self._cached(path, self._notices)
            return Answer(200, _kind("application/json;charset=UTF-8"), body)
        notice_id = query.get("noticeId", "")
        rows = [c for c in self.register.cancellations if c.notice_id == notice_id]
        if path != CANCELLATION_PATH or not rows:
            return None
        # Notices never change, so their purposes come from the full register.
        filings = {f.filing_number: f for b in load_register().filings.values() for f in b}
        body = self._cached(notice_id, lambda: cancellation_pdf(rows, filings))
        return _download(body, f"{rows[0].title}.pdf")

    def _cached(self, key: str, build: Callable[[], bytes]) -> bytes:
        with self._lock:
            if key not in self._built:
                self._built[key] = build()
            return self._built[key]

    def _notices(self) -> bytes:
        return notice_list(self.register, self.cac_url, self.beian_url)

    def _list(self, announcement: AnnouncementFact) -> bytes:
        rows = self.register.filings[announcement.batch_no]
        return list_docx(announcement.batch_no, announcement.list_month, rows)


def _kind(content_type: str) -> dict[str, str]:
    return {"Server": "nginx", "Content-Type": content_type}


def _download(body: bytes, name: str) -> Answer:
    headers = _kind("application/octet-stream")
    headers["Content-Disposition"] = f'attachment; filename="{quote(name)}"'
    return Answer(200, headers, body)
