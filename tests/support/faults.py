"""Ready-made faults: what a site does when it does not answer as it should.

A fault is an `Answer` that stands in for the true one, or a function of the true one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from scrapers.replica.site import Answer

Fault = Answer | Callable[[Answer], Answer]


class ConnectionDropped(Exception):
    """Raised by a fault: the server hangs up without a word."""


@dataclass(frozen=True)
class Dripped(Answer):
    """An answer that comes a byte at a time: its body, or all of it from the status line on."""

    from_header: bool = False


def apply(fault: Fault, answer: Answer) -> Answer:
    """What the fault makes of the true answer; ConnectionDropped if nothing at all."""
    return fault if isinstance(fault, Answer) else fault(answer)


def firewall_page() -> Answer:
    """The web firewall's challenge: status 200, HTML instead of whatever was asked for."""
    return html_instead(
        "<html><head><title>知道创宇云防御</title></head><body>请稍候</body></html>"
    )


def html_instead(html: str = "<html><body>系统繁忙</body></html>") -> Answer:
    """Status 200 and a page that is not what was asked for."""
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, html.encode())


def empty_body() -> Answer:
    """Status 200 and nothing in it, as an attachment without Referer gets."""
    return Answer(200, {"Content-Type": "application/octet-stream"}, b"")


def document_instead(body: bytes) -> Answer:
    """Status 200 and another document, such as a PDF where a .docx was."""
    return Answer(200, {"Content-Type": "application/octet-stream"}, body)


def status(code: int, retry_after: int | None = None) -> Answer:
    """An error status, with Retry-After in seconds if given."""
    headers = {"Content-Type": "text/html"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Answer(code, headers, f"<html><body>{code}</body></html>".encode())


def corrupt(answer: Answer) -> Answer:
    """The first half of the true document: its first bytes are right, the zip is broken."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def drop_connection(answer: Answer) -> Answer:
    """No answer: the connection is closed."""
    raise ConnectionDropped


def drip_body(answer: Answer) -> Answer:
    """The true answer, whose body comes a byte at a time."""
    return Dripped(answer.status, answer.headers, answer.body)


def drip_header(answer: Answer) -> Answer:
    """The true answer, a byte at a time from its status line on."""
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
