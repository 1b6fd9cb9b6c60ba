"""Errors with messages for users: each says what was found, where, and what to do.

Low-level code (such as a table reader) knows what is wrong, but not where the bytes came from. The
caller that knows the place wraps the call in `located(url=…, document=…)`, which adds it.

Text from the source can be of any length, so messages are bounded: `shortened` cuts a text, `few`
cuts a list inside a message, and `first_lines` cuts a list of messages.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

MAX_SHOWN = 80
MAX_ITEMS = 5
MAX_LINES = 30
# About 1,000 characters in total. A URL that contains a Chinese name has up to 400.
MAX_FOUND, MAX_PLACE, MAX_REMEDY = 500, 400, 300


class FilingsError(Exception):
    """Base class of errors whose message is enough for a user, without a traceback.

    The message is limited to about 1,000 characters, however long the quoted text is.
    """

    def __init__(
        self,
        found: str,
        *,
        url: str | None = None,
        document: str | None = None,
        row_no: int | None = None,
        remedy: str | None = None,
    ) -> None:
        # Cut here too, because some callers read `found` and not the whole message.
        self.found = shortened(found, MAX_FOUND)
        super().__init__(self.found)
        self.url = url
        self.document = document
        self.row_no = row_no
        self.remedy = remedy

    def __str__(self) -> str:
        where = [
            shortened(self.document, MAX_PLACE) if self.document else None,
            f"row {self.row_no}" if self.row_no is not None else None,
            shortened(self.url, MAX_PLACE) if self.url else None,
        ]
        place = ", ".join(part for part in where if part)
        found = shortened(self.found, MAX_FOUND)
        text = f"{found} [{place}]" if place else found
        return f"{text}. {shortened(self.remedy, MAX_REMEDY)}" if self.remedy else text


class FetchError(FilingsError):
    """A request failed, and repeating it immediately would not help."""


class TransientFetchError(FetchError):
    """A request failed in a way that may pass: 408, 429, 5xx or a broken connection.

    `retry_after` is the wait in seconds that the source asked for, or None.
    """

    retry_after: float | None = None


class FirewallError(FetchError):
    """The source's web firewall refused a request or served a page in place of the source.

    The same request may succeed later.
    """


class EmptyResponseError(FetchError):
    """The response has no body, or is a page without visible text."""


class NotFoundError(FetchError):
    """The response has status 404 or 410."""


class RefusedAddressError(FetchError):
    """A link or redirect leads to a host that is not part of the source."""


class NoticeListError(FilingsError):
    """The notice list, or a notice on it, cannot be parsed."""


class AnnouncementError(FilingsError):
    """An announcement page lacks required information, or contradicts itself."""


class DocumentError(FilingsError):
    """A document is damaged, has an unknown format, or is not a list."""


class TableError(DocumentError):
    """A document opens, but its table does not have the layout of the register."""


class FilingNumberError(FilingsError):
    """A filing number has an invalid format or check digit."""


class HeldBackError(FilingsError):
    """A list must not replace the last good version until an operator has reviewed it."""


class ArchiveError(FilingsError):
    """The raw archive is damaged, or does not match its sidecar."""


@contextmanager
def located(*, url: str | None = None, document: str | None = None) -> Iterator[None]:
    """Add the URL and document to a `FilingsError` raised in the block, where it has none."""
    try:
        yield
    except FilingsError as error:
        error.url = error.url or url
        error.document = error.document or document
        raise


@contextmanager
def on_page(number: int) -> Iterator[None]:
    """Prefix a `DocumentError` raised in the block with the page number of a .pdf."""
    try:
        yield
    except DocumentError as error:
        error.found = f"page {number}: {error.found}"
        raise


def shortened(text: str, most: int = MAX_SHOWN) -> str:
    """A text for a message, cut after `most` characters."""
    return text if len(text) <= most else text[:most] + "…"


def few(items: Iterable[object], most: int = MAX_ITEMS) -> str:
    """The first items as a comma-separated list, followed by the number of items left out."""
    texts = [shortened(str(item)) for item in items]
    shown = ", ".join(texts[:most])
    return f"{shown} and {len(texts) - most:,} more" if len(texts) > most else shown


def first_lines(lines: Sequence[str], most: int = MAX_LINES) -> list[str]:
    """The first messages, followed by a line with the number of messages left out."""
    hidden = len(lines) - most
    return [*lines[:most], f"and {hidden:,} more"] if hidden > 0 else list(lines)
