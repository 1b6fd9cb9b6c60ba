"""The source's two hosts as one function from a request to a response.

`Site` implements URLs and headers. The documents are built by `notices`, `pages`, and the modules
of each register. It is independent of the transport, which is `adapter`, or a loopback server in
tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from urllib.parse import parse_qs, quote, urlsplit

from scrapers.replica.docx import list_docx
from scrapers.replica.facts import AnnouncementFact, Register, load_register
from scrapers.replica.generative_documents import service_document
from scrapers.replica.notices import notice_list
from scrapers.replica.pages import (
    ATTACHMENT_PATH,
    RECOMMENDATION_PAGE,
    SERVICES_PAGE,
    announcement_page,
    attachment_token,
    list_token,
    recommendation_page,
    services_page,
)
from scrapers.replica.pdf import cancellation_pdf
from scrapers.replica.recommendation_docx import recommendation_docx
from scrapers.replica.tags import is_known, tag_of_body, tag_of_facts
from scrapers.replica.wording import list_title

CAC_URL = "https://www.cac.gov.cn"
BEIAN_URL = "https://beian.cac.gov.cn"
NOTICE_LIST_PATH = "/api/notice/list"
CANCELLATION_PATH = "/api/file/fileDownLoad"


IsKnown = Callable[[str], bool]
"""Whether the client has the response with an entity tag."""


@dataclass(frozen=True)
class Answer:
    """An HTTP response. The transport adds the Content-Length header."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _File:
    """A file to download: its name without extension, how it is built, and from which facts."""

    name: str
    build: Callable[[], bytes]
    facts: object


class Site:
    """Both hosts, serving one `Register`. Thread-safe; each document is built at most once."""

    def __init__(
        self, register: Register, cac_url: str = CAC_URL, beian_url: str = BEIAN_URL
    ) -> None:
        self.register = register
        self.cac_url = cac_url.rstrip("/")
        self.beian_url = beian_url.rstrip("/")
        self._pages = self._page_builders()
        self._files = self._list_files()
        self._built: dict[str, bytes] = {}
        self._tags: dict[str, str] = {}
        self._lock = Lock()

    def answer(self, method: str, url: str, request_headers: Mapping[str, str]) -> Answer:
        """The response of the source: empty without a Referer, status 404 for an unknown URL."""
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        hosts = {self.cac_url: self._cac, self.beian_url: self._beian}
        host = next((base for base in hosts if url.startswith(base + "/")), None)
        if host and not any(name.lower() == "referer" for name in request_headers):
            return Answer(200, _kind("text/html"), b"")
        known = partial(is_known, request_headers)
        answer = hosts[host](parts.path, query, known) if host and method == "GET" else None
        return answer or Answer(404, _kind("text/html"), b"<html><body>404 Not Found</body></html>")

    def _cac(self, path: str, query: Mapping[str, str], is_known: IsKnown) -> Answer | None:
        if path in self._pages:
            body = self._cached(path, self._pages[path])
            tag = tag_of_body(body)
            return _not_modified(tag) if is_known(tag) else _tagged("text/html", tag, body)
        token = query.get("filepath", "")
        if path != ATTACHMENT_PATH or token not in self._files:
            return None
        return self._download(token, self._files[token], is_known)

    def _beian(self, path: str, query: Mapping[str, str], is_known: IsKnown) -> Answer | None:
        if path == NOTICE_LIST_PATH:  # The source ignores the paging parameters.
            body = self._cached(path, self._notices)
            return Answer(200, _kind("application/json;charset=UTF-8"), body)
        notice_id = query.get("noticeId", "")
        rows = [c for c in self.register.cancellations if c.notice_id == notice_id]
        if path != CANCELLATION_PATH or not rows:
            return None
        # Notices never change, so their purposes come from the full register.
        filings = {f.filing_number: f for b in load_register().filings.values() for f in b}
        facts = (rows, [filings.get(row.filing_number) for row in rows])
        file = _File(rows[0].title, partial(cancellation_pdf, rows, filings), facts)
        return self._download(notice_id, file, is_known)

    def _download(self, key: str, file: _File, is_known: IsKnown) -> Answer:
        """A file, which is not built for a client that has it."""
        tag = self._tags.get(key) or self._tags.setdefault(key, tag_of_facts(key, file.facts))
        if is_known(tag):
            return _not_modified(tag)
        body = self._cached(key, file.build)
        suffix = ".pdf" if body.startswith(b"%PDF-") else ".docx"
        answer = _tagged("application/octet-stream", tag, body)
        disposition = f'attachment; filename="{quote(file.name + suffix)}"'
        return replace(answer, headers={**answer.headers, "Content-Disposition": disposition})

    def _cached(self, key: str, build: Callable[[], bytes]) -> bytes:
        with self._lock:
            if key not in self._built:
                self._built[key] = build()
            return self._built[key]

    def _page_builders(self) -> dict[str, Callable[[], bytes]]:
        """The builder of each page, by path."""
        register = self.register
        return {
            RECOMMENDATION_PAGE: partial(recommendation_page, register.recommendation_lists),
            SERVICES_PAGE: partial(services_page, register.service_lists),
            **{a.page_path: partial(announcement_page, a) for a in register.announcements},
        }

    def _list_files(self) -> dict[str, _File]:
        """The lists of all registers, by token."""
        register = self.register
        files = {
            attachment_token(a): _File(
                list_title(a.list_month),
                partial(self._batch, a),
                (a, register.filings[a.batch_no]),
            )
            for a in register.announcements
        }
        for listed in register.recommendation_lists:
            token = list_token(RECOMMENDATION_PAGE, listed)
            files[token] = _File(listed.label, partial(recommendation_docx, listed), listed)
        for services in register.service_lists:
            token = list_token(SERVICES_PAGE, services)
            files[token] = _File(services.label, partial(service_document, services), services)
        return files

    def _notices(self) -> bytes:
        return notice_list(self.register, self.cac_url, self.beian_url)

    def _batch(self, announcement: AnnouncementFact) -> bytes:
        rows = self.register.filings[announcement.batch_no]
        return list_docx(announcement.batch_no, announcement.list_month, rows)


def _kind(content_type: str) -> dict[str, str]:
    return {"Server": "nginx", "Content-Type": content_type}


def _tagged(content_type: str, tag: str, body: bytes) -> Answer:
    return Answer(200, {**_kind(content_type), "ETag": tag}, body)


def _not_modified(tag: str) -> Answer:
    return Answer(304, {"Server": "nginx", "ETag": tag}, b"")
