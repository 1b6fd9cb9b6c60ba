"""A data directory restored from `data/raw` alone has the same validated rows, byte for byte."""

import shutil
from pathlib import Path

import pytest

from scrapers.registers import CANCELLATION_NOTICES
from scrapers.replica.facts import load_register
from tests.orchestration.ingest.conftest import session
from tests.support.loopback import (
    LoopbackSites,
    amend,
    corrupt,
    drop_connection,
    status,
    with_rows,
)
from tests.support.pipelines import Pipeline

SMALL = load_register().first(3)


@pytest.fixture
def original(sites: LoopbackSites, ingested: Pipeline) -> Pipeline:
    """A pipeline with a history: amended, held back, unreadable, gone, and served as it was."""
    first = SMALL.filings[2][0].filing_number
    amended = amend(SMALL, 2, first, products="新（APP）")
    sites.register = amended
    assert ingested.problems() == {}
    # Batch 3 shrinks and is held back, batch 1 is damaged, and batch 2 is served as it was before.
    sites.register = with_rows(SMALL, 3, SMALL.filings[3][:90])
    sites.break_with(sites.attachment_path(1), corrupt)
    (notice, *_) = ingested.discover(CANCELLATION_NOTICES).documents.values()
    sites.break_with(notice.address.endswith, status(404))
    assert set(ingested.problems()) == {"001", "003"}
    remarks = [remark for result in ingested.results.all() for remark in result.remarks]
    assert any("gone since" in remark for remark in remarks), remarks
    assert ingested.results.of("002").returned
    return ingested


def restored(original: Pipeline, sites: LoopbackSites, root: Path) -> Pipeline:
    shutil.copytree(original.data.raw, root / "raw")
    with session(sites) as opened:
        pipeline = Pipeline(root, opened)
        pipeline.problems()
    return pipeline


def relative_files(pipeline: Pipeline) -> dict[str, bytes]:
    root = f"{pipeline.data.validated}/"
    return {path.removeprefix(root): data for path, data in pipeline.validated_files().items()}


def test_archive_alone_brings_back_all_rows_while_the_source_is_down(original, sites, tmp_path):
    sites.heal()
    sites.break_with(lambda path: True, drop_connection)
    again = restored(original, sites, tmp_path / "restored")
    assert original.rows_in_use() == {1: 41, 2: 110, 3: 129}
    assert relative_files(again) == relative_files(original)
    assert original.table("list_versions").height > 4


def test_archive_alone_brings_back_all_rows_with_the_source_as_it_was(original, sites, tmp_path):
    again = restored(original, sites, tmp_path / "restored")
    assert relative_files(again) == relative_files(original)
    # Only the time since when the source serves the older version starts again.
    assert again.results.of("002").returned == original.results.of("002").returned
