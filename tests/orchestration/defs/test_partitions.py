"""Keys, ranges and the decision which batches to run now: pure functions and their tables."""

import pytest

from orchestration.defs.partitions import (
    PARTITION_TAG,
    RANGE_END_TAG,
    RANGE_START_TAG,
    keys_of_run,
    range_tags,
    ranges_of,
)
from orchestration.defs.sensor_decisions import LONGEST_WAIT_SECONDS, Failures, pending

KEYS = ["001", "002", "003", "004", "005"]
# As Dagster counts them when batch 2 was announced after batches 3 and 4.
LATE = ["001", "003", "004", "002", "005"]


@pytest.mark.parametrize(
    ("wanted", "keys", "ranges"),
    [
        (set(), KEYS, []),
        ({"003"}, KEYS, [("003", "003")]),
        (set(KEYS), KEYS, [("001", "005")]),
        ({"001", "002", "004"}, KEYS, [("001", "002"), ("004", "004")]),
        ({"001", "003", "005"}, KEYS, [("001", "001"), ("003", "003"), ("005", "005")]),
        ({"001", "002", "003"}, LATE, [("001", "003"), ("002", "002")]),
        ({"002", "005"}, LATE, [("002", "005")]),
        ({"004", "002"}, LATE, [("004", "002")]),
        ({"009"}, KEYS, []),
        (set(KEYS), [], []),
    ],
)
def test_ranges_cover_the_wanted_keys_and_no_others(wanted, keys, ranges):
    assert ranges_of(wanted, keys) == ranges
    covered = [key for span in ranges for key in keys_of_run(range_tags(span), keys)]
    assert sorted(covered) == sorted(wanted & set(keys))


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
    ],
)
def test_a_runs_tags_tell_its_keys(tags, keys, covered):
    assert keys_of_run(tags, keys) == covered


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
