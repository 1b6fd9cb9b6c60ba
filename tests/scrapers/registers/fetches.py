"""Helpers that discover and fetch the second batch of the replica."""

from scrapers.archive.documents import ArchivedDocument
from scrapers.archive.prior_state import NOTHING_KNOWN, PriorState
from scrapers.archive.store import Archive
from scrapers.http.session import PoliteSession
from scrapers.registers.base import Document
from scrapers.registers.deep_synthesis import DEEP_SYNTHESIS
from scrapers.registers.discovery.notice_list import fetch_notices
from scrapers.registers.fetching import fetch_document
from scrapers.replica.facts import load_register

SMALL = load_register().first(2)
BATCH = 2


def announcement(session: PoliteSession, batch_no: int = BATCH) -> Document:
    return fetch_notices(session).batches[batch_no]


def fetch_list(
    session: PoliteSession, batch: Document, archive: Archive, prior: PriorState = NOTHING_KNOWN
) -> ArchivedDocument:
    return fetch_document(session, DEEP_SYNTHESIS, batch, archive, prior)
