"""Partitions: one a batch, added as batches are announced. Keys are ordinals (`011`).

Belongs here: the definition, and the arithmetic between keys, batches and ranges of a run. A run
covers a range of keys (its tags say which), so many new batches are one run.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import dagster as dg
from sqlalchemy.exc import IntegrityError

from scrapers.registers.lists import batch_key

BATCHES = dg.DynamicPartitionsDefinition(name="batch")

PARTITION_TAG = "dagster/partition"
RANGE_START_TAG = "dagster/asset_partition_range_start"
RANGE_END_TAG = "dagster/asset_partition_range_end"

KeyRange = tuple[str, str]


def settle_batches(instance: dg.DagsterInstance, batch_nos: Iterable[int]) -> None:
    """Give every batch its partition, in the order of ordinals, and take away all others.

    `batch_nos` are all batches that are announced or archived: what is not among them was announced
    under a wrong ordinal.
    """
    keys = [batch_key(batch_no) for batch_no in sorted(batch_nos)]
    for key in set(known_keys(instance)) - set(keys):
        instance.delete_dynamic_partition(BATCHES.name, key)
    try:
        _add_missing(instance, keys)
    except IntegrityError:
        # Another process, the sensor's say, has added some of them at the same moment.
        _add_missing(instance, keys)


def _add_missing(instance: dg.DagsterInstance, keys: Sequence[str]) -> None:
    known = set(known_keys(instance))
    new = [key for key in keys if key not in known]
    if new:
        instance.add_dynamic_partitions(BATCHES.name, new)


def known_keys(instance: dg.DagsterInstance) -> Sequence[str]:
    """All partition keys in the order in which Dagster counts ranges: that of their adding."""
    return instance.get_dynamic_partitions(BATCHES.name)


def ranges_of(wanted: Collection[str], keys: Sequence[str]) -> list[KeyRange]:
    """The fewest ranges over `keys` that cover exactly the wanted ones."""
    ranges: list[KeyRange] = []
    previous_is_wanted = False
    for key in keys:
        if key in wanted:
            ranges = [*ranges[:-1], (ranges[-1][0], key)] if previous_is_wanted else [
                *ranges, (key, key)
            ]  # fmt: skip
        previous_is_wanted = key in wanted
    return ranges


def range_tags(key_range: KeyRange) -> dict[str, str]:
    """The tags by which one run covers a range of batches."""
    return {RANGE_START_TAG: key_range[0], RANGE_END_TAG: key_range[1]}


def keys_of_run(tags: Mapping[str, str], keys: Sequence[str]) -> list[str]:
    """The keys that a run with these tags covers."""
    start = tags.get(RANGE_START_TAG) or tags.get(PARTITION_TAG)
    end = tags.get(RANGE_END_TAG) or tags.get(PARTITION_TAG)
    if start not in keys or end not in keys:
        return []
    return list(keys[keys.index(start) : keys.index(end) + 1])
