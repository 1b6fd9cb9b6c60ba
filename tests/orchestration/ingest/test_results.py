"""Ingest results and alarms, by register."""

import json

import pytest

from orchestration.ingest.results import (
    FINISHED,
    Deliveries,
    IngestResult,
    IngestResults,
    LastRun,
    problem_texts,
)
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS
from tests.support.stamps import count_opened, let_files_rest

AT, LATER, LATEST = (f"2025-05-2{day}T02:00:00+00:00" for day in range(3))


@pytest.fixture
def results(tmp_path) -> IngestResults:
    return IngestResults(tmp_path / "ingest_results")


def recorded(results: IngestResults, folder: str) -> IngestResult:
    result = IngestResult(folder, "run", AT, remarks=[])
    results.record(result)
    return result


def test_results_are_filtered_by_register(results):
    batch = recorded(results, "002")
    notice = recorded(results, CANCELLATION_NOTICES.folder("notice_1"))
    notice_list = recorded(results, "notices")
    assert results.of_register(DEEP_SYNTHESIS) == [batch]
    assert results.of_register(CANCELLATION_NOTICES) == [notice]
    assert results.all() == [batch, notice, notice_list]


def test_results_are_read_again_only_if_they_have_changed(results, monkeypatch):
    let_files_rest(monkeypatch)
    folders = ["001", "002", CANCELLATION_NOTICES.folder("notice_1")]
    before = [recorded(results, folder) for folder in folders]
    assert results.all() == before
    opened = count_opened(monkeypatch, ".json")
    assert (results.all(), results.of_run("run")) == (before, before) and opened == []
    results.record(IngestResult("002", "next run", LATER))
    (changed,) = results.of_run("next run")
    assert (changed.folder, [path.name for path in opened]) == ("002", ["002.json"])


def test_runs_and_alarms_are_not_results(results):
    results.record_run(LastRun("run", FINISHED, AT))
    results.record_alarms(DEEP_SYNTHESIS, ["a title."])
    assert results.all() == [] and results.of_run("run") == []


def test_problems_of_targets_are_kept_until_a_publication_without_any(results):
    results.record_deliveries(Deliveries("run", "1Z", AT, ["no connection"]))
    assert results.all() == [] and results.of_run("run") == []
    assert results.delivery_problems() == results.delivery_problems("run") == ["no connection"]
    assert results.delivery_problems("another run") == []
    results.record_deliveries(Deliveries("", "1Z", AT))
    assert results.delivery_problems() == []
    assert results.deliveries() == Deliveries("", "1Z", AT, [])


def test_no_file_is_written_before_the_first_problem_of_a_target(results):
    results.record_deliveries(Deliveries("run", "1Z", AT))
    assert results.deliveries() is None and not results.root.exists()


def test_clearing_alarms_keeps_those_of_other_registers(results):
    results.record_alarms(DEEP_SYNTHESIS, ["a title."])
    results.record_alarms(CANCELLATION_NOTICES, ["a notice."])
    assert results.alarms(CANCELLATION_NOTICES) == ["a notice."]
    results.record_alarms(CANCELLATION_NOTICES, [])
    assert results.alarms(CANCELLATION_NOTICES) == []
    assert results.alarms(DEEP_SYNTHESIS) == ["a title."]


def test_no_file_is_written_without_alarms(results):
    results.record_alarms(DEEP_SYNTHESIS, [])
    assert results.alarms(DEEP_SYNTHESIS) == [] and not results.root.exists()


def test_failed_discovery_is_a_result_but_not_one_of_a_document(results):
    failed = IngestResult("deep_synthesis", "run", AT, problem="status 503", discovery_of="Lists")
    results.record(failed)
    assert results.of_discovery(DEEP_SYNTHESIS) is not None
    assert results.of_discovery(CANCELLATION_NOTICES) is None
    assert results.of_register(DEEP_SYNTHESIS) == []
    assert [item.folder for item in results.of_run("run")] == ["deep_synthesis"]


def test_registers_with_the_same_problem_share_a_message():
    def failed(folder: str, problem: str | None, title: str | None = None) -> IngestResult:
        return IngestResult(folder, "run", AT, problem=problem, discovery_of=title)

    results = [
        failed("a", "status 503 [/list]", "Lists"), failed("a/1", "damaged"), failed("a/2", None),
        failed("b", "status 503 [/list]", "Notices"), failed("c", "status 404 [/page]", "Services"),
    ]  # fmt: skip
    assert problem_texts(results) == [
        "Lists, Notices: status 503 [/list]", "damaged", "Services: status 404 [/page]",
    ]  # fmt: skip


def test_forgotten_result_is_removed(results):
    recorded(results, "002")
    results.forget("002")
    results.forget("003")
    assert results.of("002") is None


def test_last_run_of_an_earlier_or_a_later_version_is_read(results):
    results.root.mkdir()
    for content in (
        {"run_id": "run", "stage": FINISHED, "at": AT, "problem": None},
        {"run_id": "run", "stage": FINISHED, "at": AT, "made_up": 1},
    ):
        (results.root / "last_run.json").write_text(json.dumps(content))
        assert results.last_run() == LastRun("run", FINISHED, AT)


def test_later_records_of_a_run_keep_when_and_how_it_started(results):
    results.record_run(LastRun("earlier", "models", AT, trigger="schedule"))
    results.record_run(LastRun("run", "models", LATER, trigger="sensor"))
    results.record_run(LastRun("run", FINISHED, LATEST, failures=2))
    expected = LastRun("run", FINISHED, LATEST, failures=2, started_at=LATER, trigger="sensor")
    assert results.last_run() == expected
    results.record_run(LastRun("run", FINISHED, LATEST))
    assert results.last_finished() == expected
