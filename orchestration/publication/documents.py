"""The documents of a release, in the order in which they are written.

Each is imported when it is written: most runs publish nothing, and charts take a while to import.
"""

from collections.abc import Sequence

from orchestration.publication.context import DocumentWriter, ReleaseContext


def write_dictionary(context: ReleaseContext) -> None:
    from orchestration.publication import dictionary

    dictionary.write_dictionary(context)


def write_feed(context: ReleaseContext) -> None:
    from orchestration.publication.feed import feed

    feed.write_feed(context)


def write_workbook(context: ReleaseContext) -> None:
    from orchestration.publication.workbook import book

    book.write_workbook(context)


def write_report(context: ReleaseContext) -> None:
    from orchestration.publication.report import page

    page.write_report(context)


DOCUMENTS: Sequence[DocumentWriter] = (write_dictionary, write_feed, write_workbook, write_report)
