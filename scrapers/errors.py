"""The errors of reading the register; each says what was found, where, and what to do.

Code deep inside (a table reader, say) knows what is wrong but not where the bytes came from;
the caller who knows wraps the call in `located(url=…, batch_no=…)`, which fills that in.
"""

from collections.abc import Iterator
from contextlib import contextmanager

MAX_SHOWN = 80


class FilingsError(Exception):
    """Base of every error a user may see: a message without a traceback is enough."""

    def __init__(
        self,
        found: str,
        *,
        url: str | None = None,
        batch_no: int | None = None,
        row_no: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(found)
        self.found = found
        self.url = url
        self.batch_no = batch_no
        self.row_no = row_no
        self.remedy = remedy

    def __str__(self) -> str:
        where = [
            f"batch {self.batch_no:03d}" if self.batch_no is not None else None,
            f"row {self.row_no}" if self.row_no is not None else None,
            self.url,
        ]
        place = ", ".join(part for part in where if part)
        text = f"{self.found} [{place}]" if place else self.found
        return f"{text}. {self.remedy}" if self.remedy else text


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
def located(*, url: str | None = None, batch_no: int | None = None) -> Iterator[None]:
    """Add the place to any `FilingsError` that passes and does not know it yet."""
    try:
        yield
    except FilingsError as error:
        error.url = error.url or url
        error.batch_no = batch_no if error.batch_no is None else error.batch_no
        raise


@contextmanager
def on_page(number: int) -> Iterator[None]:
    """Put the page of a .pdf in front of any `DocumentError` that passes."""
    try:
        yield
    except DocumentError as error:
        error.found = f"page {number}: {error.found}"
        raise


def shortened(text: str) -> str:
    """A text for a message, cut where it is very long."""
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
