"""The documents that the latest release contains, by its data package.

This decides which documents are new, so it must not depend on Dagster's records, which are purged
and may be deleted.
"""

from pathlib import Path

from orchestration.publication.latest import descriptor, latest_release
from scrapers.registers.base import Register

DOCUMENTS = "documents"


def published_documents(published: Path, register: Register) -> set[str]:
    """The keys of a register's documents that are in use in the latest release.

    A document with a version that is held back is among them if an earlier version is in use. There
    are none before the first release, or if the data package is damaged or does not state its
    documents, as in earlier versions of this program. The next run then publishes a release that
    states them, even if its tables are the same.
    """
    latest = latest_release(published)
    stated = descriptor(latest).get(DOCUMENTS) if latest else None
    folders = stated if isinstance(stated, dict) else {}
    return {register.key_of(folder) for folder in folders if register.owns(folder)}
