"""Faulty answers of a site.

A fault is an `Answer` that replaces the true one, or a function of the true one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from scrapers.replica.site import Answer

Fault = Answer | Callable[[Answer], Answer]


class ConnectionDroppedError(Exception):
    """Raised by a fault: the server closes the connection without an answer."""


@dataclass(frozen=True)
class Dripped(Answer):
    """An answer sent one byte at a time: its body, or everything from the status line on."""

    from_header: bool = False


def apply(fault: Fault, answer: Answer) -> Answer:
    """The answer after a fault. Raises ConnectionDroppedError if there is none."""
    return fault if isinstance(fault, Answer) else fault(answer)


def firewall_page() -> Answer:
    """The challenge of the web firewall: status 200 and HTML instead of the document."""
    return html_instead(
        "<html><head><title>知道创宇云防御</title></head><body>请稍候</body></html>"
    )


def html_instead(html: str = "<html><body>系统繁忙</body></html>") -> Answer:
    """Status 200 and an HTML page instead of the document."""
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, html.encode())


def empty_body() -> Answer:
    """Status 200 and an empty body, as the site answers a request without Referer."""
    return Answer(200, {"Content-Type": "application/octet-stream"}, b"")


def document_instead(body: bytes) -> Answer:
    """Status 200 and another document, such as a PDF instead of a .docx file."""
    return Answer(200, {"Content-Type": "application/octet-stream"}, body)


def status(code: int, retry_after: int | None = None) -> Answer:
    """An error status, with Retry-After in seconds if given."""
    headers = {"Content-Type": "text/html"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Answer(code, headers, f"<html><body>{code}</body></html>".encode())


def corrupt(answer: Answer) -> Answer:
    """The first half of the true document: valid first bytes, but a broken zip."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def drop_connection(answer: Answer) -> Answer:
    """Close the connection without an answer."""
    raise ConnectionDroppedError


def drip_body(answer: Answer) -> Answer:
    """The true answer, with its body sent one byte at a time."""
    return Dripped(answer.status, answer.headers, answer.body)


def drip_header(answer: Answer) -> Answer:
    """The true answer, sent one byte at a time from the status line on."""
    return Dripped(answer.status, answer.headers, answer.body, from_header=True)


def fail_times(times: int, fault: Fault) -> Callable[[Answer], Answer]:
    """The fault for the first `times` requests, the true answer from then on."""
    left, lock = [times], Lock()

    def failing(answer: Answer) -> Answer:
        with lock:
            left[0] -= 1
            failed = left[0] >= 0
        return apply(fault, answer) if failed else answer

    return failing
