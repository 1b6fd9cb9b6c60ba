"""The results that a run leaves: of which register they are, and the alarms of each."""

import pytest

from orchestration.ingest.results import FINISHED, IngestResult, IngestResults, LastRun
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS

AT = "2025-05-20T02:00:00+00:00"


@pytest.fixture
def results(tmp_path) -> IngestResults:
    return IngestResults(tmp_path / "ingest_results")


def recorded(results: IngestResults, folder: str) -> IngestResult:
    result = IngestResult(folder, "run", AT, remarks=[])
    results.record(result)
    return result


def test_each_register_has_the_results_of_its_own_folders(results):
    batch = recorded(results, "002")
    notice = recorded(results, CANCELLATION_NOTICES.folder("notice_1"))
    notice_list = recorded(results, "notices")
    assert results.of_register(DEEP_SYNTHESIS) == [batch]
    assert results.of_register(CANCELLATION_NOTICES) == [notice]
    assert results.all() == [batch, notice, notice_list]


def test_runs_and_alarms_are_no_results(results):
    results.record_run(LastRun("run", FINISHED, AT))
    results.record_alarms(DEEP_SYNTHESIS, ["a title."])
    assert results.all() == [] and results.of_run("run") == []


def test_the_alarms_of_one_register_stay_when_those_of_another_are_cleared(results):
    results.record_alarms(DEEP_SYNTHESIS, ["a title."])
    results.record_alarms(CANCELLATION_NOTICES, ["a notice."])
    assert results.alarms() == ["a notice.", "a title."]
    results.record_alarms(CANCELLATION_NOTICES, [])
    assert results.alarms() == ["a title."]


def test_where_there_never_was_an_alarm_none_is_written(results):
    results.record_alarms(DEEP_SYNTHESIS, [])
    assert results.alarms() == [] and not results.root.exists()


def test_a_result_that_is_forgotten_is_gone(results):
    recorded(results, "002")
    results.forget("002")
    results.forget("003")
    assert results.of("002") is None
