"""Tags, ranges and the decision which documents to run now: pure functions and their tables."""

import pytest

from orchestration.defs.partitions import (
    PARTITION_TAG,
    RANGE_END_TAG,
    RANGE_START_TAG,
    partitions_of_run,
    tags_for,
    wanted_partitions,
)
from orchestration.defs.sensor_decisions import LONGEST_WAIT_SECONDS, Failures, pending
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS

KEYS = ["001", "002", "003", "004", "005"]
# As Dagster counts them when batch 2 was announced after batches 3 and 4.
LATE = ["001", "003", "004", "002", "005"]


NO_DOCUMENTS: list[str] = []


@pytest.mark.parametrize(
    ("tags", "is_refresh", "wanted"),
    [
        (tags_for(DEEP_SYNTHESIS, ["001", "003"]), True, ["001", "003"]),
        (tags_for(DEEP_SYNTHESIS, None), True, None),
        (tags_for(CANCELLATION_NOTICES, ["n-1"]), True, NO_DOCUMENTS),
        ({}, True, None),
        ({}, False, NO_DOCUMENTS),
        ({PARTITION_TAG: "003"}, False, NO_DOCUMENTS),
    ],
)
def test_tags_say_which_documents_a_run_of_the_job_fetches(tags, is_refresh, wanted):
    assert wanted_partitions(DEEP_SYNTHESIS, tags, is_refresh) == wanted


def test_keys_that_dagster_or_a_tag_would_misread_are_quoted():
    (value,) = tags_for(CANCELLATION_NOTICES, ["a,b", "..."]).values()
    assert value == "a%2Cb,%2E%2E%2E"


@pytest.mark.parametrize(
    ("tags", "keys", "covered"),
    [
        ({PARTITION_TAG: "003"}, KEYS, ["003"]),
        ({RANGE_START_TAG: "002", RANGE_END_TAG: "004"}, KEYS, ["002", "003", "004"]),
        ({RANGE_START_TAG: "003", RANGE_END_TAG: "002"}, LATE, ["003", "004", "002"]),
        ({RANGE_START_TAG: "004", RANGE_END_TAG: "002"}, KEYS, []),
        ({RANGE_START_TAG: "002", RANGE_END_TAG: "009"}, KEYS, []),
        ({PARTITION_TAG: "009"}, KEYS, []),
        ({RANGE_START_TAG: "002"}, KEYS, []),
        ({}, KEYS, []),
        (tags_for(DEEP_SYNTHESIS, None), KEYS, KEYS),
        (tags_for(DEEP_SYNTHESIS, ["002", "005"]), KEYS, ["002", "005"]),
        (tags_for(CANCELLATION_NOTICES, ["002"]), KEYS, []),
    ],
)
def test_a_runs_tags_tell_its_keys(tags, keys, covered):
    assert partitions_of_run(DEEP_SYNTHESIS, tags, keys) == covered


POLL = 900.0
NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("announced", "materialized", "wanted"),
    [
        ([], [], []),
        (["001", "002"], [], ["001", "002"]),
        (["002", "001"], ["001"], ["002"]),
        (["001"], ["001"], []),
        (["001"], ["001", "002"], []),
    ],
)
def test_what_is_announced_and_not_done_is_wanted_in_order(announced, materialized, wanted):
    assert pending(announced, materialized, {}, NOW, POLL) == wanted


@pytest.mark.parametrize(
    ("count", "wait"),
    [(1, POLL), (2, 2 * POLL), (3, 4 * POLL), (5, 16 * POLL), (6, LONGEST_WAIT_SECONDS),
     (100, LONGEST_WAIT_SECONDS)],
)  # fmt: skip
def test_a_failed_batch_comes_back_after_a_wait_that_doubles(count, wait):
    failures = {"001": Failures(count, NOW)}
    assert pending(["001", "002"], [], failures, NOW + wait - 1, POLL) == ["002"]
    assert pending(["001", "002"], [], failures, NOW + wait, POLL) == ["001", "002"]


def test_failures_of_a_batch_that_came_through_do_not_matter():
    assert pending(["001"], ["001"], {"001": Failures(1, 0)}, NOW, POLL) == []
