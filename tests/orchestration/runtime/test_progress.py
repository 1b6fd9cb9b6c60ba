"""Progress events and their subscribers."""

import logging

from orchestration.runtime.progress import ProgressEvent, emit, subscribed, warnings_as_progress


def test_subscriber_gets_events_only_within_the_block():
    events: list[ProgressEvent] = []
    emit(ProgressEvent("before"))
    with subscribed(events.append):
        emit(ProgressEvent("stage", "message", 1, 2))
    emit(ProgressEvent("after"))
    assert events == [ProgressEvent("stage", "message", 1, 2)]


def test_warnings_of_packages_are_emitted_and_added_to_the_run_log(caplog):
    events: list[ProgressEvent] = []
    module, other = logging.getLogger("package.module"), logging.getLogger("other")
    run_log = logging.getLogger("run")
    with subscribed(events.append):
        with warnings_as_progress("stores", run_log, "package"):
            module.warning("%s is damaged", "a file")
            module.info("a detail")
            other.warning("of another package")
        module.warning("after the block")
    assert events == [ProgressEvent("stores", "a file is damaged")]
    assert [item.message for item in caplog.records if item.name == "run"] == ["a file is damaged"]
