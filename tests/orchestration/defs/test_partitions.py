"""Tags of runs, ranges of partitions, and the choice of documents to run now."""

import pytest

from orchestration.defs.partitions import (
    LABELS_TAG,
    PARTITION_TAG,
    RANGE_END_TAG,
    RANGE_START_TAG,
    partitions_of_run,
    run_tags,
    tags_for,
    wanted_partitions,
)
from orchestration.defs.sensor_decisions import MAX_WAIT_SECONDS, Failures, pending
from scrapers.registers import CANCELLATION_NOTICES, DEEP_SYNTHESIS, RECOMMENDATION

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
def test_wanted_partitions_come_from_tags(tags, is_refresh, wanted):
    assert wanted_partitions(DEEP_SYNTHESIS, tags, is_refresh) == wanted


def test_special_characters_in_keys_are_quoted_in_tags():
    (value,) = tags_for(CANCELLATION_NOTICES, ["a,b", "..."]).values()
    assert value == "a%2Cb,%2E%2E%2E"


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({DEEP_SYNTHESIS: ["011"]}, "batch 011"),
        ({DEEP_SYNTHESIS: ["011"], RECOMMENDATION: ["2026-07"]},
         "batch 011, recommendation list 2026-07"),
        ({DEEP_SYNTHESIS: KEYS}, "5 documents: batch 001, batch 002, batch 003 and 2 more"),
        ({DEEP_SYNTHESIS: None, RECOMMENDATION: None}, "all documents"),
        ({DEEP_SYNTHESIS: ["011"], RECOMMENDATION: None},
         "batch 011, Recommendation algorithms (all)"),
    ],
)  # fmt: skip
def test_run_names_its_documents_in_a_tag_for_people(wanted, text):
    tags = run_tags(wanted)
    assert tags.pop(LABELS_TAG) == text
    for register, keys in wanted.items():
        found = wanted_partitions(register, run_tags(wanted), is_refresh=True)
        assert found == (None if keys is None else list(keys))
        assert tags.pop(f"filings/{register.name}")
    assert tags == {}


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
def test_partitions_of_run_come_from_tags(tags, keys, covered):
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
def test_pending_documents_are_announced_and_unreleased(announced, materialized, wanted):
    assert pending(announced, materialized, {}, NOW, POLL) == wanted


@pytest.mark.parametrize(
    ("count", "wait"),
    [(1, POLL), (2, 2 * POLL), (3, 4 * POLL), (5, 16 * POLL), (6, MAX_WAIT_SECONDS),
     (100, MAX_WAIT_SECONDS)],
)  # fmt: skip
def test_failed_batch_is_retried_after_doubling_wait(count, wait):
    failures = {"001": Failures(count, NOW)}
    assert pending(["001", "002"], [], failures, NOW + wait - 1, POLL) == ["002"]
    assert pending(["001", "002"], [], failures, NOW + wait, POLL) == ["001", "002"]


def test_failures_of_released_batch_are_ignored():
    assert pending(["001"], ["001"], {"001": Failures(1, 0)}, NOW, POLL) == []
