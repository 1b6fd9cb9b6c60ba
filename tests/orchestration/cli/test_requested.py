"""Refreshes of some documents, and registers that cannot be read, with a job of one step."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.cli import refresh_run
from orchestration.defs.partitions import ALL, LABELS_TAG, TAG_PREFIX, documents_tag
from orchestration.ingest.results import IngestResult, IngestResults
from orchestration.runtime.data_dir import DataDir
from orchestration.settings import Settings
from scrapers.errors import FetchError, FilingsError
from scrapers.http.responses import Fetched
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from scrapers.registers.base import Discovery, Register
from scrapers.replica.facts import load_register
from tests.orchestration.cli.refreshes import LISTS, OneStepJob, partitions
from tests.orchestration.palettes import PALETTES, palettes_workspace


def archive_documents(data_dir: Path, *folders: str) -> None:
    """Archive a document in each of these folders."""
    archive = DataDir(data_dir).archive
    for folder in folders:
        role = "cancellation" if folder.startswith("cancellations/") else "list"
        answer = Fetched("https://cac.test/x", "https://cac.test/x", b"A", {}, datetime.now(UTC))
        archive.store(folder, role, answer, suffix="docx", media_type="x/y")


def documents_of(job: OneStepJob) -> dict[str, str]:
    """The tags from which the run takes its documents."""
    return {
        name: value
        for name, value in job.tags.items()
        if name.startswith(TAG_PREFIX) and name != LABELS_TAG
    }


def test_first_refresh_of_some_batches_requests_all_documents_of_other_registers(home, refresh):
    refreshed, job = refresh(3, 1)
    assert refreshed.documents[:2] == [LISTS[0], LISTS[2]] and len(refreshed.documents) == 2 + 7
    assert documents_of(job) == {
        documents_tag(DEEP_SYNTHESIS): "001,003", documents_tag(CANCELLATION_NOTICES): ALL,
    }  # fmt: skip
    assert job.tags[LABELS_TAG] == "batch 001, batch 003, Cancellation notices (all)"
    assert partitions(home, DEEP_SYNTHESIS) == {"001", "002", "003"}


@pytest.mark.parametrize("documents", [(), ("deep_synthesis/3",), ("deep_synthesis/003",)])
def test_later_refresh_of_a_batch_requests_only_that(tmp_path, home, refresh, documents):
    archive_documents(tmp_path, CANCELLATION_NOTICES.folder("n"))
    refreshed, job = refresh(*(() if documents else (3,)), documents=documents)
    assert refreshed.documents == [LISTS[2]]
    assert documents_of(job) == {documents_tag(DEEP_SYNTHESIS): "003"}
    assert job.tags[LABELS_TAG] == "batch 003"
    assert partitions(home, CANCELLATION_NOTICES) == set()


def test_batches_and_documents_of_other_registers_are_requested_together(tmp_path, refresh):
    key = min(fact.notice_id for fact in load_register().cancellations)
    _, job = refresh(1, documents=[f"cancellation_notices/{key}", "deep_synthesis/002"])
    assert documents_of(job) == {
        documents_tag(DEEP_SYNTHESIS): "001,002", documents_tag(CANCELLATION_NOTICES): key,
    }  # fmt: skip


def test_document_of_an_invented_register_is_requested(tmp_path, refresh, monkeypatch):
    registers = (DEEP_SYNTHESIS, CANCELLATION_NOTICES, PALETTES)
    monkeypatch.setattr(refresh_run, "REGISTERS", registers)
    archive_documents(tmp_path, "001", CANCELLATION_NOTICES.folder("n"))
    with palettes_workspace(tmp_path) as workspace:
        monkeypatch.setattr(Settings, "from_environment", lambda: workspace.settings)
        refreshed, job = refresh(documents=["palettes/2026-02"])
        assert documents_of(job) == {documents_tag(PALETTES): "2026-02"}
        assert refreshed.documents == ["palettes/2026-02"]
        with pytest.raises(FilingsError, match=r"not announced: list 2026-03\. Announced"):
            refresh(documents=["palettes/2026-03"])
        # The notice list of this source does not exist, and is not asked for.
        assert refreshed.problems == []


def test_document_of_an_unknown_register_is_refused(refresh):
    with pytest.raises(FilingsError, match=r"no register 'x'\. Registers: deep_synthesis, canc"):
        refresh(documents=["x/1"])


def test_batch_that_is_not_announced_is_refused(refresh):
    with pytest.raises(FilingsError, match=r"not announced: batch 009\. Announced: 001, 002"):
        refresh(1, 9)


class Discovered:
    """Replaces `discover`: it fails for one register, as often as given."""

    def __init__(self, register: Register, *, times: int) -> None:
        self.register, self.times, self.discover = register, times, refresh_run.discover

    def __call__(self, session: Any, register: Register, *stores: Any) -> Discovery:
        if register == self.register and self.times:
            self.times -= 1
            raise FetchError("status 404", url="http://cac.test/page")
        return self.discover(session, register, *stores)


def test_register_that_cannot_be_read_does_not_stop_the_others(home, refresh, monkeypatch):
    failing = Discovered(CANCELLATION_NOTICES, times=1)
    monkeypatch.setattr(refresh_run, "discover", failing)
    refreshed, job = refresh()
    assert refreshed.documents == LISTS
    # The run asks again, and reports it.
    assert job.tags[documents_tag(CANCELLATION_NOTICES)] == ALL
    assert partitions(home, DEEP_SYNTHESIS) == {"001", "002", "003"}
    assert partitions(home, CANCELLATION_NOTICES) == set()


def test_discoveries_that_failed_in_the_run_are_one_problem(tmp_path, refresh):
    def step(context: dg.OpExecutionContext) -> None:
        results = IngestResults(tmp_path / "ingest_results")
        for register in (DEEP_SYNTHESIS, CANCELLATION_NOTICES):
            results.record(
                IngestResult(
                    register.name, context.run_id, "2026-01-01T00:00:00+00:00",
                    problem="status 503 [/list]", discovery_of=register.title.en,
                )
            )  # fmt: skip
        raise dg.Failure("2 registers failed:\nstatus 503 [/list]")

    assert refresh(step=step)[0].problems == [
        "Cancellation notices, Deep-synthesis algorithms: status 503 [/list]"
    ]


def test_alarms_of_a_register_that_the_run_could_read_are_problems(tmp_path, refresh, monkeypatch):
    def step(_: dg.OpExecutionContext) -> None:
        IngestResults(tmp_path / "ingest_results").record_alarms(DEEP_SYNTHESIS, ["no date"])

    monkeypatch.setattr(refresh_run, "discover", Discovered(DEEP_SYNTHESIS, times=1))
    assert refresh(step=step)[0].problems == ["announcement not understood: no date"]


def test_register_whose_document_is_requested_must_be_readable(refresh, monkeypatch):
    monkeypatch.setattr(refresh_run, "discover", Discovered(DEEP_SYNTHESIS, times=1))
    with pytest.raises(FetchError, match=r"status 404 \[Deep-synthesis algorithms, http://cac"):
        refresh(3)
