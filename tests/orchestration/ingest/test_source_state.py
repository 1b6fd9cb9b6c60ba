"""The state of a document at the source, carried from one ingest result to the next."""

from datetime import UTC, datetime

import pytest

from orchestration.ingest.results import IngestResult
from orchestration.ingest.source_state import SourceState, prior_state
from scrapers.archive.documents import ArchivedDocument
from scrapers.archive.facts import NO_FACTS
from scrapers.archive.prior_state import PriorState, Returned
from scrapers.registers import DEEP_SYNTHESIS
from tests.orchestration.validation.list_factories import (
    Stores,
    archive_and_validate,
    make_filing_row,
    make_filing_rows,
)
from tests.support.versions import make_version

FIRST, SECOND = "2025-05-20T02:00:00+00:00", "2025-05-21T02:00:00+00:00"
RETURNED = Returned("abc", datetime(2025, 5, 20, 2, tzinfo=UTC))
VERSION = make_version("002", NO_FACTS)


def next_result(last: IngestResult | None, archived: ArchivedDocument, at: str) -> IngestResult:
    state = SourceState.recorded_in(last).after_fetch(archived, at)
    return state.added_to(IngestResult("002", "run", at), DEEP_SYNTHESIS)


def test_missing_document_keeps_the_time_when_it_was_first_missing():
    missing = ArchivedDocument(VERSION, False, None, gone="status 404", remarks=("a remark",))
    first = next_result(None, missing, FIRST)
    second = next_result(first, missing, SECOND)
    assert (first.gone_since, second.gone_since) == (FIRST, FIRST)
    assert second.remarks == [
        "batch 002: a remark",
        "batch 002: gone since 2025-05-20: status 404. The archived version stays in use",
    ]
    found = next_result(second, ArchivedDocument(VERSION, False, None), SECOND)
    assert (found.gone_since, found.remarks) == (None, [])


def test_older_version_is_recorded_and_read_back():
    archived = ArchivedDocument(VERSION, False, None, returned=RETURNED)
    result = next_result(None, archived, FIRST)
    assert (result.returned, result.returned_since) == ("abc", FIRST)
    assert SourceState.recorded_in(result) == SourceState(None, RETURNED)


@pytest.mark.parametrize("bad_rows", [0, 1])
def test_prior_state_is_about_the_version_in_use(tmp_path, bad_rows):
    stores = Stores(tmp_path, approved=["approved"])
    assert prior_state(stores.validated(), "002", SourceState()) == PriorState(
        None, True, None, {"approved"}
    )
    rows = [*make_filing_rows(30), *(make_filing_row(99, role="") for _ in range(bad_rows))]
    archive_and_validate(stores, rows, make_filing_rows(3))
    in_use = stores.archive.versions("002", "list")[0].content_sha256
    found = prior_state(stores.validated(), "002", SourceState(None, RETURNED))
    assert found == PriorState(in_use, not bad_rows, RETURNED, {"approved"})
