"""The documents of a release, in the order in which they are written.

Each is imported when it is written: most runs publish nothing, and charts take a while to import.
"""

from collections.abc import Sequence

from orchestration.publication.edition import Document, Edition


def write_dictionary(edition: Edition) -> None:
    from orchestration.publication import dictionary

    dictionary.write_dictionary(edition)


def write_feed(edition: Edition) -> None:
    from orchestration.publication.feed import feed

    feed.write_feed(edition)


def write_workbook(edition: Edition) -> None:
    from orchestration.publication.workbook import book

    book.write_workbook(edition)


def write_report(edition: Edition) -> None:
    from orchestration.publication.report import page

    page.write_report(edition)


DOCUMENTS: Sequence[Document] = (write_dictionary, write_feed, write_workbook, write_report)
