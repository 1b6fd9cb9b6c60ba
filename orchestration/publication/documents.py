"""The documents of a release, in the order in which they are written.

Each writer is imported only when it runs: most runs publish nothing, and Altair is slow to import.
"""

from collections.abc import Sequence

from orchestration.publication.context import DocumentWriter, ReleaseContext


def write_dictionary(context: ReleaseContext) -> None:
    """Write `data_dictionary.md`."""
    from orchestration.publication import dictionary

    dictionary.write_dictionary(context)


def write_feed(context: ReleaseContext) -> None:
    """Write `changes.atom`."""
    from orchestration.publication.feed import feed

    feed.write_feed(context)


def write_workbook(context: ReleaseContext) -> None:
    """Write `filings.xlsx`."""
    from orchestration.publication.workbook import book

    book.write_workbook(context)


def write_report(context: ReleaseContext) -> None:
    """Write `panorama.html`."""
    from orchestration.publication.report import page

    page.write_report(context)


def write_croissant(context: ReleaseContext) -> None:
    """Write `croissant.json`, with the hashes of the files written before it."""
    from orchestration.publication import croissant

    croissant.write_croissant(context)


DOCUMENTS: Sequence[DocumentWriter] = (
    write_dictionary, write_feed, write_report, write_workbook, write_croissant,
)  # fmt: skip
# Written in a process of their own, which starts before the first document.
ASIDE: Sequence[DocumentWriter] = (write_workbook,)
