"""The errors of reading the register; each says what was found, where, and what to do.

Code deep inside (a table reader, say) knows what is wrong but not where the bytes came from;
the caller who knows wraps the call in `located(url=…, document=…)`, which fills that in.

What the source says can be of any length and number, so messages are bounded in both: `shortened`
cuts a text, `few` a list inside a message, and `first_lines` a list of messages.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

MAX_SHOWN = 80
MAX_ITEMS = 5
MAX_LINES = 30
# Together some 1,000 characters. An address with a Chinese name in it has up to 400.
MAX_FOUND, MAX_PLACE, MAX_REMEDY = 500, 400, 300


class FilingsError(Exception):
    """Base of every error a user may see: a message without a traceback is enough.

    As text it has some 1,000 characters at most, however much is quoted in it.
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
        # Cut here too: not every reader of `found` asks for the whole message.
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
    """An address did not give what it should; asking again at once would not help."""


class TransientFetchError(FetchError):
    """An address failed in a way that can get better: 408, 429, 5xx or a broken connection.

    `retry_after` is the wait in seconds that the source asked for, if it did.
    """

    retry_after: float | None = None


class FirewallError(FetchError):
    """The firewall before the source refused a request, or answered in the place of the source.

    It may let the same request through some time later.
    """


class EmptyAnswerError(FetchError):
    """The address answered with nothing, or with a page that shows nothing."""


class NotFoundError(FetchError):
    """The address answered 404 or 410."""


class RefusedAddressError(FetchError):
    """A link or redirect leads to a host outside the source."""


class NoticeListError(FilingsError):
    """The notice list, or one notice in it, cannot be read."""


class AnnouncementError(FilingsError):
    """An announcement page does not say what such a page must say."""


class DocumentError(FilingsError):
    """A document is damaged, of an unknown kind, or no list."""


class TableError(DocumentError):
    """The document opens, but its table is not the table of the register."""


class FilingNumberError(FilingsError):
    """A filing number breaks its grammar or its check digit."""


class HeldBackError(FilingsError):
    """A list was read but must not replace the last good version before an operator has looked."""


class ArchiveError(FilingsError):
    """The raw archive contradicts its own sidecar."""


@contextmanager
def located(*, url: str | None = None, document: str | None = None) -> Iterator[None]:
    """Add the place to any `FilingsError` that passes and does not know it yet."""
    try:
        yield
    except FilingsError as error:
        error.url = error.url or url
        error.document = error.document or document
        raise


@contextmanager
def on_page(number: int) -> Iterator[None]:
    """Put the page of a .pdf in front of any `DocumentError` that passes."""
    try:
        yield
    except DocumentError as error:
        error.found = f"page {number}: {error.found}"
        raise


def shortened(text: str, most: int = MAX_SHOWN) -> str:
    """A text for a message, cut where it is longer than `most` characters."""
    return text if len(text) <= most else text[:most] + "…"


def few(items: Iterable[object], most: int = MAX_ITEMS) -> str:
    """The first items as a list inside a message, and how many more there are."""
    texts = [shortened(str(item)) for item in items]
    shown = ", ".join(texts[:most])
    return f"{shown} and {len(texts) - most:,} more" if len(texts) > most else shown


def first_lines(lines: Sequence[str], most: int = MAX_LINES) -> list[str]:
    """The first of many messages, and one that says how many more there are."""
    hidden = len(lines) - most
    return [*lines[:most], f"and {hidden:,} more"] if hidden > 0 else list(lines)
